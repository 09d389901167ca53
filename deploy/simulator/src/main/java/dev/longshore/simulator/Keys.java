package dev.longshore.simulator;

import org.jspecify.annotations.Nullable;

/// API keys as they arrive, and the little of them that may be shown.
final class Keys {

    private static final String SCHEME = "Bearer ";
    private static final int SHOWN = 4;

    private Keys() {}

    /// The key of an `Authorization` header, or null if it holds none.
    static @Nullable String of(@Nullable String header) {
        return header != null && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                ? header.substring(SCHEME.length()).strip()
                : null;
    }

    /// The last four characters.
    static String tail(String key) {
        return key.substring(Math.max(0, key.length() - SHOWN));
    }

    static String mask(String key) {
        return "..." + tail(key);
    }
}
