package dev.longshore.simulator;

import dev.longshore.simulator.tongue.Fingerprint;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// One model under one script: its behaviour, its call numbers, its limits.
final class ModelStage {

    private static final long FOR_LATENCY = 1;
    private static final long FOR_FIRST_BYTE = 2;
    private static final long FOR_FAULTS = 1_000;

    private final Behaviour behaviour;
    private final @Nullable Limiter limiter;
    private final List<Rule> rules;
    private final long seed;
    private final AtomicLong calls = new AtomicLong();

    private record Rule(Fault fault, @Nullable CallNumbers calls) {}

    ModelStage(String model, Behaviour behaviour, long scriptSeed, long nowMs) {
        this.behaviour = behaviour;
        this.limiter = behaviour.limits() == null ? null : new Limiter(behaviour.limits(), nowMs);
        this.seed = Fingerprint.of(Chance.mix(scriptSeed), model);
        this.rules = new ArrayList<>();
        for (Fault fault : behaviour.faults() == null ? List.<Fault>of() : behaviour.faults()) {
            rules.add(new Rule(fault, fault.calls() == null ? null : CallNumbers.parse(fault.calls())));
        }
    }

    Behaviour behaviour() {
        return behaviour;
    }

    @Nullable
    Limiter limiter() {
        return limiter;
    }

    long nextNumber() {
        return calls.incrementAndGet();
    }

    void restart() {
        calls.set(0);
    }

    /// The first fault that applies to this call, or null.
    @Nullable
    Fault faultFor(long number, String text) {
        for (int i = 0; i < rules.size(); i++) {
            Rule rule = rules.get(i);
            Fault fault = rule.fault;
            if ((rule.calls == null || rule.calls.contains(number))
                    && (fault.match() == null || text.contains(fault.match()))
                    && (fault.probability() == null
                            || Chance.uniform(seed, FOR_FAULTS + i, number) < fault.probability())) {
                return fault;
            }
        }
        return null;
    }

    long latencyMs(Behaviour behaviour, long number) {
        Latency latency = behaviour.latency();
        return latency == null ? 0 : latency.sampleMs(Chance.uniform(seed, FOR_LATENCY, number));
    }

    /// When a streamed answer of that whole latency begins.
    long firstByteMs(Behaviour behaviour, long number, long latencyMs) {
        Latency firstByte = behaviour.firstByte();
        return firstByte == null
                ? latencyMs / 5
                : Math.min(latencyMs, firstByte.sampleMs(Chance.uniform(seed, FOR_FIRST_BYTE, number)));
    }
}
