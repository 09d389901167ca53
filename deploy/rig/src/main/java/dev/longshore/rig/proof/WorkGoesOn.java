package dev.longshore.rig.proof;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// I12, second half: while something is broken, work goes on. What all faults leave standing is little,
/// so the share that must be completed is small; but it is not nothing.
final class WorkGoesOn implements Check {
    @Override
    public String name() {
        return "I12b";
    }

    @Override
    public String promise() {
        return "work goes on while something is broken";
    }

    @Override
    public String extent(Evidence evidence) {
        return completed(evidence) + " jobs completed of " + submitted(evidence) + " accepted during faults";
    }

    @Override
    public List<Violation> find(Evidence evidence) {
        List<Violation> found = new ArrayList<>();
        long complete = evidence.ledger().outcomes().stream()
                .filter(end -> end.status().equals("complete"))
                .count();
        if (complete == 0) {
            found.add(Violation.of(this, "no job was completed at all"));
        }
        long accepted = submitted(evidence);
        long completed = completed(evidence);
        if (completed < accepted * evidence.bounds().leastShare()) {
            found.add(Violation.of(
                    this,
                    completed + " jobs were completed while something was broken, " + accepted
                            + " were accepted then"));
        }
        return found;
    }

    private static long submitted(Evidence evidence) {
        return evidence.ledger().jobs().stream()
                .filter(job -> during(evidence, job.createdAt().toEpochMilli()))
                .count();
    }

    private static long completed(Evidence evidence) {
        return evidence.ledger().outcomes().stream()
                .filter(end -> end.status().equals("complete"))
                .filter(end -> during(evidence, end.finishedAt().toEpochMilli()))
                .count();
    }

    private static boolean during(Evidence evidence, long moment) {
        return evidence.outages().stream().anyMatch(outage -> outage.from() <= moment && moment <= outage.to());
    }

    /// How many jobs were completed while each fault was on, by fault.
    public static TreeMap<String, Long> byFault(Evidence evidence) {
        TreeMap<String, Long> completed = new TreeMap<>();
        for (Outage outage : evidence.outages()) {
            long count = evidence.ledger().outcomes().stream()
                    .filter(end -> end.status().equals("complete"))
                    .mapToLong(end -> end.finishedAt().toEpochMilli())
                    .filter(at -> outage.from() <= at && at <= outage.to())
                    .count();
            completed.merge(outage.fault(), count, Long::sum);
        }
        return completed;
    }
}
