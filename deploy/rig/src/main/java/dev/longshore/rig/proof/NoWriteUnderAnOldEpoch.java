package dev.longshore.rig.proof;

import dev.longshore.simulator.Call;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// I4: no write under an old epoch ever took effect, and no job had two live attempts.
///
/// An answer ends its job, so the only answered attempt must be the one under whose epoch the job ended,
/// unless a replay came in between; nothing is recorded under an epoch that was never given out. A later
/// call for the same job may overlap an earlier one only when nobody who was entitled to it waited for
/// the earlier any more: its outcome is recorded as unknown or interrupted. All other outcomes say that
/// the earlier call was over, and then it must have been over at the provider before the later one came
/// in.
final class NoWriteUnderAnOldEpoch implements Check {
    private static final Set<String> NOT_WAITED_FOR = Set.of("unknown", "interrupted");

    @Override
    public String name() {
        return "I4";
    }

    @Override
    public String promise() {
        return "no write under an old epoch, one live attempt";
    }

    @Override
    public String extent(Evidence evidence) {
        return evidence.ledger().attempts().size() + " attempts, "
                + evidence.ledger().attemptsByJob().values().stream()
                        .filter(attempts -> attempts.size() > 1)
                        .count()
                + " jobs with several";
    }

    @Override
    public List<Violation> find(Evidence evidence) {
        List<Violation> found = new ArrayList<>();
        Map<String, List<Ledger.Attempt>> attempts = evidence.ledger().attemptsByJob();
        Map<String, Ledger.Outcome> ends = evidence.ledger().ends();
        attempts.forEach((job, tries) -> judge(job, tries, ends.get(job), found));
        ends.forEach((job, end) -> {
            boolean answered = attempts.getOrDefault(job, List.of()).stream()
                    .anyMatch(attempt ->
                            attempt.epoch() == end.epoch() && attempt.outcome().equals("answered"));
            if (end.status().equals("complete") && !answered) {
                found.add(Violation.of(this, "complete without an answer under its epoch: " + end, job));
            }
            if (end.status().equals("failed") && answered) {
                found.add(Violation.of(this, "failed although its last call was answered: " + end, job));
            }
        });
        overlaps(evidence, attempts, found);
        return found;
    }

    private void judge(String job, List<Ledger.Attempt> tries, Ledger.@Nullable Outcome end, List<Violation> found) {
        for (int i = 0; i < tries.size(); i++) {
            Ledger.Attempt attempt = tries.get(i);
            if (i > 0 && tries.get(i - 1).epoch() == attempt.epoch()) {
                found.add(Violation.of(this, "two attempts under one epoch: " + attempt, job));
            }
            if (end != null && attempt.epoch() > end.epoch()) {
                found.add(Violation.of(this, "an attempt after the end: " + attempt + ", " + end, job));
            }
            if (attempt.outcome().equals("answered") && (end == null || attempt.epoch() != end.epoch())) {
                found.add(Violation.of(this, "answered, and the job went on: " + attempt + ", " + end, job));
            }
        }
    }

    private void overlaps(Evidence evidence, Map<String, List<Ledger.Attempt>> attempts, List<Violation> found) {
        Map<String, List<Call>> calls = new HashMap<>();
        for (Call call : evidence.calls()) {
            String job = call.jobId();
            if (job != null && call.attempt() != null) {
                calls.computeIfAbsent(job, _ -> new ArrayList<>()).add(call);
            }
        }
        calls.forEach((job, seen) -> {
            for (Call earlier : seen) {
                for (Call later : seen) {
                    if (epoch(earlier) >= epoch(later)) {
                        continue;
                    }
                    Long ended = earlier.endedAt();
                    boolean overlap = ended == null || ended > later.receivedAt();
                    String outcome = attempts.getOrDefault(job, List.of()).stream()
                            .filter(attempt -> attempt.epoch() == epoch(earlier))
                            .map(Ledger.Attempt::outcome)
                            .findFirst()
                            .orElse("not recorded");
                    if (overlap && !NOT_WAITED_FOR.contains(outcome)) {
                        found.add(Violation.of(
                                this,
                                "called while the call before was live and its outcome is '" + outcome + "': " + earlier
                                        + ", " + later,
                                job));
                    }
                }
            }
        });
    }

    private static int epoch(Call call) {
        return Integer.parseInt(String.valueOf(call.attempt()));
    }
}
