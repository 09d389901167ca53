package dev.longshore.api;

/// Requests that tests send.
public final class Bodies {
    private Bodies() {}

    /// A small chat.
    ///
    /// @param more further fields, each behind a comma
    public static String chat(String more) {
        return "{\"operation\":\"chat\",\"input\":{\"model\":\"sim-small\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}"
                + more + "}";
    }
}
