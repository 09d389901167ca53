package dev.longshore.settings;

/// Why a model stopped, in the words of Chat Completions. In the file the names are in lower case with hyphens.
public enum FinishReason {
    /// It had said everything.
    STOP,
    /// It ran into the most that it may say.
    LENGTH,
    /// A filter stopped it.
    CONTENT_FILTER
}
