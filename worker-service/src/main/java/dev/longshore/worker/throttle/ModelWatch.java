package dev.longshore.worker.throttle;

import dev.longshore.provider.BreakerName;
import dev.longshore.provider.ProviderBoard.Report;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/// What this worker sees of one model of a provider: its breaker, how long its calls take, and the last minute for
/// those who look.
final class ModelWatch {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    /// Tokens of an answer before any has been seen.
    private static final int FIRST_OUTPUT = 500;

    /// A new answer counts this part of the mean.
    private static final double NEW_PART = 0.02;

    private final SharedBreaker breaker;
    private final CallTimes times = new CallTimes();
    private final CallTally minute = new CallTally(MINUTE);
    private final AtomicInteger inFlight = new AtomicInteger();

    private volatile double meanOutput = FIRST_OUTPUT;

    ModelWatch(String provider, String model, BreakerPolicy policy) {
        breaker = new SharedBreaker(BreakerName.ofModel(provider, model), policy);
    }

    String provider() {
        return breaker.name().provider();
    }

    String model() {
        return breaker.name().model();
    }

    SharedBreaker breaker() {
        return breaker;
    }

    Circuit circuit() {
        return breaker.circuit();
    }

    CallTimes times() {
        return times;
    }

    void answeredWith(int outputTokens) {
        // Lost updates do no harm to a mean.
        meanOutput = meanOutput + NEW_PART * (outputTokens - meanOutput);
    }

    int usualOutput() {
        return (int) Math.ceil(2 * meanOutput);
    }

    void began() {
        inFlight.incrementAndGet();
    }

    void ended() {
        inFlight.decrementAndGet();
    }

    void count(CallHealth health, Duration took, long nanos) {
        synchronized (minute) {
            minute.count(health, took, nanos);
        }
    }

    Report report(long nanos) {
        CallTally.Sum sum;
        long[] latencies;
        synchronized (minute) {
            sum = minute.sum(nanos);
            latencies = minute.latencies(nanos);
        }
        return new Report(
                provider(),
                model(),
                Math.max(0, inFlight.get()),
                sum.calls(),
                sum.failures(),
                sum.slow(),
                sum.throttled(),
                latencies);
    }
}
