package dev.longshore.job;

import dev.longshore.job.NewJob.IdempotencyGuard;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// Writes a group of new jobs in one transaction of one statement.
final class Accepting {
    private static final String ACCEPT = """
            WITH incoming AS MATERIALIZED (
                SELECT *
                  FROM unnest(?::uuid[], ?::int[], ?::text[], ?::int[], ?::lane[], ?::int[], ?::text[], ?::text[], ?::text[], ?::text[],
                              ?::int[], ?::bigint[], ?::bigint[], ?::bool[], ?::uuid[], ?::text[], ?::bytea[], ?::bigint[], ?::bool[],
                              ?::uuid[], ?::uuid[], ?::text[], ?::text[])
                       AS i (job_id, tenant_id, operation, operation_version, lane, priority, model, input, options, labels,
                             max_attempts, deadline_ms, run_at_ms, fail_on_unknown, trace_id, key, fingerprint, key_ms, direct,
                             receiver_id, endpoint_id, url, events)
            ),
            -- An expired key is taken over as if it had never been; a living one is left alone, and its job is not written.
            keyed AS (
                INSERT INTO idempotency_key AS k (tenant_id, key, job_id, fingerprint, expires_at)
                SELECT tenant_id, key, job_id, fingerprint, now() + key_ms * interval '1 millisecond'
                  FROM incoming
                 WHERE key IS NOT NULL
                 ORDER BY tenant_id, key
                ON CONFLICT (tenant_id, key) DO UPDATE
                   SET job_id = excluded.job_id, fingerprint = excluded.fingerprint, expires_at = excluded.expires_at
                 WHERE k.expires_at <= now()
                RETURNING job_id
            ),
            -- A tenant with a backlog on a lane does not overtake itself.
            busy AS (
                SELECT lane, tenant_id
                  FROM (SELECT DISTINCT lane, tenant_id FROM incoming WHERE direct) AS d
                 WHERE EXISTS (SELECT 1
                                 FROM job_run b
                                WHERE b.lane = d.lane AND b.tenant_id = d.tenant_id
                                  AND b.dispatched_at IS NULL AND b.wait_reason IS NULL
                               OFFSET 0)      -- one probe a tenant, and no join that reads the whole backlog
            ),
            fresh AS (
                SELECT i.*,
                       greatest(now(), to_timestamp(i.run_at_ms / 1000.0)) AS starts_at,
                       to_timestamp(i.run_at_ms / 1000.0) > now() IS TRUE AS scheduled,
                       i.deadline_ms * interval '1 millisecond' AS deadline
                  FROM incoming i
                 WHERE i.key IS NULL OR i.job_id IN (SELECT job_id FROM keyed)
            ),
            asked AS (
                INSERT INTO job (tenant_id, job_id, lane, operation_version, max_attempts, priority, deadline, run_at, trace_id,
                                 fail_on_unknown, operation, model, input, options, labels)
                SELECT tenant_id, job_id, lane, operation_version, max_attempts, priority, deadline, to_timestamp(run_at_ms / 1000.0),
                       trace_id, fail_on_unknown, operation, model, input, options, labels::jsonb
                  FROM fresh
                RETURNING job_id
            ),
            hooked AS (
                INSERT INTO job_webhook (job_id, receiver_id, endpoint_id, tenant_id, url, events)
                SELECT job_id, receiver_id, endpoint_id, tenant_id, url, string_to_array(events, ',')
                  FROM fresh
                 WHERE receiver_id IS NOT NULL
                RETURNING job_id
            ),
            begun AS (
                INSERT INTO job_run (job_id, deadline_at, wake_at, rank, dispatched_at, tenant_id, lane, status, wait_reason,
                                     max_attempts, priority, fail_on_unknown, notify)
                SELECT job_id,
                       starts_at + deadline,
                       CASE WHEN scheduled THEN starts_at ELSE starts_at + deadline END,
                       starts_at - priority * interval '1 second',
                       CASE WHEN direct AND NOT scheduled AND (lane, tenant_id) NOT IN (SELECT lane, tenant_id FROM busy) THEN now() END,
                       tenant_id,
                       lane,
                       CASE WHEN scheduled THEN 'waiting' ELSE 'queued' END::job_status,
                       CASE WHEN scheduled THEN 'scheduled' END::wait_reason,
                       max_attempts,
                       priority,
                       fail_on_unknown,
                       receiver_id IS NOT NULL
                  FROM fresh
                RETURNING *
            ),
            told AS (
                SELECT post_events(true, array_agg(job_id), array_agg(tenant_id), array_agg(epoch), array_agg(lane), array_agg(status),
                                   array_agg(attempt), array_agg(wait_reason::text), array_agg(notify)) AS posted
                  FROM begun
                 -- Whom to tell depends on the job's labels and its webhook: both have to be there first.
                 WHERE (SELECT count(*) FROM asked) + (SELECT count(*) FROM hooked) > 0
            )
            SELECT job_id, dispatched_at IS NOT NULL, (SELECT posted FROM told), now(), status
              FROM begun
            """;

    private static final String OWNERS_OF_KEYS = """
            SELECT k.tenant_id, k.key, k.job_id, k.fingerprint,
                   EXISTS (SELECT FROM job_run r WHERE r.job_id = k.job_id AND r.wait_reason = 'scheduled' OFFSET 0)
              FROM unnest(?::int[], ?::text[]) AS i (tenant_id, key)
             CROSS JOIN LATERAL (SELECT *
                                   FROM idempotency_key k
                                  WHERE k.tenant_id = i.tenant_id AND k.key = i.key
                                    -- An expired one is free: when another job of the group was written before, nobody has tried to take it.
                                    AND k.expires_at > now()
                                 OFFSET 0) AS k
            """;

    private static final String WRITTEN_BEFORE = """
            SELECT i.job_id,
                   EXISTS (SELECT FROM job_run r WHERE r.job_id = i.job_id AND r.wait_reason = 'scheduled' OFFSET 0)
              FROM unnest(?::int[], ?::uuid[]) AS i (tenant_id, job_id)
             CROSS JOIN LATERAL (SELECT FROM job j WHERE j.tenant_id = i.tenant_id AND j.job_id = i.job_id OFFSET 0) AS j
            """;

    private static final String UNIQUE_VIOLATION = "23505";

    /// A key can vanish between losing to it and looking at it only by expiring in that instant; twice in a
    /// row is a bug.
    private static final int ROUNDS = 3;

    private final DataSource database;
    private final ChangeListener listener;

    Accepting(DataSource database, ChangeListener listener) {
        this.database = database;
        this.listener = listener;
    }

    List<Accepted> accept(List<NewJob> jobs) throws SQLException {
        Map<JobId, Accepted> answers = HashMap.newHashMap(jobs.size());
        List<NewJob> open = jobs;
        try (Connection connection = database.getConnection()) {
            for (int round = 0; !open.isEmpty() && round < ROUNDS; round++) {
                List<NewJob> firsts = firstOfEachKey(open);
                try {
                    write(connection, firsts, answers);
                } catch (SQLException e) {
                    // Ids are never given twice, so somebody who was not told of our commit is asking again.
                    if (!UNIQUE_VIOLATION.equals(e.getSQLState()) || !findWritten(connection, firsts, answers)) {
                        throw e;
                    }
                }
                List<NewJob> guarded = open.stream()
                        .filter(job -> job.guard() != null && !answers.containsKey(job.id()))
                        .toList();
                if (!guarded.isEmpty()) {
                    findOwners(connection, guarded, answers);
                }
                open = open.stream()
                        .filter(job -> !answers.containsKey(job.id()))
                        .toList();
            }
        }
        if (!open.isEmpty()) {
            throw new SQLException("idempotency keys of " + open.size() + " jobs are neither free nor taken");
        }
        List<Accepted> inOrder = new ArrayList<>(jobs.size());
        for (NewJob job : jobs) {
            inOrder.add(Objects.requireNonNull(answers.get(job.id())));
        }
        return inOrder;
    }

    /// One statement may not meet the same key twice, so only the first job of each key in the group tries
    /// to take it.
    private static List<NewJob> firstOfEachKey(List<NewJob> jobs) {
        record Key(int tenantId, String key) {}
        Map<Key, JobId> first = new HashMap<>();
        List<NewJob> chosen = new ArrayList<>(jobs.size());
        for (NewJob job : jobs) {
            IdempotencyGuard guard = job.guard();
            if (guard == null || first.putIfAbsent(new Key(job.tenantId(), guard.key()), job.id()) == null) {
                chosen.add(job);
            }
        }
        // In the order of their ids, so that the indexes grow at one end and groups that meet cannot deadlock.
        chosen.sort((a, b) -> a.id().compareTo(b.id()));
        return chosen;
    }

    private void write(Connection connection, List<NewJob> jobs, Map<JobId, Accepted> answers) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ACCEPT)) {
            new Columns<>(connection, statement, jobs)
                    .uuids(job -> job.id().uuid())
                    .ints(NewJob::tenantId)
                    .texts(NewJob::operation)
                    .ints(NewJob::operationVersion)
                    .texts(job -> job.lane().word())
                    .ints(NewJob::priority)
                    .texts(NewJob::model)
                    .texts(NewJob::input)
                    .texts(NewJob::options)
                    .texts(NewJob::labels)
                    .ints(NewJob::maxAttempts)
                    .longs(job -> job.deadline().toMillis())
                    .longs(job -> millis(job.runAt()))
                    .booleans(NewJob::failOnUnknown)
                    .uuids(NewJob::traceId)
                    .texts(job -> job.guard() == null ? null : job.guard().key())
                    .bytes(job -> job.guard() == null ? null : job.guard().fingerprint())
                    .longs(job ->
                            job.guard() == null ? null : millis(job.guard().retention()))
                    .booleans(NewJob::direct)
                    .uuids(job -> job.webhook() == null ? null : job.webhook().receiverId())
                    .uuids(job -> job.webhook() == null ? null : job.webhook().endpointId())
                    .texts(job -> job.webhook() == null ? null : job.webhook().url())
                    .texts(job -> job.webhook() == null
                            ? null
                            : String.join(",", job.webhook().events()));
            Map<JobId, NewJob> byId = HashMap.newHashMap(jobs.size());
            jobs.forEach(job -> byId.put(job.id(), job));
            List<Change> changes = new ArrayList<>(jobs.size());
            long posted = 0;
            Instant at = Instant.EPOCH;
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    JobId id = new JobId(rows.getObject(1, UUID.class));
                    boolean waits = JobStatus.WAITING.word().equals(rows.getString(5));
                    answers.put(id, new Accepted.Fresh(id, rows.getBoolean(2), waits));
                    if (changes.isEmpty()) {
                        posted = rows.getLong(3);
                        at = rows.getTimestamp(4).toInstant();
                    }
                    NewJob job = Objects.requireNonNull(byId.get(id));
                    changes.add(new Change(
                            id,
                            job.tenantId(),
                            0,
                            job.lane(),
                            waits ? JobStatus.WAITING : JobStatus.QUEUED,
                            0,
                            waits ? WaitReason.SCHEDULED.word() : null,
                            at));
                }
            }
            if (!changes.isEmpty()) {
                listener.changed(posted, changes);
            }
        }
    }

    /// Answers those jobs that are there already. Whether their tickets were sent is not known; one too many
    /// does no harm.
    ///
    /// @return whether there were any
    private static boolean findWritten(Connection connection, List<NewJob> jobs, Map<JobId, Accepted> answers)
            throws SQLException {
        boolean any = false;
        try (PreparedStatement statement = connection.prepareStatement(WRITTEN_BEFORE)) {
            new Columns<>(connection, statement, jobs)
                    .ints(NewJob::tenantId)
                    .uuids(job -> job.id().uuid());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    JobId id = new JobId(rows.getObject(1, UUID.class));
                    answers.put(id, new Accepted.Fresh(id, true, rows.getBoolean(2)));
                    any = true;
                }
            }
        }
        return any;
    }

    private static void findOwners(Connection connection, List<NewJob> jobs, Map<JobId, Accepted> answers)
            throws SQLException {
        record Key(int tenantId, String key) {}
        Map<Key, Owner> owners = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(OWNERS_OF_KEYS)) {
            new Columns<>(connection, statement, jobs)
                    .ints(NewJob::tenantId)
                    .texts(job -> guardOf(job).key());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    owners.put(new Key(rows.getInt(1), rows.getString(2)), owner(rows));
                }
            }
        }
        for (NewJob job : jobs) {
            IdempotencyGuard guard = guardOf(job);
            Owner owner = owners.get(new Key(job.tenantId(), guard.key()));
            if (owner != null) {
                answers.put(job.id(), answer(job, guard, owner));
            }
        }
    }

    private static Accepted answer(NewJob job, IdempotencyGuard guard, Owner owner) {
        // Its own was written by an earlier call whose success was not seen.
        return owner.job().equals(job.id()) ? new Accepted.Fresh(job.id(), true, owner.waits()) : owner.answer(guard);
    }

    Optional<Accepted> known(int tenantId, IdempotencyGuard guard) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(OWNERS_OF_KEYS)) {
            new Columns<>(connection, statement, List.of(guard))
                    .ints(_ -> tenantId)
                    .texts(IdempotencyGuard::key);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(owner(row).answer(guard)) : Optional.empty();
            }
        }
    }

    private static Owner owner(ResultSet row) throws SQLException {
        return new Owner(new JobId(row.getObject(3, UUID.class)), row.getBytes(4), row.getBoolean(5));
    }

    /// @param waits whether the job waits for its time
    private record Owner(JobId job, byte[] fingerprint, boolean waits) {
        Accepted answer(IdempotencyGuard guard) {
            return Arrays.equals(fingerprint, guard.fingerprint())
                    ? new Accepted.Replayed(job)
                    : new Accepted.KeyReused(job);
        }
    }

    private static IdempotencyGuard guardOf(NewJob job) {
        return Objects.requireNonNull(job.guard());
    }

    private static @Nullable Long millis(@Nullable Instant moment) {
        return moment == null ? null : moment.toEpochMilli();
    }

    private static Long millis(Duration duration) {
        return duration.toMillis();
    }
}
