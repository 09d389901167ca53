package dev.longshore.rig.proof;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// I10: a job whose cancel was answered as done never completes, and one whose worker was asked to stop
/// ends cancelled.
final class CancelledStaysCancelled implements Check {
    @Override
    public String name() {
        return "I10";
    }

    @Override
    public String promise() {
        return "a cancelled job never completes";
    }

    @Override
    public String extent(Evidence evidence) {
        return cancelled(evidence).size() + " cancels answered as done or on their way";
    }

    @Override
    public List<Violation> find(Evidence evidence) {
        List<Violation> found = new ArrayList<>();
        Map<String, Ledger.Outcome> ends = evidence.ledger().ends();
        Map<String, Long> firstReplay = new HashMap<>();
        for (Told told : evidence.told()) {
            String job = told.job();
            if (told.deed() == Deed.REPLAY && job != null) {
                firstReplay.merge(job, told.asked(), Math::min);
            }
        }
        for (Told told : cancelled(evidence)) {
            String job = String.valueOf(told.job());
            Ledger.Outcome end = ends.get(job);
            // A failed job that is replayed while its cancel is answered may look as if it were on its
            // way to its end.
            boolean done = "cancelled".equals(told.status());
            boolean replayed = firstReplay.getOrDefault(job, Long.MAX_VALUE) <= told.answered();
            if (end != null && !end.status().equals("cancelled") && (done || !replayed)) {
                found.add(Violation.of(this, "answered " + told + ", ended as " + end, job));
            }
            for (Ledger.Attempt attempt : evidence.ledger().attemptsByJob().getOrDefault(job, List.of())) {
                if (done && attempt.startedAt().toEpochMilli() > told.answered() + CLOCKS_DIFFER_MS) {
                    found.add(Violation.of(this, "called after it was answered as cancelled: " + attempt, job));
                }
            }
        }
        return found;
    }

    /// Workers keep the database's clock as well as they can tell it from afar.
    private static final long CLOCKS_DIFFER_MS = 5_000;

    private static List<Told> cancelled(Evidence evidence) {
        return evidence.told().stream()
                .filter(told -> told.deed() == Deed.CANCEL)
                .filter(told -> told.http() == 202 || told.http() == 200 && "cancelled".equals(told.status()))
                .toList();
    }
}
