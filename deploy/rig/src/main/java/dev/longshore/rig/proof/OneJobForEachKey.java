package dev.longshore.rig.proof;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// I2: the same key and body give the same job, another body under that key is refused, and there are
/// never two jobs. Orders without a key may give one job for each try of which nobody knows whether it
/// was taken.
final class OneJobForEachKey implements Check {
    private static final int ACCEPTED = 202;
    private static final int REUSED = 422;

    private record Name(int tenant, String key) {}

    @Override
    public String name() {
        return "I2";
    }

    @Override
    public String promise() {
        return "one key, one job; another body 422";
    }

    @Override
    public String extent(Evidence evidence) {
        return byKey(evidence).size() + " keys, "
                + evidence.told().stream()
                        .filter(told -> told.deed() == Deed.SUBMIT_OTHER)
                        .count()
                + " other bodies";
    }

    @Override
    public List<Violation> find(Evidence evidence) {
        List<Violation> found = new ArrayList<>();
        byKey(evidence).forEach((name, all) -> judge(name, all, found));
        jobsForKeys(evidence, found);
        jobsForOrders(evidence, found);
        return found;
    }

    private void judge(Name name, List<Told> all, List<Violation> found) {
        Set<String> ids = new TreeSet<>();
        long firstPromise = Long.MAX_VALUE;
        int fresh = 0;
        for (Told told : all) {
            if (told.isPromise()) {
                ids.add(String.valueOf(told.job()));
                firstPromise = Math.min(firstPromise, told.answered());
                fresh += told.http() == ACCEPTED ? 1 : 0;
            }
        }
        String[] jobs = ids.toArray(String[]::new);
        if (ids.size() > 1) {
            found.add(Violation.of(this, name + " was told " + ids.size() + " jobs: " + ids, jobs));
        }
        if (fresh > 1) {
            found.add(Violation.of(this, name + " was accepted as new " + fresh + " times", jobs));
        }
        for (Told told : all) {
            if (told.deed() == Deed.SUBMIT && told.http() == REUSED) {
                found.add(Violation.of(this, name + " with the same body was refused as reused: " + told, jobs));
            }
            boolean other = told.deed() == Deed.SUBMIT_OTHER && told.asked() > firstPromise && !told.isUnanswered();
            if (other && told.http() != REUSED && told.http() != 429) {
                found.add(Violation.of(this, name + " with another body was answered " + told.http(), jobs));
            }
        }
    }

    private void jobsForKeys(Evidence evidence, List<Violation> found) {
        Map<Name, String> owners = new HashMap<>();
        for (Ledger.Key key : evidence.ledger().keys()) {
            owners.put(new Name(key.tenant(), key.key()), key.job());
        }
        byKey(evidence)
                .forEach((name, all) -> all.stream()
                        .filter(Told::isPromise)
                        .filter(told -> !Objects.equals(owners.get(name), told.job()))
                        .findFirst()
                        .ifPresent(told -> found.add(Violation.of(
                                this,
                                name + " was told " + told.job() + ", the database has " + owners.get(name),
                                String.valueOf(told.job())))));
    }

    private void jobsForOrders(Evidence evidence, List<Violation> found) {
        Map<Integer, Integer> allowed = new HashMap<>();
        Set<Integer> keyed = new HashSet<>();
        for (Told told : evidence.told()) {
            if (told.deed() != Deed.SUBMIT) {
                continue;
            }
            if (told.key() != null) {
                keyed.add(told.order());
            } else if (told.isUnanswered() || told.isPromise()) {
                allowed.merge(told.order(), 1, Integer::sum);
            }
        }
        Map<Integer, List<String>> made = evidence.ledger().jobs().stream()
                .filter(job -> job.order() >= 0)
                .collect(Collectors.groupingBy(
                        Ledger.Job::order, Collectors.mapping(Ledger.Job::id, Collectors.toList())));
        made.forEach((order, jobs) -> {
            int most = keyed.contains(order) ? 1 : allowed.getOrDefault(order, 0);
            if (jobs.size() > most) {
                found.add(Violation.of(
                        this,
                        "order " + order + " made " + jobs.size() + " jobs, " + most + " at most were asked for",
                        jobs.toArray(String[]::new)));
            }
        });
    }

    private static Map<Name, List<Told>> byKey(Evidence evidence) {
        Map<Name, List<Told>> byKey = new HashMap<>();
        for (Told told : evidence.told()) {
            String key = told.key();
            if (key != null && (told.deed() == Deed.SUBMIT || told.deed() == Deed.SUBMIT_OTHER)) {
                byKey.computeIfAbsent(new Name(told.tenant(), key), _ -> new ArrayList<>())
                        .add(told);
            }
        }
        return byKey;
    }
}
