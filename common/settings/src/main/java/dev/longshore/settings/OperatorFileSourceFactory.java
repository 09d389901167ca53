package dev.longshore.settings;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.microprofile.config.spi.ConfigSource;

/// Puts the operator's file and the defaults beneath it among the configuration sources of any program that has
/// this module on its class path.
///
/// A file that is wrong stops the start here too, in case nobody asked [SettingsCheck] before.
public final class OperatorFileSourceFactory implements ConfigSourceFactory {

    /// The source that only the framework's build has. What is read there is frozen into the program as a default,
    /// so the demo's provider would show up beside those of the operator's file ever after.
    private static final String BUILD = "PropertiesConfigSource[source=Build system]";

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        var others = context.getConfigSources();
        if (others.stream().anyMatch(source -> source.getName().equals(BUILD))) {
            return List.of();
        }
        var named = context.getValue(OperatorFile.VARIABLE);
        var path = named == null || named.getValue() == null ? null : Path.of(named.getValue());
        var file = OperatorFile.read(path);
        var complaints = new SettingsReading(others, file).complaints();
        if (!complaints.isEmpty()) {
            throw new WrongSettings(complaints);
        }
        return List.of(
                new OperatorFileSource(file, OperatorFileSource.OPERATOR),
                new OperatorFileSource(SettingsReading.DEFAULTS, OperatorFileSource.DEFAULTS));
    }
}
