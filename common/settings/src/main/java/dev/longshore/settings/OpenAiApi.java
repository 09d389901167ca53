package dev.longshore.settings;

/// The APIs of OpenAI's that serve chats. In the file the names are in lower case with hyphens.
public enum OpenAiApi {
    /// The one that every compatible server has.
    CHAT_COMPLETIONS,
    /// The newer one, the only one that serves some models.
    RESPONSES
}
