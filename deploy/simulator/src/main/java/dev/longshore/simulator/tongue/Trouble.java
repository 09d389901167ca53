package dev.longshore.simulator.tongue;

import org.jspecify.annotations.Nullable;

/// Why a call is refused, before a house puts it into its own words.
public sealed interface Trouble {

    /// The request makes no sense.
    record Senseless(
            String message,
            @Nullable String param,
            @Nullable String code) implements Trouble {}

    /// No key was sent.
    record NoKey() implements Trouble {}

    /// @param shown the little of the key that may be shown
    record WrongKey(String shown) implements Trouble {}

    /// There is no such model.
    record UnknownModel(String model) implements Trouble {}

    /// @param what which limit: `requests per min (RPM)`
    record OverLimit(String model, String what, int limit, long retryMs) implements Trouble {}

    /// All that was paid for is used up; no waiting mends it.
    record OutOfQuota() implements Trouble {}

    /// The prompt is longer than the model's context.
    record ContextLength(int tokens, int limit) implements Trouble {}

    /// A filter let nothing through.
    record Withheld() implements Trouble {}

    /// An HTTP status without a deeper reason.
    ///
    /// @param message null for what the house says with this status
    /// @param retryMs when to come back, null if nobody knows
    record Status(
            int status, @Nullable String message, @Nullable Long retryMs) implements Trouble {}
}
