package dev.longshore.job;

import dev.longshore.attempt.Answer;
import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.attempt.ErrorCode;
import dev.longshore.attempt.Usage;
import dev.longshore.job.Settlement.Bury;
import dev.longshore.job.Settlement.Cancel;
import dev.longshore.job.Settlement.Complete;
import dev.longshore.job.Settlement.FallBack;
import dev.longshore.job.Settlement.HandBack;
import dev.longshore.job.Settlement.Wait;
import dev.longshore.job.Verdict.Call;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// Records a group of verdicts: one statement for those that end their job, one for those that send it back
/// to wait or to queue. Each row is guarded by its epoch; a verdict that finds no row has lost its job to
/// somebody else and is dropped.
final class Settling {
    private static final String END = """
            WITH verdict AS MATERIALIZED (
                SELECT *
                  FROM unnest(?::uuid[], ?::int[], ?::job_status[], ?::bool[], ?::text[], ?::text[], ?::text[], ?::text[], ?::int[],
                              ?::text[], ?::text[], ?::bigint[], ?::bigint[], ?::attempt_outcome[], ?::int[], ?::int[], ?::text[],
                              ?::bigint[], ?::bigint[], ?::int[], ?::int[], ?::int[], ?::bool[], ?::bool[])
                       AS v (job_id, epoch, status, discard, error_code, error_message, result, model_version, latency_ms,
                             provider, provider_model, started_ms, ended_ms, outcome, http_status, first_byte_ms, request_id,
                             cost_nanos, held_nanos, input_tokens, cached_input_tokens, output_tokens, charged, only_if_cancelled)
            ),
            ended AS (
                DELETE FROM job_run r
                 USING verdict v
                 WHERE r.job_id = ANY (ARRAY[v.job_id])
                   AND r.epoch = v.epoch
                   AND r.status = 'processing'
                   AND (r.cancel_requested OR NOT v.only_if_cancelled)
                RETURNING r.tenant_id, r.lane, r.attempt, r.started_at, r.claimed_at, r.deadline_at, r.spent_nanos, r.worker_id, r.notify,
                          -- A cancel that was answered as accepted wins over whatever came in afterwards.
                          CASE WHEN r.cancel_requested THEN 'cancelled' ELSE v.status END AS end_status,
                          v.*
            ),
            recorded AS (
                INSERT INTO job_outcome (job_id, finished_at, deadline_at, started_at, claimed_at, discarded_at, cost_nanos, tenant_id,
                                         epoch, lane, status, attempt, input_tokens, cached_input_tokens, output_tokens, latency_ms,
                                         provider_status, provider, model, model_version, error_code, error_message, result)
                SELECT job_id, clock_timestamp(), deadline_at, started_at, claimed_at,
                       CASE WHEN discard AND end_status = 'failed' THEN clock_timestamp() END,
                       spent_nanos + cost_nanos, tenant_id, epoch, lane, end_status,
                       -- What would not have counted had the job gone round again does not count when a cancel ends it.
                       CASE WHEN charged THEN attempt ELSE attempt - 1 END,
                       input_tokens, cached_input_tokens, output_tokens, latency_ms, http_status, provider, provider_model, model_version,
                       CASE WHEN end_status = 'failed' THEN error_code END,
                       CASE WHEN end_status = 'failed' THEN error_message END,
                       CASE WHEN end_status = 'complete' THEN result END
                  FROM ended
            ),
            tried AS (
                INSERT INTO attempt (job_id, epoch, tenant_id, worker_id, started_at, ended_at, cost_nanos, held_nanos, input_tokens,
                                     cached_input_tokens, output_tokens, outcome, attempt, charged, http_status, first_byte_ms, provider,
                                     model, error_code, error_message, provider_request_id)
                SELECT job_id, epoch, tenant_id, worker_id, to_timestamp(started_ms / 1000.0), to_timestamp(ended_ms / 1000.0),
                       cost_nanos, held_nanos, input_tokens, cached_input_tokens, output_tokens, outcome, attempt, charged, http_status,
                       first_byte_ms, provider, provider_model, error_code, error_message, request_id
                  FROM ended
                 WHERE outcome IS NOT NULL
            ),
            booked AS (
                INSERT INTO usage_total AS u (day, tenant_id, shard, model, attempts, completed, input_tokens, cached_input_tokens,
                                              output_tokens, cost_nanos)
                SELECT (now() AT TIME ZONE 'UTC')::date, tenant_id, ?, provider_model, count(*),
                       count(*) FILTER (WHERE end_status = 'complete'),
                       sum(input_tokens), sum(cached_input_tokens), sum(output_tokens), sum(cost_nanos)
                  FROM ended
                 WHERE outcome IS NOT NULL
                 GROUP BY tenant_id, provider_model
                 ORDER BY tenant_id, provider_model
                ON CONFLICT (tenant_id, day, model, shard) DO UPDATE
                   SET attempts = u.attempts + excluded.attempts,
                       completed = u.completed + excluded.completed,
                       input_tokens = u.input_tokens + excluded.input_tokens,
                       cached_input_tokens = u.cached_input_tokens + excluded.cached_input_tokens,
                       output_tokens = u.output_tokens + excluded.output_tokens,
                       cost_nanos = u.cost_nanos + excluded.cost_nanos
            ),
            told AS (
                SELECT post_events(true, array_agg(job_id), array_agg(tenant_id), array_agg(epoch), array_agg(lane), array_agg(end_status),
                                   array_agg(CASE WHEN charged THEN attempt ELSE attempt - 1::smallint END), array_agg(CASE WHEN end_status = 'failed' THEN error_code END), array_agg(notify)) AS posted
                  FROM ended
            )
            SELECT job_id, end_status, (SELECT posted FROM told), now()
              FROM ended
            """;

    private static final String MOVE = """
            WITH verdict AS MATERIALIZED (
                SELECT *
                  FROM unnest(?::uuid[], ?::int[], ?::wait_reason[], ?::bigint[], ?::text[], ?::bool[], ?::text[], ?::text[], ?::text[],
                              ?::text[], ?::bigint[], ?::bigint[], ?::attempt_outcome[], ?::int[], ?::int[], ?::text[], ?::bigint[],
                              ?::bigint[], ?::int[], ?::int[], ?::int[], ?::int[], ?::int[], ?::int[], ?::text[])
                       AS v (job_id, epoch, reason, until_ms, detail, charged, error_code, error_message, provider, provider_model,
                             started_ms, ended_ms, outcome, http_status, first_byte_ms, request_id, cost_nanos, held_nanos,
                             input_tokens, cached_input_tokens, output_tokens, worker, tenant, attempt, ask_model)
            ),
            moved AS (
                UPDATE job_run r
                   SET status = CASE WHEN v.reason IS NULL THEN 'queued' ELSE 'waiting' END::job_status,
                       wait_reason = v.reason,
                       wait_detail = CASE WHEN v.reason IS NOT NULL THEN v.detail END,
                       wake_at = CASE WHEN v.reason IS NULL THEN r.deadline_at
                                      ELSE least(to_timestamp(v.until_ms / 1000.0), r.deadline_at) END,
                       dispatched_at = NULL,
                       worker_id = NULL,
                       attempt = CASE WHEN v.charged THEN r.attempt ELSE r.attempt - 1 END,
                       timeouts = r.timeouts + (v.error_code IS NOT DISTINCT FROM 'MODEL_TIMEOUT')::int::smallint,
                       spent_nanos = r.spent_nanos + v.cost_nanos,
                       model = coalesce(v.ask_model, r.model)
                  FROM verdict v
                 WHERE r.job_id = ANY (ARRAY[v.job_id])
                   AND r.epoch = v.epoch
                   AND r.status = 'processing'
                   AND NOT r.cancel_requested        -- it ends here instead of going round again
                RETURNING v.*, r.status AS new_status, r.lane, r.attempt AS charged_attempts, r.notify
            ),
            tried AS (
                INSERT INTO attempt (job_id, epoch, tenant_id, worker_id, started_at, ended_at, cost_nanos, held_nanos, input_tokens,
                                     cached_input_tokens, output_tokens, outcome, attempt, charged, http_status, first_byte_ms, provider,
                                     model, error_code, error_message, provider_request_id)
                SELECT job_id, epoch, tenant, worker, to_timestamp(started_ms / 1000.0), to_timestamp(ended_ms / 1000.0), cost_nanos,
                       held_nanos, input_tokens, cached_input_tokens, output_tokens, outcome, attempt, charged, http_status,
                       first_byte_ms, provider, provider_model, error_code, error_message, request_id
                  FROM moved
                 WHERE outcome IS NOT NULL
            ),
            booked AS (
                INSERT INTO usage_total AS u (day, tenant_id, shard, model, attempts, completed, input_tokens, cached_input_tokens,
                                              output_tokens, cost_nanos)
                SELECT (now() AT TIME ZONE 'UTC')::date, tenant, ?, provider_model, count(*), 0, sum(input_tokens),
                       sum(cached_input_tokens), sum(output_tokens), sum(cost_nanos)
                  FROM moved
                 WHERE outcome IS NOT NULL
                 GROUP BY tenant, provider_model
                 ORDER BY tenant, provider_model
                ON CONFLICT (tenant_id, day, model, shard) DO UPDATE
                   SET attempts = u.attempts + excluded.attempts,
                       input_tokens = u.input_tokens + excluded.input_tokens,
                       cached_input_tokens = u.cached_input_tokens + excluded.cached_input_tokens,
                       output_tokens = u.output_tokens + excluded.output_tokens,
                       cost_nanos = u.cost_nanos + excluded.cost_nanos
            ),
            noted AS (
                INSERT INTO job_note (job_id, epoch, at, kind, who, detail)
                SELECT job_id, epoch, clock_timestamp(),
                       CASE WHEN reason IS NOT NULL THEN 'waiting' WHEN ask_model IS NOT NULL THEN 'fell_back'
                            WHEN charged THEN 'rescued' ELSE 'handed_back' END,
                       'worker ' || worker,
                       jsonb_strip_nulls(jsonb_build_object('reason', reason, 'until', to_timestamp(until_ms / 1000.0), 'detail', detail, 'model', ask_model,
                                                            'attempt', charged_attempts))
                  FROM moved
            ),
            told AS (
                SELECT post_events(true, array_agg(job_id), array_agg(tenant), array_agg(epoch), array_agg(lane), array_agg(new_status),
                                   array_agg(charged_attempts), array_agg(reason::text), array_agg(notify)) AS posted
                  FROM moved
            )
            SELECT job_id, NULL, (SELECT posted FROM told), now()
              FROM moved
            """;

    private final DataSource database;
    private final ChangeListener listener;

    Settling(DataSource database, ChangeListener listener) {
        this.database = database;
        this.listener = listener;
    }

    /// @param shard which row of a usage total this settler adds to
    /// @return the jobs whose verdict took effect
    Set<JobId> settle(List<Verdict> verdicts, int shard) throws SQLException {
        List<Row> ends = new ArrayList<>(verdicts.size());
        List<Verdict> moves = new ArrayList<>();
        for (Verdict verdict : verdicts) {
            switch (verdict.settlement()) {
                case Complete _, Bury _, Cancel _ -> ends.add(new Row(verdict, false));
                case Wait _, HandBack _, FallBack _ -> moves.add(verdict);
            }
        }
        Set<JobId> applied = HashSet.newHashSet(verdicts.size());
        try (Connection connection = database.getConnection()) {
            if (!moves.isEmpty()) {
                applied.addAll(move(connection, moves, shard));
                // What did not move was either lost to somebody else or is to be cancelled; the guard of END
                // tells the two apart.
                for (Verdict verdict : moves) {
                    if (!applied.contains(verdict.job().id())) {
                        ends.add(new Row(verdict, true));
                    }
                }
            }
            if (!ends.isEmpty()) {
                applied.addAll(end(connection, ends, shard));
            }
        }
        return applied;
    }

    private record Row(Verdict verdict, boolean onlyIfCancelled) {
        String status() {
            return switch (verdict.settlement()) {
                case Complete _ -> JobStatus.COMPLETE.word();
                case Bury _ -> JobStatus.FAILED.word();
                case Cancel _, Wait _, HandBack _, FallBack _ -> JobStatus.CANCELLED.word();
            };
        }

        @Nullable
        Answer answer() {
            return verdict.settlement() instanceof Complete(var answer) ? answer : null;
        }

        boolean discard() {
            return verdict.settlement() instanceof Bury(var _, var _, var discard) && discard;
        }

        @Nullable
        String errorCode() {
            return verdict.settlement() instanceof Bury(var code, var _, var _) ? code.name() : errorCodeOf(verdict);
        }

        @Nullable
        String errorMessage() {
            return verdict.settlement() instanceof Bury(var _, var message, var _) ? message : errorMessageOf(verdict);
        }
    }

    private Set<JobId> end(Connection connection, List<Row> rows, int shard) throws SQLException {
        rows.sort((a, b) -> a.verdict().job().id().compareTo(b.verdict().job().id()));
        try (PreparedStatement statement = connection.prepareStatement(END)) {
            new Columns<>(connection, statement, rows)
                    .uuids(row -> row.verdict().job().id().uuid())
                    .ints(row -> row.verdict().job().epoch())
                    .texts(Row::status)
                    .booleans(Row::discard)
                    .texts(Row::errorCode)
                    .texts(Row::errorMessage)
                    .texts(row -> row.answer() == null ? null : row.answer().result())
                    .texts(row -> row.answer() == null ? null : row.answer().modelVersion())
                    .ints(row ->
                            row.answer() == null ? null : millis(row.answer().latency()))
                    .texts(row -> row.verdict().call() == null
                            ? null
                            : row.verdict().call().provider())
                    .texts(row -> row.verdict().call() == null
                            ? null
                            : row.verdict().call().model())
                    .longs(row -> row.verdict().call() == null
                            ? null
                            : millis(row.verdict().call().startedAt()))
                    .longs(row -> row.verdict().call() == null
                            ? null
                            : millis(row.verdict().call().endedAt()))
                    .texts(row -> outcomeOf(row.verdict()))
                    .ints(row -> httpStatusOf(row.verdict()))
                    .ints(row -> firstByteOf(row.verdict()))
                    .texts(row -> requestIdOf(row.verdict()))
                    .longs(row -> costOf(row.verdict()))
                    .longs(row -> heldOf(row.verdict()))
                    .ints(row -> usageOf(row.verdict()).inputTokens())
                    .ints(row -> usageOf(row.verdict()).cachedInputTokens())
                    .ints(row -> usageOf(row.verdict()).outputTokens())
                    .booleans(row -> row.verdict().settlement().charged())
                    .booleans(Row::onlyIfCancelled)
                    .then(shard);
            Map<JobId, Row> byId = HashMap.newHashMap(rows.size());
            rows.forEach(row -> byId.put(row.verdict().job().id(), row));
            return changed(statement, (job, status, at) -> {
                Row row = Objects.requireNonNull(byId.get(job));
                JobStatus end = JobStatus.of(Objects.requireNonNull(status)).orElseThrow();
                return change(row.verdict(), end, end == JobStatus.FAILED ? row.errorCode() : null, at);
            });
        }
    }

    private Set<JobId> move(Connection connection, List<Verdict> verdicts, int shard) throws SQLException {
        List<Verdict> rows = new ArrayList<>(verdicts);
        rows.sort((a, b) -> a.job().id().compareTo(b.job().id()));
        try (PreparedStatement statement = connection.prepareStatement(MOVE)) {
            new Columns<>(connection, statement, rows)
                    .uuids(verdict -> verdict.job().id().uuid())
                    .ints(verdict -> verdict.job().epoch())
                    .texts(verdict -> verdict.settlement() instanceof Wait(var reason, var _, var _, var _)
                            ? reason.word()
                            : null)
                    .longs(verdict ->
                            verdict.settlement() instanceof Wait(var _, var until, var _, var _) ? millis(until) : null)
                    .texts(Settling::detailOf)
                    .booleans(verdict -> verdict.settlement().charged())
                    .texts(Settling::errorCodeOf)
                    .texts(Settling::errorMessageOf)
                    .texts(verdict ->
                            verdict.call() == null ? null : verdict.call().provider())
                    .texts(verdict ->
                            verdict.call() == null ? null : verdict.call().model())
                    .longs(verdict -> verdict.call() == null
                            ? null
                            : millis(verdict.call().startedAt()))
                    .longs(verdict -> verdict.call() == null
                            ? null
                            : millis(verdict.call().endedAt()))
                    .texts(Settling::outcomeOf)
                    .ints(Settling::httpStatusOf)
                    .ints(Settling::firstByteOf)
                    .texts(Settling::requestIdOf)
                    .longs(Settling::costOf)
                    .longs(Settling::heldOf)
                    .ints(verdict -> usageOf(verdict).inputTokens())
                    .ints(verdict -> usageOf(verdict).cachedInputTokens())
                    .ints(verdict -> usageOf(verdict).outputTokens())
                    .ints(verdict -> verdict.job().workerId())
                    .ints(verdict -> verdict.job().tenantId())
                    .ints(verdict -> verdict.job().attempt())
                    .texts(Settling::modelToAsk)
                    .then(shard);
            Map<JobId, Verdict> byId = HashMap.newHashMap(rows.size());
            rows.forEach(verdict -> byId.put(verdict.job().id(), verdict));
            return changed(statement, (job, _, at) -> {
                Verdict verdict = Objects.requireNonNull(byId.get(job));
                return verdict.settlement() instanceof Wait(var reason, var _, var _, var _)
                        ? change(verdict, JobStatus.WAITING, reason.word(), at)
                        : change(verdict, JobStatus.QUEUED, null, at);
            });
        }
    }

    private interface Changing {
        /// @param status null where the verdict says it
        Change change(JobId job, @Nullable String status, Instant at);
    }

    private Set<JobId> changed(PreparedStatement statement, Changing changing) throws SQLException {
        Set<JobId> ids = new HashSet<>();
        List<Change> changes = new ArrayList<>();
        long posted = 0;
        Instant at = Instant.EPOCH;
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                if (changes.isEmpty()) {
                    posted = row.getLong(3);
                    at = row.getTimestamp(4).toInstant();
                }
                JobId id = new JobId(row.getObject(1, UUID.class));
                ids.add(id);
                changes.add(changing.change(id, row.getString(2), at));
            }
        }
        if (!changes.isEmpty()) {
            listener.changed(posted, changes);
        }
        return ids;
    }

    private static Change change(Verdict verdict, JobStatus status, @Nullable String reason, Instant at) {
        ClaimedJob job = verdict.job();
        return new Change(
                job.id(),
                job.tenantId(),
                job.epoch(),
                job.lane(),
                status,
                verdict.settlement().charged() ? job.attempt() : job.attempt() - 1,
                reason,
                at);
    }

    private static @Nullable String detailOf(Verdict verdict) {
        return switch (verdict.settlement()) {
            case Wait(var _, var _, var detail, var _) -> detail;
            case HandBack(var why, var _) -> why;
            case FallBack(var _, var why, var _) -> why;
            case Complete _, Bury _, Cancel _ -> null;
        };
    }

    /// The model that the job is to be asked of, where the row must say so: another than before, or the one whose
    /// limits hold the job back.
    private static @Nullable String modelToAsk(Verdict verdict) {
        return switch (verdict.settlement()) {
            case FallBack(var model, var _, var _) -> model;
            case Wait(var reason, var _, var _, var _) ->
                reason.isHeldByProvider() ? verdict.job().model() : null;
            case HandBack _, Complete _, Bury _, Cancel _ -> null;
        };
    }

    private static @Nullable String outcomeOf(Verdict verdict) {
        Call call = verdict.call();
        if (call == null) {
            return null;
        }
        return switch (call.outcome()) {
            case AttemptOutcome.Answered _ -> "answered";
            case AttemptOutcome.Refused _ -> "refused";
            case AttemptOutcome.Throttled _ -> "throttled";
            case AttemptOutcome.Broken _ -> "broken";
            case AttemptOutcome.Unknown _ -> "unknown";
            case AttemptOutcome.Interrupted _ -> "interrupted";
        };
    }

    private static @Nullable String errorCodeOf(Verdict verdict) {
        Call call = verdict.call();
        ErrorCode code = call == null
                ? null
                : switch (call.outcome()) {
                    case AttemptOutcome.Answered _ -> null;
                    case AttemptOutcome.Refused(var c, var _, var _) -> c;
                    case AttemptOutcome.Throttled(var c, var _, var _) -> c;
                    case AttemptOutcome.Broken(var c, var _, var _) -> c;
                    case AttemptOutcome.Unknown(var c, var _, var _) -> c;
                    case AttemptOutcome.Interrupted(var why, var _) ->
                        switch (why) {
                            case CANCEL -> ErrorCode.CANCELLED;
                            case DEADLINE -> ErrorCode.DEADLINE_EXCEEDED;
                            case DRAIN, LEASE_LOST -> null;
                        };
                };
        return code == null ? null : code.name();
    }

    private static @Nullable String errorMessageOf(Verdict verdict) {
        Call call = verdict.call();
        return call == null
                ? null
                : switch (call.outcome()) {
                    case AttemptOutcome.Answered _, AttemptOutcome.Interrupted _ -> null;
                    case AttemptOutcome.Refused(var _, var message, var _) -> message;
                    case AttemptOutcome.Throttled(var _, var message, var _) -> message;
                    case AttemptOutcome.Broken(var _, var message, var _) -> message;
                    case AttemptOutcome.Unknown(var _, var message, var _) -> message;
                };
    }

    private static @Nullable Integer httpStatusOf(Verdict verdict) {
        Call call = verdict.call();
        return call == null || call.outcome().reply().status() == 0
                ? null
                : call.outcome().reply().status();
    }

    private static @Nullable Integer firstByteOf(Verdict verdict) {
        Call call = verdict.call();
        Duration firstByte = call == null ? null : call.outcome().reply().firstByte();
        return firstByte == null ? null : millis(firstByte);
    }

    private static @Nullable String requestIdOf(Verdict verdict) {
        Call call = verdict.call();
        return call == null ? null : call.outcome().reply().requestId();
    }

    private static Usage usageOf(Verdict verdict) {
        Call call = verdict.call();
        return call == null ? Usage.NONE : call.usage();
    }

    private static Long costOf(Verdict verdict) {
        Call call = verdict.call();
        return call == null ? 0L : call.cost().nanos();
    }

    private static Long heldOf(Verdict verdict) {
        Call call = verdict.call();
        return call == null ? 0L : call.held().nanos();
    }

    private static Long millis(Instant moment) {
        return moment.toEpochMilli();
    }

    private static int millis(Duration duration) {
        return Math.toIntExact(Math.min(duration.toMillis(), Integer.MAX_VALUE));
    }
}
