package dev.longshore.rig.proof;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// I11: no tenant and no lane waits for its first claim longer than a bound, outages and the recovery
/// after each not counted.
final class NobodyWaitsTooLong implements Check {
    private record Waited(Ledger.Job job, long calm) {}

    @Override
    public String name() {
        return "I11";
    }

    @Override
    public String promise() {
        return "no tenant and no lane waits longer than the bound";
    }

    @Override
    public String extent(Evidence evidence) {
        Map<String, Long> worst = new TreeMap<>();
        waits(evidence).forEach(waited -> worst.merge(waited.job().lane(), waited.calm(), Math::max));
        return "longest in ms " + worst + ", bound "
                + evidence.bounds().longestWait().toMillis();
    }

    @Override
    public List<Violation> find(Evidence evidence) {
        List<Violation> found = new ArrayList<>();
        for (Waited waited : waits(evidence)) {
            if (waited.calm() > evidence.bounds().longestWait().toMillis()) {
                found.add(Violation.of(
                        this,
                        "waited " + waited.calm() + " ms beside all outages: " + waited.job(),
                        waited.job().id()));
            }
        }
        return found;
    }

    private static List<Waited> waits(Evidence evidence) {
        Set<String> replayed = new HashSet<>(evidence.ledger().replays().keySet());
        Map<String, Ledger.Outcome> ends = evidence.ledger().ends();
        List<Outage> excuses = Outage.ofTheSystem(evidence.outages(), Duration.ZERO);
        List<Waited> waits = new ArrayList<>();
        for (Ledger.Job job : evidence.ledger().jobs()) {
            Ledger.Outcome end = ends.get(job.id());
            // A replay forgets when the first life began; scheduled jobs wait because they were told to.
            if (end == null || job.scheduled() || replayed.contains(job.id())) {
                continue;
            }
            var until = end.startedAt() == null ? end.finishedAt() : end.startedAt();
            waits.add(new Waited(job, Outage.outside(excuses, job.createdAt().toEpochMilli(), until.toEpochMilli())));
        }
        return waits;
    }
}
