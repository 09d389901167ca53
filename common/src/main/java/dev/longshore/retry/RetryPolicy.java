package dev.longshore.retry;

import dev.longshore.attempt.ErrorClass;
import java.time.Duration;
import java.util.Set;

/// Whether, when and how often a failed attempt is followed by another.
///
/// @param maxAttempts charged attempts in all, the first included
/// @param initialDelay before the second attempt
/// @param multiplier from one delay to the next
/// @param maxDelay no delay is longer, unless the provider asks for more
/// @param jitter the fraction of a delay that chance may take off, 0 to 1
/// @param retryOn the classes worth another attempt
/// @param afterLast what becomes of a job whose last attempt failed
public record RetryPolicy(
        int maxAttempts,
        Duration initialDelay,
        double multiplier,
        Duration maxDelay,
        double jitter,
        Set<ErrorClass> retryOn,
        AfterLast afterLast) {
    /// The classes that another attempt may mend.
    public static final Set<ErrorClass> RETRYABLE =
            Set.of(ErrorClass.TRANSIENT, ErrorClass.TIMEOUT, ErrorClass.MALFORMED_RESPONSE);

    /// What becomes of a job whose last attempt failed.
    public enum AfterLast {
        DEAD_LETTER,
        DISCARD
    }

    public RetryPolicy {
        // Written so that NaN is refused too.
        if (maxAttempts < 1
                || !(multiplier >= 1)
                || !(jitter >= 0 && jitter <= 1)
                || initialDelay.isNegative()
                || maxDelay.isNegative()) {
            throw new IllegalArgumentException("no such retry policy: " + maxAttempts + " attempts, multiplier "
                    + multiplier + ", jitter " + jitter + ", delays " + initialDelay + " to " + maxDelay);
        }
        retryOn = Set.copyOf(retryOn);
    }

    /// The wait after the n-th failure: exponential, capped, less a random part so that failures which came
    /// together do not return together (see "Exponential Backoff And Jitter", AWS Architecture Blog; the
    /// fraction decides between none and full jitter).
    ///
    /// @param failures how many attempts have failed so far, from 1
    /// @param chance uniform in [0, 1)
    public Duration delayAfter(int failures, double chance) {
        if (initialDelay.isZero()) {
            return Duration.ZERO;
        }
        double uncapped = initialDelay.toMillis() * Math.pow(multiplier, Math.max(0, failures - 1));
        double capped = Math.min(uncapped, maxDelay.toMillis());
        return Duration.ofMillis(Math.round(capped * (1 - jitter * chance)));
    }
}
