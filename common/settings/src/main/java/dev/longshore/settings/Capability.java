package dev.longshore.settings;

import java.util.Locale;

/// What a model can do. In the file the names are in lower case with hyphens.
public enum Capability {
    /// Answers a conversation.
    CHAT,
    /// Calls tools.
    TOOLS,
    /// Keeps to a JSON Schema that it is given.
    JSON_SCHEMA,
    /// Reads images.
    VISION,
    /// Turns text into vectors.
    EMBED;

    private final String word = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /// The capability as the operator's file and callers spell it.
    public String word() {
        return word;
    }
}
