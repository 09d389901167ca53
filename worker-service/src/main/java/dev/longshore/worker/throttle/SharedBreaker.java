package dev.longshore.worker.throttle;

import dev.longshore.provider.BreakerName;

/// One breaker as this worker sees it, and its name on the board.
record SharedBreaker(BreakerName name, Circuit circuit) {
    SharedBreaker(BreakerName name, BreakerPolicy policy) {
        this(name, new Circuit(policy));
    }
}
