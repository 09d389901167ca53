package dev.longshore.settings;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// An operator's file as a test writes it.
///
/// @param path where it is
record FileUnderTest(Path path) {

    /// A provider and a model, so that a test need only write what it is about. It takes the first five lines.
    static final String SMALLEST = """
            longshore:
              providers:
                local: {dialect: openai, base-url: "http://127.0.0.1:8000/v1"}
              models:
                small: {provider: local}
            """;

    static FileUnderTest in(Path folder, String yaml) {
        try {
            return new FileUnderTest(Files.writeString(folder.resolve("longshore.yaml"), yaml));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    LongshoreSettings load() {
        return SettingsCheck.load(Map.of(), path);
    }

    /// The complaints, with the folder left out of the name of the file.
    List<String> complaints(Map<String, String> env) {
        return SettingsCheck.check(env, path).stream()
                .map(complaint -> complaint.toString().replace(path.getParent() + "/", ""))
                .toList();
    }

    List<String> complaints() {
        return complaints(Map.of());
    }
}
