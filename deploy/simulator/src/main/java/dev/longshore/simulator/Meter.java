package dev.longshore.simulator;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Counts the calls of one model, of one key or of all. Safe for use by several threads.
final class Meter {

    private static final int STATUSES = 600;

    private long calls;
    private long open;
    private long maxOpen;
    private long aborted;
    private long inputTokens;
    private long outputTokens;
    private int[] statuses = new int[STATUSES];
    private int[] faults = new int[FaultKind.values().length];
    private RollingCount second = new RollingCount(1_000);
    private RollingCount minute = new RollingCount(60_000);

    /// A call came in; answers how many are open now, this one included.
    synchronized long arrive(long nowMs) {
        calls++;
        open++;
        maxOpen = Math.max(maxOpen, open);
        second.add(nowMs);
        minute.add(nowMs);
        return open;
    }

    /// A call of an earlier book ended: only its place becomes free.
    synchronized void leave() {
        open--;
    }

    /// A call ended.
    synchronized void leave(int status, @Nullable FaultKind fault, boolean byClient, long input, long output) {
        open--;
        if (status > 0) {
            statuses[status]++;
        }
        if (fault != null) {
            faults[fault.ordinal()]++;
        }
        if (byClient) {
            aborted++;
        }
        inputTokens += input;
        outputTokens += output;
    }

    /// Starts from nothing, except that what is open stays open.
    synchronized void reset() {
        calls = 0;
        maxOpen = open;
        aborted = 0;
        inputTokens = 0;
        outputTokens = 0;
        statuses = new int[STATUSES];
        faults = new int[faults.length];
        second = new RollingCount(1_000);
        minute = new RollingCount(60_000);
    }

    synchronized Tally tally() {
        Map<String, Long> byStatus = new TreeMap<>();
        for (int status = 0; status < STATUSES; status++) {
            if (statuses[status] > 0) {
                byStatus.put(Integer.toString(status), (long) statuses[status]);
            }
        }
        Map<String, Long> byFault = new TreeMap<>();
        for (FaultKind kind : FaultKind.values()) {
            if (faults[kind.ordinal()] > 0) {
                byFault.put(kind.word(), (long) faults[kind.ordinal()]);
            }
        }
        return new Tally(
                calls,
                open,
                maxOpen,
                second.maximum(),
                minute.maximum(),
                aborted,
                byStatus,
                byFault,
                inputTokens,
                outputTokens);
    }
}
