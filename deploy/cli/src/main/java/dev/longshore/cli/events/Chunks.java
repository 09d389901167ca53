package dev.longshore.cli.events;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The body of an answer that goes on, in the pieces in which it comes. One reader asks for the next piece and for no
/// longer than it likes; the connection is not read ahead of the reader.
final class Chunks implements HttpResponse.BodySubscriber<Chunks>, AutoCloseable {
    /// What came next.
    sealed interface Piece {
        record Bytes(byte[] bytes) implements Piece {}

        /// The server has ended the answer.
        record Ended() implements Piece {}

        /// The connection broke.
        record Broken(String why) implements Piece {}
    }

    private final BlockingQueue<Piece> arrived = new LinkedBlockingQueue<>();
    private Flow.@Nullable Subscription subscription;
    private boolean closed;

    /// The next piece; empty when none came in time.
    Optional<Piece> next(Duration atMost) throws InterruptedException {
        Piece piece = arrived.poll(atMost.toNanos(), TimeUnit.NANOSECONDS);
        if (piece instanceof Piece.Bytes) {
            more();
        }
        return Optional.ofNullable(piece);
    }

    /// All that comes until the end, the limit or a pause of this length.
    byte[] all(int limit, Duration pause) throws InterruptedException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (all.size() < limit && next(pause).orElseGet(Piece.Ended::new) instanceof Piece.Bytes(byte[] bytes)) {
            all.writeBytes(bytes);
        }
        return all.toByteArray();
    }

    @Override
    public CompletionStage<Chunks> getBody() {
        return CompletableFuture.completedFuture(this);
    }

    @Override
    public synchronized void onSubscribe(Flow.Subscription theirs) {
        if (closed) {
            theirs.cancel();
            return;
        }
        subscription = theirs;
        theirs.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        int size = buffers.stream().mapToInt(ByteBuffer::remaining).sum();
        ByteBuffer bytes = ByteBuffer.allocate(size);
        buffers.forEach(bytes::put);
        arrived.add(new Piece.Bytes(bytes.array()));
    }

    @Override
    public void onError(Throwable failure) {
        String message = failure.getMessage();
        arrived.add(new Piece.Broken(message == null ? failure.getClass().getSimpleName() : message));
    }

    @Override
    public void onComplete() {
        arrived.add(new Piece.Ended());
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (subscription != null) {
            subscription.cancel();
        }
    }

    private synchronized void more() {
        if (subscription != null) {
            subscription.request(1);
        }
    }
}
