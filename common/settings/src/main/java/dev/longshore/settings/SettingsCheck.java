package dev.longshore.settings;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SysPropConfigSource;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;

/// Looks through the settings before anything is started with them, and says all that is wrong at once.
public final class SettingsCheck {

    /// The exit status for a wrong configuration, `EX_CONFIG` of `sysexits.h`.
    public static final int EX_CONFIG = 78;

    private SettingsCheck() {}

    /// What is wrong with the settings.
    ///
    /// @param env the environment variables
    /// @param file the operator's file; null for the demo that is bundled
    /// @return one complaint for each thing that is wrong, in the order of the file; empty if nothing is
    public static List<Complaint> check(Map<String, String> env, @Nullable Path file) {
        try {
            load(env, file);
            return List.of();
        } catch (WrongSettings e) {
            return e.complaints();
        }
    }

    /// Reads the settings.
    ///
    /// @param env the environment variables
    /// @param file the operator's file; null for the demo that is bundled
    /// @throws WrongSettings if anything is wrong
    public static LongshoreSettings load(Map<String, String> env, @Nullable Path file) {
        return read(List.of(new EnvConfigSource(env, EnvConfigSource.ORDINAL)), file);
    }

    /// For the first line of a `main`: returns if the settings of this process are in order, and otherwise prints
    /// what is wrong to standard error, one complaint a line, and exits with [#EX_CONFIG].
    public static void complainAndExitIfWrong() {
        if (!isInOrder(System.err)) {
            System.exit(EX_CONFIG);
        }
    }

    /// Whether the settings of this process are in order; what is wrong goes to the stream.
    static boolean isInOrder(PrintStream err) {
        var named = System.getProperty(OperatorFile.VARIABLE, System.getenv(OperatorFile.VARIABLE));
        try {
            var env = new EnvConfigSource(System.getenv(), EnvConfigSource.ORDINAL);
            read(List.of(env, new SysPropConfigSource()), named == null ? null : Path.of(named));
            return true;
        } catch (WrongSettings e) {
            e.complaints().forEach(err::println);
            err.println("Longshore was not started: mend the above in "
                    + (named == null ? "the environment" : named)
                    + " and start it again (every key is explained in common/settings/README.md).");
            return false;
        }
    }

    private static LongshoreSettings read(List<ConfigSource> others, @Nullable Path file) {
        return new SettingsReading(others, OperatorFile.read(file)).settings();
    }
}
