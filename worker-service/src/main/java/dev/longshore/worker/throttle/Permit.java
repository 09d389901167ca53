package dev.longshore.worker.throttle;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The right to make one call.
///
/// @param key which of the provider's keys to use, from 0
/// @param sequence how many calls were let through with this key and model before
/// @param trial whether it is the one trial call of a breaker that is half open
/// @param keyTrial the breaker of the key, where the call is to tell whether the provider accepts it again
public record Permit(
        Order order,
        int key,
        long sequence,
        boolean trial,
        @Nullable SharedBreaker keyTrial,
        List<Allowance> taken) {
    public Permit {
        taken = List.copyOf(taken);
    }

    Permit asTrial() {
        return new Permit(order, key, sequence, true, keyTrial, taken);
    }
}
