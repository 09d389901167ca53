package dev.longshore.simulator;

import dev.longshore.simulator.tongue.Allowance;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Holds the limits of one model. Safe for use by several threads.
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
    record Refusal(String what, int limit, long retryMs) {}

    /// Lets a call in, which then owes a [#leave()], or says why not.
    synchronized @Nullable Refusal admit(int tokenCount, long nowMs) {
        if (open >= concurrent) {
            return new Refusal("concurrent requests", concurrent, CONCURRENCY_RETRY_MS);
        }
        long requestWait = requests == null ? 0 : requests.waitMs(1, nowMs);
        if (requests != null && requestWait > 0) {
            return new Refusal("requests per min (RPM)", requests.limit(), requestWait);
        }
        long tokenWait = tokens == null ? 0 : tokens.waitMs(tokenCount, nowMs);
        if (tokens != null && tokenWait > 0) {
            return new Refusal("tokens per min (TPM)", tokens.limit(), tokenWait);
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

    /// What is left of the rates that are scripted.
    synchronized List<Allowance> allowances() {
        List<Allowance> allowances = new ArrayList<>();
        add(allowances, "requests", requests);
        add(allowances, "tokens", tokens);
        return allowances;
    }

    private static void add(List<Allowance> allowances, String what, @Nullable Bucket bucket) {
        if (bucket != null) {
            allowances.add(new Allowance(what, bucket.limit(), bucket.remaining(), bucket.resetMs()));
        }
    }
}
