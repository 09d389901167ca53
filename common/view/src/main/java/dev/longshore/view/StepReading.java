package dev.longshore.view;

import dev.longshore.job.JobStatus;
import dev.longshore.job.WaitReason;
import dev.longshore.money.Usd;
import dev.longshore.outbox.EventSequence;
import dev.longshore.view.JobView.Waiting;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Works out a job's steps from the rows that tell of it: claims, notes, the outcome. Their numbers put them in order,
/// whatever order they are read in.
final class StepReading {
    private final JobRow now;
    private final TreeMap<Long, Found> found = new TreeMap<>();

    // What the steps so far have come to.
    private int attempt;
    private long spentNanos;
    private @Nullable Instant startedAt;
    private @Nullable Found claim;

    StepReading(JobRow now) {
        this.now = now;
    }

    /// A row, not yet seen in its place.
    private record Found(
            JobStatus status,
            int epoch,
            Instant at,
            int attempt,
            boolean charged,
            long costNanos,
            @Nullable String reason,
            @Nullable Instant until,
            @Nullable String detail,
            boolean replay) {
        Found notBefore(Instant earlier) {
            return at.isBefore(earlier)
                    ? new Found(status, epoch, earlier, attempt, charged, costNanos, reason, until, detail, replay)
                    : this;
        }
    }

    /// Takes the current row of [JobTales]' statement.
    void add(ResultSet row) throws SQLException {
        int epoch = row.getInt("epoch");
        String kind = row.getString("kind");
        Instant until = JobRow.moment(row, "until");
        String reason = row.getString("reason");
        switch (kind) {
            case "accepted" -> {
                // Told apart from a time to start that had passed when it was accepted.
                boolean scheduled = until != null && until.isAfter(now.id().createdAt());
                add(row, scheduled ? JobStatus.WAITING : JobStatus.QUEUED, WaitReason.SCHEDULED.word(), false);
            }
            case "claimed" -> add(row, JobStatus.PROCESSING, null, false);
            case "waiting" -> {
                claimFor(row, epoch);
                add(row, JobStatus.WAITING, reason, false);
            }
            case "rescued", "handed_back", "fell_back" -> {
                claimFor(row, epoch);
                add(row, JobStatus.QUEUED, null, false);
            }
            case "woken" -> add(row, JobStatus.QUEUED, null, false);
            case "replayed" -> {
                put(new Found(
                        JobStatus.FAILED,
                        epoch - 1,
                        until == null ? JobRow.always(row, "at") : until,
                        0,
                        false,
                        0,
                        reason,
                        null,
                        row.getString("detail"),
                        false));
                add(row, JobStatus.QUEUED, null, true);
            }
            default -> add(row, JobStatus.of(kind).orElseThrow(), null, false);
        }
    }

    private void add(ResultSet row, JobStatus status, @Nullable String reason, boolean replay) throws SQLException {
        Instant at = JobRow.moment(row, "at");
        put(new Found(
                status,
                row.getInt("epoch"),
                at == null ? now.id().createdAt() : at,
                row.getInt("attempt"),
                row.getBoolean("charged"),
                row.getLong("cost_nanos"),
                reason,
                JobRow.moment(row, "until"),
                row.getString("detail"),
                replay));
    }

    /// A claim that ended without a call left no attempt behind, only what it led to.
    private void claimFor(ResultSet row, int epoch) throws SQLException {
        found.putIfAbsent(
                EventSequence.of(epoch, JobStatus.PROCESSING),
                new Found(
                        JobStatus.PROCESSING, epoch, JobRow.always(row, "at"), -1, false, 0, null, null, null, false));
    }

    private void put(Found step) {
        long number = EventSequence.of(step.epoch(), step.status());
        Found before = found.put(number, step);
        if (before != null && before.attempt() > step.attempt()) {
            found.put(number, before);
        }
    }

    /// The job with its steps.
    JobTale tale() {
        findClaimsWithoutTrace();
        findHowItBegan();
        List<Step> steps = new ArrayList<>(found.size());
        // Calls are written down in whole milliseconds and what happens between them more exactly, so that on a quick
        // machine a call may seem to have begun before the wait that it followed was over.
        Instant last = now.id().createdAt();
        for (Map.Entry<Long, Found> entry : found.entrySet()) {
            Found step = entry.getValue().notBefore(last);
            steps.add(step(entry.getKey(), step));
            last = step.at();
        }
        return new JobTale(now, steps);
    }

    /// Each epoch is that of a claim or of a replay, and a replay leaves a note. So what is missing was a claim, which
    /// ended the job without a call.
    private void findClaimsWithoutTrace() {
        int last = found.isEmpty() ? 0 : EventSequence.epoch(found.lastKey());
        for (int epoch = 1; epoch <= last; epoch++) {
            long number = EventSequence.of(epoch, JobStatus.PROCESSING);
            Found queued = found.get(EventSequence.of(epoch, JobStatus.QUEUED));
            boolean replayed = queued != null && queued.replay();
            if (!replayed && !found.containsKey(number)) {
                Instant at = Objects.requireNonNull(found.higherEntry(number))
                        .getValue()
                        .at();
                found.put(number, new Found(JobStatus.PROCESSING, epoch, at, -1, false, 0, null, null, null, false));
            }
        }
    }

    /// A job that was to wait was queued at once if its time had come before it was committed. It looks like one that
    /// waited, but that it is queued, or was claimed, and nobody woke it.
    private void findHowItBegan() {
        long waiting = EventSequence.of(0, JobStatus.WAITING);
        long queued = EventSequence.of(0, JobStatus.QUEUED);
        Found accepted = found.get(waiting);
        boolean notYetClaimed = found.size() == 1 && now.status() == JobStatus.QUEUED;
        boolean claimed = found.containsKey(EventSequence.of(1, JobStatus.PROCESSING));
        if (accepted != null && !found.containsKey(queued) && (notYetClaimed || claimed)) {
            found.remove(waiting);
            found.put(queued, new Found(JobStatus.QUEUED, 0, accepted.at(), 0, false, 0, null, null, null, false));
        }
    }

    private Step step(long number, Found step) {
        leaveClaim();
        if (step.replay()) {
            attempt = 0;
            startedAt = null;
        }
        if (step.status() == JobStatus.PROCESSING) {
            attempt = step.attempt() < 0 ? attempt + 1 : step.attempt();
            startedAt = Objects.requireNonNullElse(startedAt, step.at());
            claim = step;
        } else if (step.attempt() >= 0 && !step.status().terminal() && !step.replay()) {
            attempt = step.attempt();
        }
        return new Step(
                number,
                step.status(),
                step.at(),
                attempt,
                new Usd(spentNanos),
                step.status() == JobStatus.WAITING
                        ? new Waiting(
                                Objects.requireNonNullElse(step.reason(), WaitReason.BACKOFF.word()),
                                Objects.requireNonNullElse(step.until(), step.at()),
                                step.detail())
                        : null,
                step.status() == JobStatus.FAILED && step.reason() != null
                        ? JobRow.failure(step.reason(), step.detail(), Map.of())
                        : null,
                startedAt);
    }

    private void leaveClaim() {
        Found left = claim;
        if (left != null) {
            spentNanos += left.costNanos();
            if (!left.charged()) {
                attempt--;
            }
            claim = null;
        }
    }
}
