package dev.longshore.rig.proof;

import dev.longshore.simulator.Call;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// I5: every call that the provider saw is recorded, once; every recorded attempt was a call, but for
/// those of which nobody can know; no job was called more often than it may be.
final class CallsAreAttempts implements Check {
    private static final Set<String> PERHAPS_CALLED = Set.of("unknown", "interrupted");

    private record Try(String job, int epoch) {}

    @Override
    public String name() {
        return "I5";
    }

    @Override
    public String promise() {
        return "calls seen = attempts recorded, never too many";
    }

    @Override
    public String extent(Evidence evidence) {
        long unknown = evidence.ledger().attempts().stream()
                .filter(attempt -> PERHAPS_CALLED.contains(attempt.outcome()))
                .count();
        return evidence.calls().size() + " calls, " + unknown + " of unknown outcome";
    }

    @Override
    public List<Violation> find(Evidence evidence) {
        List<Violation> found = new ArrayList<>();
        Map<String, Ledger.Job> jobs = new HashMap<>();
        evidence.ledger().jobs().forEach(job -> jobs.put(job.id(), job));
        Set<Try> recorded = new HashSet<>();
        evidence.ledger().attempts().forEach(attempt -> recorded.add(new Try(attempt.job(), attempt.epoch())));
        Set<Try> seen = new HashSet<>();
        for (Call call : evidence.calls()) {
            String job = call.jobId();
            String epoch = call.attempt();
            if (job == null || epoch == null) {
                found.add(Violation.of(this, "a call of no job: " + call));
                continue;
            }
            Try made = new Try(job, Integer.parseInt(epoch));
            if (!seen.add(made)) {
                found.add(Violation.of(this, "called twice under one claim: " + made, job));
            }
            if (!recorded.contains(made)) {
                found.add(Violation.of(this, "called and not recorded: " + call, job));
            }
        }
        for (Ledger.Attempt attempt : evidence.ledger().attempts()) {
            if (!seen.contains(new Try(attempt.job(), attempt.epoch()))
                    && !PERHAPS_CALLED.contains(attempt.outcome())) {
                found.add(Violation.of(this, "recorded and never called: " + attempt, attempt.job()));
            }
        }
        Map<String, Long> replays = evidence.ledger().replays();
        evidence.ledger().attemptsByJob().forEach((id, tries) -> {
            Ledger.Job job = Objects.requireNonNull(jobs.get(id), id);
            long lives = 1 + replays.getOrDefault(id, 0L);
            long charged = tries.stream().filter(Ledger.Attempt::charged).count();
            if (charged > lives * job.maxAttempts()
                    || tries.stream().anyMatch(attempt -> attempt.attempt() > job.maxAttempts())) {
                found.add(Violation.of(
                        this,
                        charged + " attempts charged in " + lives + " lives, " + job.maxAttempts()
                                + " allowed in each: " + id,
                        id));
            }
            long lost = tries.stream()
                    .filter(attempt -> PERHAPS_CALLED.contains(attempt.outcome()))
                    .count();
            boolean lastWasLost = PERHAPS_CALLED.contains(tries.getLast().outcome());
            // Each such call ends a life, so all but the last must have been followed by a replay.
            if (job.failOnUnknown() && lost > (lastWasLost ? lives : lives - 1)) {
                found.add(Violation.of(this, "called again although it must not be after a lost answer: " + tries, id));
            }
        });
        return found;
    }
}
