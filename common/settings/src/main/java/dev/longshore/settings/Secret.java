package dev.longshore.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/// A value that nobody may read by accident: its text form is `***`.
///
/// Equality is that of the values, so that a changed key is noticed.
///
/// @param reveal the value itself, to be used at the last moment and never written anywhere
public record Secret(String reveal) {

    /// The start of a value that names a file instead of being the secret.
    private static final String FILE = "file:";

    /// Takes the text of the operator's file: the secret itself, or `file:` and the path of a UTF-8 file that holds
    /// it. White space around the content of a file is dropped, since editors end a file with a line end.
    ///
    /// @throws IllegalArgumentException if the file is missing, unreadable or empty; the message names the file
    static Secret read(String text) {
        if (!text.startsWith(FILE)) {
            return new Secret(text);
        }
        var name = text.substring(FILE.length());
        if (name.startsWith("///")) {
            name = name.substring(2);
        }
        String content;
        try {
            content = Files.readString(Path.of(name)).strip();
        } catch (IOException | InvalidPathException _) {
            throw new IllegalArgumentException("the secret file " + name + " cannot be read");
        }
        if (content.isEmpty()) {
            throw new IllegalArgumentException("the secret file " + name + " is empty");
        }
        return new Secret(content);
    }

    @Override
    public String toString() {
        return "***";
    }
}
