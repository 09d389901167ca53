package dev.longshore.rig.proof;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What the database says of all jobs, read in one snapshot.
public record Ledger(
        List<Job> jobs,
        List<Run> runs,
        List<Outcome> outcomes,
        List<Attempt> attempts,
        List<Note> notes,
        List<Key> keys,
        List<Total> totals,
        List<Step> steps) {
    /// What was asked.
    ///
    /// @param order the number of the order that it was made for; -1 for none
    public record Job(
            String id,
            int tenant,
            int order,
            String lane,
            int maxAttempts,
            boolean failOnUnknown,
            boolean scheduled,
            Instant createdAt,
            Map<String, String> labels) {}

    /// What is going on.
    public record Run(String job, String status, int epoch, int attempt) {}

    /// What came of it.
    public record Outcome(
            String job,
            int tenant,
            String lane,
            String status,
            int epoch,
            int attempt,
            long costNanos,
            @Nullable Instant startedAt,
            Instant finishedAt) {}

    /// One call.
    public record Attempt(
            String job,
            int tenant,
            String model,
            int epoch,
            int attempt,
            int worker,
            String outcome,
            boolean charged,
            long inputTokens,
            long outputTokens,
            long costNanos,
            Instant startedAt,
            Instant endedAt) {}

    /// What the other tables cannot tell, in the order in which it was written.
    public record Note(String job, String kind, Instant at) {}

    /// An idempotency key and its job.
    public record Key(int tenant, String key, String job) {}

    /// What was booked for one tenant and model, over all days.
    public record Total(
            int tenant,
            String model,
            long attempts,
            long completed,
            long inputTokens,
            long outputTokens,
            long costNanos) {}

    /// A change of a job's status.
    ///
    /// @param number the event's among those of its job
    /// @param sure false where what is left of the job does not tell whether it was so
    public record Step(String job, long number, String status, Instant at, boolean sure) {
        /// What happened, as outsiders spell it.
        public String type() {
            return "job." + status;
        }
    }

    /// Each job's attempts, by epoch.
    public Map<String, List<Attempt>> attemptsByJob() {
        return attempts.stream()
                .sorted((a, b) -> Integer.compare(a.epoch(), b.epoch()))
                .collect(Collectors.groupingBy(Attempt::job));
    }

    /// Each job's notes, in their order.
    public Map<String, List<Note>> notesByJob() {
        return notes.stream().collect(Collectors.groupingBy(Note::job));
    }

    /// How often each job was replayed.
    public Map<String, Long> replays() {
        return notes.stream()
                .filter(note -> note.kind().equals("replayed"))
                .collect(Collectors.groupingBy(Note::job, Collectors.counting()));
    }

    /// The end of each job that is over.
    public Map<String, Outcome> ends() {
        return outcomes.stream().collect(Collectors.toMap(Outcome::job, end -> end, (first, _) -> first));
    }

    /// A ledger of these jobs alone, to look at.
    public Ledger of(Set<String> ids) {
        return new Ledger(
                jobs.stream().filter(row -> ids.contains(row.id())).toList(),
                runs.stream().filter(row -> ids.contains(row.job())).toList(),
                outcomes.stream().filter(row -> ids.contains(row.job())).toList(),
                attempts.stream().filter(row -> ids.contains(row.job())).toList(),
                notes.stream().filter(row -> ids.contains(row.job())).toList(),
                keys.stream().filter(row -> ids.contains(row.job())).toList(),
                List.of(),
                steps.stream().filter(row -> ids.contains(row.job())).toList());
    }
}
