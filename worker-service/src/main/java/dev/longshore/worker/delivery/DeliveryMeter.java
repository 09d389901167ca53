package dev.longshore.worker.delivery;

import dev.longshore.webhook.CallOutcome.Answered;
import dev.longshore.webhook.CallOutcome.Forbidden;
import dev.longshore.webhook.CallOutcome.NotReached;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/// Counts and times deliveries by what operators ask about. No tag names a tenant or an endpoint: there may be any
/// number of them.
public final class DeliveryMeter {
    private final MeterRegistry registry;
    private final Timer firstTry;
    private final Counter delivered;
    private final Counter failed;

    public DeliveryMeter(MeterRegistry registry) {
        this.registry = registry;
        firstTry = Timer.builder("longshore.webhook.first.try")
                .description("Time from an event to the beginning of the first try to tell it")
                .publishPercentileHistogram()
                .register(registry);
        delivered = notices("delivered");
        failed = notices("failed");
        // Known from the start, so that an alert can tell none from never.
        disabled("gone");
        disabled("failing");
    }

    private Counter notices(String status) {
        return Counter.builder("longshore.webhook.notices")
                .description("Notices that are over, by how")
                .tag("status", status)
                .register(registry);
    }

    private Counter disabled(String reason) {
        return Counter.builder("longshore.webhook.endpoints.disabled")
                .description("Endpoints that were switched off because they are gone or only fail")
                .tag("reason", reason)
                .register(registry);
    }

    void inFlight(Supplier<Number> count) {
        Gauge.builder("longshore.webhook.in.flight", count)
                .description("Calls to webhooks under way in this worker")
                .register(registry);
    }

    void begun(Notice notice, Instant at) {
        if (notice.tries() == 0) {
            Duration waited = Duration.between(notice.happenedAt(), at);
            firstTry.record(waited.isNegative() ? Duration.ZERO : waited);
        }
    }

    void ended(Done done) {
        Timer.builder("longshore.webhook.call")
                .description("Time from beginning a call to a webhook to its end")
                .tag("outcome", word(done))
                .publishPercentileHistogram()
                .register(registry)
                .record(done.latency());
    }

    private static String word(Done done) {
        return switch (done.outcome()) {
            case Answered answered -> answered.status() / 100 + "xx";
            case NotReached _ -> "not_reached";
            case Forbidden _ -> "forbidden";
        };
    }

    void written(DeliveryBook.Written written) {
        delivered.increment(written.delivered());
        failed.increment(written.failed());
    }

    void failed(int notices) {
        failed.increment(notices);
    }

    void disabledGone() {
        disabled("gone").increment();
    }

    void disabledFailing() {
        disabled("failing").increment();
    }
}
