package dev.longshore.settings;

import java.util.OptionalInt;
import java.util.OptionalLong;

/// How much of something may be used by all workers together. What is absent is unlimited.
public interface LimitSettings {
    /// Calls under way at once.
    OptionalInt concurrent();

    /// Calls started in any minute.
    OptionalInt requestsPerMinute();

    /// Tokens, input and longest possible output, of the calls started in any minute.
    OptionalLong tokensPerMinute();

    /// Input tokens of the calls started in any minute.
    OptionalLong inputTokensPerMinute();

    /// Output tokens, the longest possible until the answer is there, of the calls started in any minute.
    OptionalLong outputTokensPerMinute();

    @Override
    String toString();
}
