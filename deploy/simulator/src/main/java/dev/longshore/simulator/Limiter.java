package dev.longshore.simulator;

import io.vertx.core.MultiMap;
import org.jspecify.annotations.Nullable;

/// Holds the limits of one model and says so in OpenAI's headers. Safe for use by several threads.
final class Limiter {

    /// What a caller over the limit on open calls is told: nobody knows when a place becomes free.
    private static final long CONCURRENCY_RETRY_MS = 1_000;

    private final int concurrent;
    private final @Nullable Bucket requests;
    private final @Nullable Bucket tokens;
    private int open;

    Limiter(RateLimits limits, long nowMs) {
        this.concurrent = limits.concurrent() == null ? Integer.MAX_VALUE : limits.concurrent();
        this.requests = limits.requestsPerMinute() == null ? null : new Bucket(limits.requestsPerMinute(), nowMs);
        this.tokens = limits.tokensPerMinute() == null ? null : new Bucket(limits.tokensPerMinute(), nowMs);
    }

    /// Why a call was turned away and when to come back.
    record Refusal(String what, long retryMs) {}

    /// Lets a call in, which then owes a [#leave()], or says why not.
    synchronized @Nullable Refusal admit(int tokenCount, long nowMs) {
        if (open >= concurrent) {
            return new Refusal("concurrent requests: Limit " + concurrent, CONCURRENCY_RETRY_MS);
        }
        long requestWait = requests == null ? 0 : requests.waitMs(1, nowMs);
        if (requests != null && requestWait > 0) {
            return new Refusal("requests per min (RPM): Limit " + requests.limit(), requestWait);
        }
        long tokenWait = tokens == null ? 0 : tokens.waitMs(tokenCount, nowMs);
        if (tokens != null && tokenWait > 0) {
            return new Refusal("tokens per min (TPM): Limit " + tokens.limit(), tokenWait);
        }
        if (requests != null) {
            requests.take(1);
        }
        if (tokens != null) {
            tokens.take(tokenCount);
        }
        open++;
        return null;
    }

    synchronized void leave() {
        open--;
    }

    synchronized void describe(MultiMap headers) {
        describe(headers, "requests", requests);
        describe(headers, "tokens", tokens);
    }

    private static void describe(MultiMap headers, String what, @Nullable Bucket bucket) {
        if (bucket != null) {
            headers.set("x-ratelimit-limit-" + what, Integer.toString(bucket.limit()));
            headers.set("x-ratelimit-remaining-" + what, Integer.toString(bucket.remaining()));
            headers.set("x-ratelimit-reset-" + what, duration(bucket.resetMs()));
        }
    }

    /// A time as OpenAI writes it: `20ms`, `1.2s`, `6m0s`.
    static String duration(long millis) {
        if (millis < 1_000) {
            return millis + "ms";
        }
        String seconds =
                millis % 1_000 == 0 ? Long.toString(millis / 1_000 % 60) : Double.toString(millis % 60_000 / 1_000.0);
        return millis < 60_000 ? seconds + "s" : millis / 60_000 + "m" + seconds + "s";
    }
}
