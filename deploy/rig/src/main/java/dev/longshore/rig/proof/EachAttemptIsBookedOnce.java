package dev.longshore.rig.proof;

import dev.longshore.simulator.Call;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// I7, as far as there is money today: the totals are the sum of the attempts, each job's cost is the
/// sum of its attempts', and an answer is booked with the tokens that the provider counted.
final class EachAttemptIsBookedOnce implements Check {
    private record Account(int tenant, String model) {}

    private record Sum(long attempts, long input, long output, long cost) {
        static final Sum NOTHING = new Sum(0, 0, 0, 0);

        Sum plus(Sum other) {
            return new Sum(attempts + other.attempts, input + other.input, output + other.output, cost + other.cost);
        }
    }

    @Override
    public String name() {
        return "I7";
    }

    @Override
    public String promise() {
        return "each attempt is booked once, as the provider counted";
    }

    @Override
    public String extent(Evidence evidence) {
        long cost = evidence.ledger().totals().stream()
                .mapToLong(Ledger.Total::costNanos)
                .sum();
        return evidence.ledger().totals().size() + " accounts, " + cost + " nano-dollars";
    }

    @Override
    public List<Violation> find(Evidence evidence) {
        List<Violation> found = new ArrayList<>();
        Map<Account, Sum> tried = new HashMap<>();
        Map<String, Long> costs = new HashMap<>();
        for (Ledger.Attempt attempt : evidence.ledger().attempts()) {
            Sum one = new Sum(1, attempt.inputTokens(), attempt.outputTokens(), attempt.costNanos());
            tried.merge(new Account(attempt.tenant(), attempt.model()), one, Sum::plus);
            costs.merge(attempt.job(), attempt.costNanos(), Long::sum);
        }
        Map<Account, Sum> booked = new HashMap<>();
        long completed = 0;
        for (Ledger.Total total : evidence.ledger().totals()) {
            Sum one = new Sum(total.attempts(), total.inputTokens(), total.outputTokens(), total.costNanos());
            booked.merge(new Account(total.tenant(), total.model()), one, Sum::plus);
            completed += total.completed();
        }
        Set<Account> accounts = new HashSet<>(tried.keySet());
        accounts.addAll(booked.keySet());
        for (Account account : accounts) {
            Sum sum = tried.getOrDefault(account, Sum.NOTHING);
            Sum total = booked.getOrDefault(account, Sum.NOTHING);
            if (!sum.equals(total)) {
                found.add(Violation.of(this, account + " has attempts of " + sum + " and is booked " + total));
            }
        }
        long complete = evidence.ledger().outcomes().stream()
                .filter(end -> end.status().equals("complete"))
                .count();
        if (complete != completed) {
            found.add(Violation.of(this, complete + " jobs are complete, " + completed + " are booked as such"));
        }
        for (Ledger.Outcome end : evidence.ledger().outcomes()) {
            long cost = costs.getOrDefault(end.job(), 0L);
            if (cost != end.costNanos()) {
                found.add(Violation.of(
                        this,
                        "its attempts cost " + cost + ", the job says " + end.costNanos() + ": " + end,
                        end.job()));
            }
        }
        tokens(evidence, found);
        return found;
    }

    private void tokens(Evidence evidence, List<Violation> found) {
        Map<String, Call> calls = new HashMap<>();
        evidence.calls().forEach(call -> calls.put(call.jobId() + " " + call.attempt(), call));
        for (Ledger.Attempt attempt : evidence.ledger().attempts()) {
            Call call = calls.get(attempt.job() + " " + attempt.epoch());
            if (call != null
                    && attempt.outcome().equals("answered")
                    && (call.inputTokens() != attempt.inputTokens() || call.outputTokens() != attempt.outputTokens())) {
                found.add(Violation.of(
                        this, "booked otherwise than the provider counted: " + attempt + ", " + call, attempt.job()));
            }
        }
    }
}
