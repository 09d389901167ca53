package dev.longshore.worker.provider;

import dev.longshore.settings.ProviderSettings;
import dev.longshore.settings.SettingsCheck;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/// A provider as an operator would describe it.
public final class Described {
    private Described() {}

    /// @param dialect `http` or `prediction`
    /// @param section the keys under that name, from the first column
    public static ProviderSettings provider(String dialect, String section) {
        String capabilities = section.contains("embed:") ? "[chat, embed]" : "[chat]";
        String yaml = """
                longshore:
                  models:
                    ours: {provider: own, capabilities: %s}
                  providers:
                    own:
                      dialect: %s
                      base-url: http://127.0.0.1/v1
                      %s:
                """.formatted(capabilities, dialect, dialect) + section.indent(8);
        try {
            Path file = Files.createTempFile("described", ".yaml");
            try {
                Files.writeString(file, yaml);
                return Objects.requireNonNull(
                        SettingsCheck.load(Map.of(), file).providers().get("own"));
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
