package dev.longshore.worker.provider;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// Carries the pieces of a stream from the event loop, which must not wait, to the thread that made the call. The
/// longest answer bounds what may wait here; the provider is not slowed down, since its pauses are timed.
final class Handover {
    private static final byte[] END = new byte[0];

    private final BlockingQueue<byte[]> pieces = new LinkedBlockingQueue<>();

    void put(byte[] piece) {
        pieces.add(piece);
    }

    void end() {
        pieces.add(END);
    }

    /// Blocks until the end.
    ///
    /// @param enough run once, when the taker wants no more
    void into(HttpCaller.Pieces taker, Runnable enough) {
        boolean wanted = true;
        for (byte[] piece = next(); piece != END; piece = next()) {
            if (wanted && !taker.take(piece)) {
                wanted = false;
                enough.run();
            }
        }
    }

    /// Attempts are stopped by stop signs; a thread that is interrupted nevertheless learns it afterwards.
    private byte[] next() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return pieces.take();
                } catch (InterruptedException _) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
