package dev.longshore.rig.proof;

import dev.longshore.job.JobStatus;
import dev.longshore.outbox.EventSequence;
import dev.longshore.rig.proof.Followed.Piece;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Whoever follows a job is told each of its changes once and in their order, however often the connection breaks, and
/// in the end its result.
final class ReadersAreToldAll implements Check {
    @Override
    public String name() {
        return "live";
    }

    @Override
    public String promise() {
        return "live readers are told every change, in order, once";
    }

    @Override
    public String extent(Evidence evidence) {
        long again = evidence.followed().stream()
                .filter(one -> !one.told().isEmpty() && one.told().getLast().connection() > 1)
                .count();
        return evidence.followed().size() + " readers, " + again + " came back";
    }

    @Override
    public List<Violation> find(Evidence evidence) {
        Map<String, TreeMap<Long, Ledger.Step>> stories = new HashMap<>();
        for (Ledger.Step step : evidence.ledger().steps()) {
            stories.computeIfAbsent(step.job(), _ -> new TreeMap<>()).put(step.number(), step);
        }
        List<Violation> found = new ArrayList<>();
        for (Followed followed : evidence.followed()) {
            TreeMap<Long, Ledger.Step> story = stories.getOrDefault(followed.job(), new TreeMap<>());
            order(followed, found);
            truth(followed, story, found);
            end(followed, story, found);
        }
        return found;
    }

    private void order(Followed followed, List<Violation> found) {
        long last = -1;
        JobStatus from = null;
        for (Piece piece : followed.told()) {
            if (piece.number() <= last) {
                found.add(about(followed, piece + " after number " + last));
            }
            last = piece.number();
            if (piece.kind().equals("status")) {
                JobStatus to = JobStatus.of(String.valueOf(piece.status())).orElse(null);
                if (to == null || from != null && !OnlyKnownArrows.isArrow(from, to)) {
                    found.add(about(followed, "no arrow leads from " + from + " to " + piece));
                }
                from = to;
            }
        }
    }

    private void truth(Followed followed, TreeMap<Long, Ledger.Step> story, List<Violation> found) {
        Set<Long> told = new HashSet<>();
        for (Piece piece : followed.told()) {
            if (piece.kind().equals("status")) {
                told.add(piece.number());
                Ledger.Step step = story.get(piece.number());
                if (step == null || !step.status().equals(piece.status())) {
                    found.add(about(followed, "told and never happened: " + piece));
                }
            }
        }
        for (Ledger.Step step : story.values()) {
            if (step.sure() && !told.contains(step.number())) {
                found.add(about(followed, "never told: " + step));
            }
        }
    }

    private void end(Followed followed, TreeMap<Long, Ledger.Step> story, List<Violation> found) {
        if (story.isEmpty() || followed.told().isEmpty()) {
            found.add(about(followed, "nothing was told"));
            return;
        }
        int epoch = EventSequence.epoch(story.lastKey());
        String end = story.lastEntry().getValue().status();
        Piece done = followed.told().getLast();
        if (!done.kind().equals("done") || done.number() != EventSequence.done(epoch)) {
            found.add(about(followed, "it ends with " + done));
        }
        Piece result = followed.told().stream()
                .filter(piece -> piece.kind().equals("result"))
                .reduce((_, later) -> later)
                .orElse(null);
        if (!isEnd(result, EventSequence.result(epoch), end)) {
            found.add(about(followed, "its result is " + result + ", it ended as " + end));
        }
        if (followed.result() == null || !followed.result().equals(followed.shown())) {
            found.add(about(followed, "it was told " + followed.result() + ", and the API says " + followed.shown()));
        }
    }

    private static boolean isEnd(@Nullable Piece result, long number, String status) {
        return result != null && result.number() == number && status.equals(result.status());
    }

    private Violation about(Followed followed, String what) {
        return Violation.of(this, "a reader of " + followed.job() + ": " + what, followed.job());
    }
}
