package dev.longshore.simulator;

import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// A line of the call log: written by the one event loop that serves the call, read by whoever asks. Kept small,
/// because a million of them are.
final class CallEntry {

    final CallLog.Book book;
    final long number;
    private final Arrival arrival;
    private final String route;
    private final String model;
    private final long modelNumber;
    private final long promptHash;
    private final long openAtArrival;
    private long inputTokens;
    private long outputTokens;
    private short status;
    private @Nullable FaultKind fault;
    private boolean aborted;
    /// Written last, so that a reader who sees it sees the rest.
    private volatile long endedAtMs;

    CallEntry(
            CallLog.Book book,
            long number,
            Arrival arrival,
            String route,
            String model,
            long modelNumber,
            long promptHash,
            long openAtArrival) {
        this.book = book;
        this.number = number;
        this.arrival = arrival;
        this.route = route;
        this.model = model;
        this.modelNumber = modelNumber;
        this.promptHash = promptHash;
        this.openAtArrival = openAtArrival;
    }

    void tokens(long input, long output) {
        inputTokens = input;
        outputTokens = output;
    }

    /// Writes how the call ended; `sentStatus` is 0 if no status was sent.
    void end(int sentStatus, @Nullable FaultKind struck, boolean byClient, long nowMs) {
        status = (short) sentStatus;
        fault = struck;
        aborted = byClient;
        endedAtMs = nowMs;
    }

    String model() {
        return model;
    }

    @Nullable
    String keyTail() {
        return arrival.keyTail();
    }

    long inputTokens() {
        return inputTokens;
    }

    long outputTokens() {
        return outputTokens;
    }

    Call view() {
        long ended = endedAtMs;
        boolean over = ended != 0;
        return new Call(
                number,
                route,
                model,
                modelNumber,
                arrival.atMs(),
                over ? ended : null,
                over && status != 0 ? (int) status : null,
                over ? fault : null,
                openAtArrival,
                over && aborted,
                arrival.keyTail(),
                arrival.jobId(),
                arrival.attempt(),
                arrival.idempotencyKey(),
                arrival.userAgent(),
                HexFormat.of().toHexDigits(promptHash),
                over ? inputTokens : 0,
                over ? outputTokens : 0);
    }
}
