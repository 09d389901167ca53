package dev.longshore.view;

import dev.longshore.attempt.ErrorClass;
import dev.longshore.attempt.ErrorCode;
import dev.longshore.job.JobId;
import dev.longshore.job.JobStatus;
import dev.longshore.lane.Lane;
import dev.longshore.money.Usd;
import dev.longshore.view.JobView.Failure;
import dev.longshore.view.JobView.Links;
import dev.longshore.view.JobView.Metadata;
import dev.longshore.view.JobView.Usage;
import dev.longshore.view.JobView.Waiting;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One job as it was read, with what the caller does not see.
///
/// @param version differs whenever the job has changed
/// @param rank the place in the tenant's backlog; null unless the job is there
public record JobRow(
        JobId id,
        int tenantId,
        Lane lane,
        JobStatus status,
        JobView view,
        String version,
        @Nullable Instant rank) {

    private static final String NO_LABELS = "{}";

    /// Reads the current row of a statement that selects the columns of [JobReader].
    static JobRow read(ResultSet row, Duration retention) throws SQLException {
        JobId id = new JobId(row.getObject("job_id", UUID.class));
        JobStatus status = JobStatus.of(row.getString("status")).orElseThrow();
        String reason = row.getString("wait_reason");
        Instant startedAt = moment(row, "started_at");
        Instant runAt = moment(row, "run_at");
        Instant createdAt = id.createdAt();
        String askedModel = row.getString("asked_model");
        String answeredModel = row.getString("model");
        String labels = row.getString("labels");
        JobView view = new JobView(
                id.toString(),
                status.word(),
                progress(status, row),
                // Of a claim that is over, nothing is left of how far it was.
                status == JobStatus.PROCESSING ? row.getString("progress_message") : null,
                row.getString("operation") + "@" + row.getInt("operation_version"),
                row.getString("lane"),
                row.getInt("priority"),
                labels == null ? NO_LABELS : labels,
                null,
                row.getInt("attempt"),
                row.getInt("max_attempts"),
                reason == null ? null : new Waiting(reason, always(row, "wake_at"), row.getString("wait_detail")),
                null,
                null,
                createdAt,
                startedAt,
                moment(row, "finished_at"),
                always(row, "deadline_at"),
                createdAt.plus(retention),
                row.getString("result"),
                status == JobStatus.FAILED ? failure(row) : null,
                null,
                List.of(),
                status == JobStatus.AWAITING_REVIEW,
                status == JobStatus.COMPLETE ? usage(row) : null,
                new Usd(row.getLong("cost_nanos")).dollars(),
                new Metadata(
                        trace(row),
                        row.getString("provider"),
                        answeredModel == null ? askedModel : answeredModel,
                        row.getString("model_version"),
                        number(row, "latency_ms"),
                        startedAt == null ? null : waited(runAt == null ? createdAt : runAt, startedAt),
                        row.getInt("attempt"),
                        answeredModel != null && !answeredModel.equals(askedModel),
                        false,
                        null,
                        List.of(),
                        status == JobStatus.COMPLETE ? "passed" : null),
                Links.of(id.toString()));
        return new JobRow(
                id,
                row.getInt("tenant_id"),
                Lane.of(view.lane()).orElseThrow(),
                status,
                view,
                row.getString("version"),
                moment(row, "rank"));
    }

    private static double progress(JobStatus status, ResultSet row) throws SQLException {
        if (status == JobStatus.COMPLETE) {
            return 1;
        }
        if (status != JobStatus.PROCESSING) {
            return 0;
        }
        // The column is a float; by way of its text it stays the number that was reported.
        float progress = row.getFloat("progress");
        return Double.parseDouble(Float.toString(progress));
    }

    private static Failure failure(ResultSet row) throws SQLException {
        Map<String, Object> details = new TreeMap<>();
        Integer providerStatus = number(row, "provider_status");
        if (providerStatus != null && providerStatus > 0) {
            details.put("provider_status", providerStatus);
        }
        String provider = row.getString("provider");
        if (provider != null) {
            details.put("provider", provider);
        }
        return failure(row.getString("error_code"), row.getString("error_message"), details);
    }

    static Failure failure(String code, @Nullable String message, Map<String, Object> details) {
        ErrorClass errorClass = classOf(code);
        return new Failure(code, errorClass.word(), message == null ? code : message, retryable(errorClass), details);
    }

    /// A job may carry a code of a newer version than ours.
    private static ErrorClass classOf(String code) {
        for (ErrorCode known : ErrorCode.values()) {
            if (known.name().equals(code)) {
                return known.errorClass();
            }
        }
        return ErrorClass.PLATFORM;
    }

    /// Whether the same job may succeed when it is run again.
    private static boolean retryable(ErrorClass errorClass) {
        return switch (errorClass) {
            case RATE_LIMITED, TRANSIENT, TIMEOUT, MALFORMED_RESPONSE, VALIDATION, TOOL, PLATFORM -> true;
            case INVALID_REQUEST, AUTHENTICATION, CONTENT_POLICY -> false;
        };
    }

    private static Usage usage(ResultSet row) throws SQLException {
        return new Usage(row.getInt("input_tokens"), row.getInt("cached_input_tokens"), row.getInt("output_tokens"));
    }

    private static @Nullable String trace(ResultSet row) throws SQLException {
        UUID trace = row.getObject("trace_id", UUID.class);
        return trace == null ? null : trace.toString().replace("-", "");
    }

    private static long waited(Instant from, Instant until) {
        return Math.max(0, Duration.between(from, until).toMillis());
    }

    static @Nullable Instant moment(ResultSet row, String column) throws SQLException {
        Timestamp value = row.getTimestamp(column);
        return value == null ? null : value.toInstant();
    }

    static Instant always(ResultSet row, String column) throws SQLException {
        return row.getTimestamp(column).toInstant();
    }

    static @Nullable Integer number(ResultSet row, String column) throws SQLException {
        int value = row.getInt(column);
        return row.wasNull() ? null : value;
    }
}
