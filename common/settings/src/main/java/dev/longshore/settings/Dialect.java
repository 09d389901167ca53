package dev.longshore.settings;

import java.util.Locale;

/// The languages that providers speak.
public enum Dialect {
    /// OpenAI's API and every server that is compatible with it.
    OPENAI,
    /// Anthropic's Messages API.
    ANTHROPIC,
    /// Google's Gemini API.
    GEMINI,
    /// Any HTTP API, described by configuration.
    HTTP,
    /// Long-running predictions: submitted, then polled or called back.
    PREDICTION,
    /// None: the worker answers by itself, at once, with what was said last. For trying out everything but a provider,
    /// and for measuring it.
    ECHO;

    private final String word = name().toLowerCase(Locale.ROOT);

    /// The dialect as the operator's file spells it.
    public String word() {
        return word;
    }
}
