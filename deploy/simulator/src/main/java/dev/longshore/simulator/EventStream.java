package dev.longshore.simulator;

import io.vertx.core.buffer.Buffer;
import java.util.List;

/// Sends the events of a streamed answer evenly over the time it is to take.
final class EventStream {

    /// The least time between two writes; of a faster stream, each write carries several events. Keeps ten thousand
    /// streams from being ten thousand timers a millisecond.
    private static final long STEP_MS = 20;

    private final Exchange exchange;
    private final List<Buffer> events;
    private final boolean breaksOff;
    private final long spanMs;
    private final long steps;
    private long startedAtMs;
    private long step;
    private int sent;

    EventStream(Exchange exchange, List<Buffer> events, long spanMs, boolean breaksOff) {
        this.exchange = exchange;
        this.events = events;
        this.breaksOff = breaksOff;
        this.steps = Math.clamp(spanMs / STEP_MS, 0, events.size());
        this.spanMs = spanMs;
    }

    void startAfter(long firstByteMs) {
        exchange.after(firstByteMs, () -> {
            exchange.begin(200, true, -1);
            startedAtMs = exchange.steadyMs();
            advance();
        });
    }

    private void advance() {
        int due = steps == 0 ? events.size() : Math.max(1, (int) (events.size() * step / steps));
        Buffer part = Buffer.buffer();
        while (sent < due) {
            part.appendBuffer(events.get(sent++));
        }
        if (sent == events.size()) {
            if (breaksOff) {
                exchange.breakOff(part);
            } else {
                exchange.finish(part);
            }
            return;
        }
        if (part.length() > 0) {
            exchange.write(part);
        }
        step++;
        // Measured from the beginning, so that late timers do not add up.
        long wait = Math.max(1, startedAtMs + spanMs * step / steps - exchange.steadyMs());
        exchange.after(wait, this::advance);
    }
}
