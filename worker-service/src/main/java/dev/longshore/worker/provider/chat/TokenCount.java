package dev.longshore.worker.provider.chat;

import com.fasterxml.jackson.databind.JsonNode;

/// Numbers of tokens as providers tell them.
public final class TokenCount {
    private TokenCount() {}

    /// @return 0 for what is no such number
    public static int of(JsonNode told) {
        return told.canConvertToInt() ? Math.max(0, told.intValue()) : 0;
    }

    /// Counts that are told apart, added up.
    public static int sum(JsonNode... told) {
        long all = 0;
        for (JsonNode one : told) {
            all += of(one);
        }
        return (int) Math.min(Integer.MAX_VALUE, all);
    }
}
