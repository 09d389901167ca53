package dev.longshore.webhook;

import dev.longshore.webhook.CallOutcome.Answered;
import dev.longshore.webhook.CallOutcome.NotReached;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// One call over a connection that stands, up to whichever end comes first. An answer that is not read to its end
/// costs the connection.
///
/// Fields are guarded by the object: Vert.x calls back on an event loop.
final class CallInProgress {
    /// How much of an answer is read and kept.
    static final int LONGEST_ANSWER = 1_024;

    private final HttpClientRequest request;
    private final InstantSource clock;
    private final long startedNanos;
    private final CompletableFuture<CallOutcome> end = new CompletableFuture<>();
    private final Buffer start = Buffer.buffer();
    private @Nullable HttpClientResponse response;

    CallInProgress(HttpClientRequest request, InstantSource clock, long startedNanos) {
        this.request = request;
        this.clock = clock;
        this.startedNanos = startedNanos;
    }

    /// Sends, and waits for the end.
    CallOutcome run(Buffer body, Duration patience) throws InterruptedException {
        request.response().onFailure(this::failed).onSuccess(this::receive);
        request.send(body).onFailure(this::failed);
        try {
            return end.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            finish("no answer in time");
            return end.join();
        } catch (ExecutionException e) {
            throw new IllegalStateException("It is only ever completed with an outcome.", e);
        } finally {
            // Of an interrupted call too nothing is left behind.
            finish("interrupted");
        }
    }

    private void receive(HttpClientResponse head) {
        synchronized (this) {
            response = head;
        }
        head.exceptionHandler(this::failed);
        head.handler(this::piece);
        // A turn later, when the connection is free for the next call.
        head.endHandler(_ -> Vertx.currentContext().runOnContext(_ -> end.complete(outcome(""))));
    }

    private void piece(Buffer piece) {
        synchronized (this) {
            int wanted = Math.min(piece.length(), LONGEST_ANSWER - start.length());
            start.appendBuffer(piece, 0, wanted);
            if (start.length() < LONGEST_ANSWER) {
                return;
            }
        }
        finish("");
    }

    /// The connection is gone, so there is nothing to reset.
    private void failed(Throwable cause) {
        end.complete(outcome(Reasons.of(cause)));
    }

    private void finish(String reason) {
        if (end.complete(outcome(reason))) {
            request.reset();
        }
    }

    /// What was heard counts, even if it is not whole: a receiver that says 200 has taken it.
    private synchronized CallOutcome outcome(String reason) {
        Duration latency = Duration.ofNanos(System.nanoTime() - startedNanos);
        return response == null
                ? new NotReached(reason, latency)
                : new Answered(
                        response.statusCode(),
                        Reasons.clean(start.getBytes()),
                        latency,
                        AskedDelay.in(response.headers(), clock.instant()));
    }
}
