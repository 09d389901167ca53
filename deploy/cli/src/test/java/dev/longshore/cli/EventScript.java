package dev.longshore.cli;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// One connection of an event stream: what is sent in which pieces, and how it ends.
final class EventScript implements FakeServer.Answer {
    @FunctionalInterface
    private interface Step {
        void on(HttpExchange exchange) throws IOException, InterruptedException;
    }

    private final List<Step> steps = new ArrayList<>();
    private boolean broken;

    /// Sends a whole event.
    EventScript event(String id, String name, String data) {
        return raw("id: " + id + "\nevent: " + name + "\ndata: " + data + "\n\n");
    }

    /// Sends an event without a number.
    EventScript event(String name, String data) {
        return raw("event: " + name + "\ndata: " + data + "\n\n");
    }

    /// What keeps a connection open.
    EventScript heartbeat() {
        return raw(": still here\n\n");
    }

    /// Sends text as it is, in one piece.
    EventScript raw(String text) {
        return raw(text.getBytes(StandardCharsets.UTF_8));
    }

    EventScript raw(byte[] bytes) {
        steps.add(exchange -> {
            exchange.getResponseBody().write(bytes);
            exchange.getResponseBody().flush();
        });
        return this;
    }

    /// Sends text a byte at a time.
    EventScript inBytes(String text) {
        for (byte next : text.getBytes(StandardCharsets.UTF_8)) {
            raw(new byte[] {next});
        }
        return this;
    }

    /// Goes on when the latch says so.
    EventScript waitFor(CountDownLatch latch) {
        steps.add(_ -> {
            if (!latch.await(30, TimeUnit.SECONDS)) {
                throw new IOException("nobody let it go on");
            }
        });
        return this;
    }

    /// Ends the connection in the middle of the answer.
    EventScript breakOff() {
        broken = true;
        return this;
    }

    @Override
    public void to(HttpExchange exchange) throws IOException, InterruptedException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream;charset=UTF-8");
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().flush();
        for (Step step : steps) {
            step.on(exchange);
        }
        if (broken) {
            // Closed without the last chunk: the reader sees that it is not whole.
            throw new IOException("broken off, as it was told");
        }
        exchange.getResponseBody().close();
    }
}
