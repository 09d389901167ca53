package dev.longshore.rig.proof;

import dev.longshore.simulator.Call;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// I6: the provider never has more calls open from one worker than it has slots, so never more than
/// slots times workers.
///
/// The provider tells workers apart by their keys. A call counts until its worker is done with it: until
/// it ended at the provider, or its process ended, or its worker recorded it as given up, whichever was
/// first. A network that is frozen can keep the provider from hearing of the latter two, for any length
/// of time.
final class NeverMoreCallsThanSlots implements Check {
    private static final Set<String> GIVEN_UP = Set.of("unknown", "interrupted");

    private record Try(String job, int epoch) {}

    @Override
    public String name() {
        return "I6";
    }

    @Override
    public String promise() {
        return "calls open at the provider <= slots x workers";
    }

    @Override
    public String extent(Evidence evidence) {
        Map<String, Integer> most = most(evidence);
        return "most at once " + most + ", " + evidence.bounds().slots() + " slots each";
    }

    @Override
    public List<Violation> find(Evidence evidence) {
        List<Violation> found = new ArrayList<>();
        most(evidence).forEach((worker, most) -> {
            if (most > evidence.bounds().slots()) {
                found.add(Violation.of(
                        this,
                        most + " calls at once from " + worker + ", which has "
                                + evidence.bounds().slots() + " slots"));
            }
        });
        int workers = most(evidence).size();
        if (workers > evidence.bounds().workers()) {
            found.add(Violation.of(
                    this,
                    workers + " workers called, there are " + evidence.bounds().workers()));
        }
        return found;
    }

    private static Map<String, Integer> most(Evidence evidence) {
        Map<Try, Long> givenUp = new HashMap<>();
        for (Ledger.Attempt attempt : evidence.ledger().attempts()) {
            if (GIVEN_UP.contains(attempt.outcome())) {
                givenUp.put(
                        new Try(attempt.job(), attempt.epoch()),
                        attempt.endedAt().toEpochMilli());
            }
        }
        Map<String, TreeMap<Long, Integer>> changes = new TreeMap<>();
        for (Call call : evidence.calls()) {
            String key = call.keyTail();
            if (key == null) {
                continue;
            }
            String worker = "worker-" + key.substring(key.length() - 1);
            Long ended = call.endedAt();
            long until = ended == null ? Long.MAX_VALUE : ended;
            for (Stay stay : evidence.stays()) {
                if (stay.service().equals(worker)
                        && stay.from() <= call.receivedAt()
                        && stay.to() >= call.receivedAt()) {
                    until = Math.min(until, stay.to());
                }
            }
            String job = call.jobId();
            String epoch = call.attempt();
            if (job != null && epoch != null) {
                until = Math.min(until, givenUp.getOrDefault(new Try(job, Integer.parseInt(epoch)), Long.MAX_VALUE));
            }
            var line = changes.computeIfAbsent(worker, _ -> new TreeMap<>());
            if (until > call.receivedAt()) {
                line.merge(call.receivedAt(), 1, Integer::sum);
                line.merge(until, -1, Integer::sum);
            }
        }
        Map<String, Integer> most = new TreeMap<>();
        changes.forEach((worker, line) -> {
            int open = 0;
            int highest = 0;
            // What ends in the same millisecond in which another begins was over first, or nobody can tell.
            for (int change : line.values()) {
                open += change;
                highest = Math.max(highest, open);
            }
            most.put(worker, highest);
        });
        return most;
    }
}
