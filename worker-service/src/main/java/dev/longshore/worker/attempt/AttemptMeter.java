package dev.longshore.worker.attempt;

import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.job.ClaimedJob;
import dev.longshore.job.Settlement;
import dev.longshore.job.WaitReason;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;
import java.util.function.Supplier;

/// Counts and times attempts by what operators ask about: lane, provider, outcome, settlement.
public final class AttemptMeter {
    private final MeterRegistry registry;

    public AttemptMeter(MeterRegistry registry) {
        this.registry = registry;
    }

    AttemptOutcome timed(ClaimedJob job, String provider, Supplier<AttemptOutcome> call) {
        Timer.Sample sample = Timer.start(registry);
        AttemptOutcome outcome = call.get();
        sample.stop(Timer.builder("longshore.attempt.call")
                .description("Time from starting a provider call to its end")
                .tag("lane", job.lane().word())
                .tag("provider", provider)
                .tag("outcome", outcome.getClass().getSimpleName().toLowerCase(Locale.ROOT))
                .publishPercentileHistogram()
                .register(registry));
        return outcome;
    }

    void heldBack(WaitReason reason) {
        registry.counter("longshore.attempt.held", "reason", reason.word()).increment();
    }

    void settled(Settlement settlement) {
        registry.counter(
                        "longshore.attempt.settled",
                        "settlement",
                        settlement.getClass().getSimpleName().toLowerCase(Locale.ROOT))
                .increment();
    }

    void refusedByFence(int verdicts) {
        registry.counter("longshore.attempt.fenced").increment(verdicts);
    }

    void group(int verdicts) {
        registry.summary("longshore.settle.group").record(verdicts);
    }
}
