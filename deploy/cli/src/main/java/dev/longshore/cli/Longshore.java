package dev.longshore.cli;

import dev.longshore.cli.commands.CommandLines;
import dev.longshore.cli.surroundings.Interrupts;
import dev.longshore.cli.surroundings.Surroundings;
import dev.longshore.cli.surroundings.Terminal;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The program that `scripts/longshore` starts. The script says in system properties what only a shell can see.
public final class Longshore {
    private static final int BUFFER = 8192;

    private Longshore() {}

    /// Ends with the exit status of the command.
    public static void main(String[] words) {
        Surroundings surroundings = new Surroundings(
                System.getenv(),
                System.in,
                stream(FileDescriptor.out),
                stream(FileDescriptor.err),
                Terminal.of(System.getProperty("longshore.terminal", ""), System.getProperty("longshore.size", "")),
                System.getProperty("longshore.program", "longshore"),
                home(),
                InstantSource.system(),
                duration -> TimeUnit.NANOSECONDS.sleep(duration.toNanos()),
                Interrupts.ofThisProcess(),
                new SecureRandom());
        String version = Longshore.class.getPackage().getImplementationVersion();
        int status = CommandLines.run(surroundings, version == null ? "unpackaged" : version, words);
        surroundings.out().flush();
        surroundings.err().flush();
        // Threads of a connection that is still open must not keep the program.
        System.exit(status);
    }

    /// In UTF-8, whatever the machine thinks: answers are.
    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(
                new BufferedOutputStream(new FileOutputStream(descriptor), BUFFER), false, StandardCharsets.UTF_8);
    }

    private static @Nullable Path home() {
        String home = System.getProperty("longshore.home");
        return home == null ? null : Path.of(home);
    }
}
