package dev.longshore.rig.proof;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// I1: every job that somebody was promised has ended, with one outcome.
final class EveryPromiseEnds implements Check {
    @Override
    public String name() {
        return "I1";
    }

    @Override
    public String promise() {
        return "every job answered with 202 ends, once";
    }

    @Override
    public String extent(Evidence evidence) {
        return promised(evidence).size() + " jobs promised";
    }

    @Override
    public List<Violation> find(Evidence evidence) {
        List<Violation> found = new ArrayList<>();
        Map<String, String> statusLast = new HashMap<>();
        Map<String, Long> lookedLast = new HashMap<>();
        for (Told told : evidence.told()) {
            String job = told.job();
            String status = told.status();
            if (told.deed() == Deed.LOOK && told.http() == 200 && job != null && status != null) {
                if (lookedLast.merge(job, told.answered(), Math::max) == told.answered()) {
                    statusLast.put(job, status);
                }
            }
        }
        Map<String, Integer> ends = new HashMap<>();
        Map<String, Ledger.Outcome> outcomes = evidence.ledger().ends();
        evidence.ledger().outcomes().forEach(end -> ends.merge(end.job(), 1, Integer::sum));
        for (String job : promised(evidence)) {
            Ledger.Outcome end = outcomes.get(job);
            if (end == null) {
                found.add(Violation.of(this, "accepted and never ended: " + job, job));
            } else if (ends.getOrDefault(job, 0) > 1) {
                found.add(Violation.of(this, "ended " + ends.get(job) + " times: " + job, job));
            } else if (statusLast.containsKey(job) && !end.status().equals(statusLast.get(job))) {
                found.add(Violation.of(
                        this,
                        "the API said last " + statusLast.get(job) + ", the database says " + end.status() + ": " + job,
                        job));
            }
        }
        var known = evidence.ledger().jobs().stream().map(Ledger.Job::id).collect(Collectors.toSet());
        for (Ledger.Outcome end : evidence.ledger().outcomes()) {
            if (!known.contains(end.job())) {
                found.add(Violation.of(this, "an outcome of no job: " + end, end.job()));
            }
        }
        return found;
    }

    private static TreeSet<String> promised(Evidence evidence) {
        return evidence.told().stream()
                .filter(told -> told.isPromise() && told.job() != null)
                .map(told -> String.valueOf(told.job()))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
