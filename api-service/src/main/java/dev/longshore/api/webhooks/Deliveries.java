package dev.longshore.api.webhooks;

import dev.longshore.api.request.PublicId;
import dev.longshore.api.view.Page;
import dev.longshore.api.webhooks.DeliveryFilter.Status;
import dev.longshore.api.webhooks.DeliveryView.Attempt;
import dev.longshore.job.JobId;
import dev.longshore.view.Snapshot;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// Finds a tenant's notices with all their tries, newest first. There is a statement for each question that has an
/// index of its own; what is left is filtered.
final class Deliveries {
    private static final String ALL = """
            SELECT notice_id, job_id, endpoint_id, url, type, status, happened_at, due_at, finished_at
              FROM webhook_notice
             WHERE tenant_id = ?
               AND notice_id < ?
               AND (?::uuid IS NULL OR endpoint_id = ?)
               AND (?::text IS NULL OR status = ?)
             ORDER BY notice_id DESC
             LIMIT ?
            """;

    // In the index of what failed.
    private static final String FAILED = """
            SELECT notice_id, job_id, endpoint_id, url, type, status, happened_at, due_at, finished_at
              FROM webhook_notice
             WHERE status = 'failed'
               AND tenant_id = ?
               AND notice_id < ?
               AND (?::uuid IS NULL OR endpoint_id = ?)
               AND (?::text IS NULL OR status = ?)
             ORDER BY notice_id DESC
             LIMIT ?
            """;

    // In the index of what is to be sent, which is short: a tenant's whole history may hold none of it.
    private static final String PENDING = """
            SELECT notice_id, job_id, endpoint_id, url, type, status, happened_at, due_at, finished_at
              FROM (SELECT * FROM webhook_notice WHERE status = 'pending' OFFSET 0) AS owed
             WHERE tenant_id = ?
               AND notice_id < ?
               AND (?::uuid IS NULL OR endpoint_id = ?)
               AND (?::text IS NULL OR status = ?)
             ORDER BY notice_id DESC
             LIMIT ?
            """;

    private static final String OF_A_JOB = """
            SELECT notice_id, job_id, endpoint_id, url, type, status, happened_at, due_at, finished_at
              FROM (SELECT * FROM webhook_notice WHERE job_id = ? OFFSET 0) AS told
             WHERE tenant_id = ?
               AND notice_id < ?
               AND (?::uuid IS NULL OR endpoint_id = ?)
               AND (?::text IS NULL OR status = ?)
             ORDER BY notice_id DESC
             LIMIT ?
            """;

    private static final String ONE = """
            SELECT notice_id, job_id, endpoint_id, url, type, status, happened_at, due_at, finished_at
              FROM webhook_notice
             WHERE notice_id = ? AND tenant_id + 0 = ?
            """;

    // Sent again by hand, a notice may have any number of tries.
    private static final String TRIES = """
            SELECT i.notice_id, a.try, a.at, a.status_code, a.latency_ms, a.answer, a.error
              FROM unnest(?::uuid[]) AS i (notice_id)
             CROSS JOIN LATERAL (SELECT *
                                   FROM webhook_attempt a
                                  WHERE a.notice_id = i.notice_id
                                  ORDER BY a.try DESC
                                  LIMIT 50) AS a
             ORDER BY a.try
            """;

    private final DataSource database;

    Deliveries(DataSource database) {
        this.database = database;
    }

    Page<DeliveryView> page(int tenantId, DeliveryFilter filter) throws SQLException {
        return Snapshot.of(
                database,
                connection -> Page.of(
                        withTries(connection, found(connection, tenantId, filter)), filter.limit(), DeliveryView::id));
    }

    Optional<DeliveryView> one(int tenantId, UUID noticeId) throws SQLException {
        return Snapshot.of(database, connection -> {
            try (PreparedStatement statement = connection.prepareStatement(ONE)) {
                statement.setObject(1, noticeId);
                statement.setInt(2, tenantId);
                return withTries(connection, read(statement)).stream().findFirst();
            }
        });
    }

    private static Map<UUID, DeliveryView> found(Connection connection, int tenantId, DeliveryFilter filter)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(question(filter))) {
            int at = 0;
            if (filter.jobId() != null) {
                statement.setObject(++at, filter.jobId());
            }
            String status = filter.status() == null ? null : filter.status().word();
            statement.setInt(++at, tenantId);
            statement.setObject(++at, filter.below());
            statement.setObject(++at, filter.endpointId());
            statement.setObject(++at, filter.endpointId());
            statement.setString(++at, status);
            statement.setString(++at, status);
            statement.setInt(++at, filter.limit() + 1);
            return read(statement);
        }
    }

    private static String question(DeliveryFilter filter) {
        if (filter.jobId() != null) {
            return OF_A_JOB;
        }
        return switch (filter.status()) {
            case PENDING -> PENDING;
            case FAILED -> FAILED;
            case DELIVERED -> ALL;
            case null -> ALL;
        };
    }

    private static Map<UUID, DeliveryView> read(PreparedStatement statement) throws SQLException {
        Map<UUID, DeliveryView> found = new LinkedHashMap<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                UUID id = row.getObject("notice_id", UUID.class);
                found.put(id, view(id, row));
            }
        }
        return found;
    }

    private static DeliveryView view(UUID id, ResultSet row) throws SQLException {
        UUID job = row.getObject("job_id", UUID.class);
        UUID endpoint = row.getObject("endpoint_id", UUID.class);
        String status = row.getString("status");
        return new DeliveryView(
                PublicId.of(PublicId.EVENT, id),
                row.getString("type"),
                status,
                endpoint == null ? null : PublicId.of(PublicId.ENDPOINT, endpoint),
                row.getString("url"),
                job == null ? null : new JobId(job).toString(),
                row.getTimestamp("happened_at").toInstant(),
                status.equals(Status.PENDING.word()) ? instant(row.getTimestamp("due_at")) : null,
                instant(row.getTimestamp("finished_at")),
                List.of());
    }

    private static List<DeliveryView> withTries(Connection connection, Map<UUID, DeliveryView> found)
            throws SQLException {
        Map<UUID, List<Attempt>> tries = new LinkedHashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(TRIES)) {
            statement.setArray(
                    1, connection.createArrayOf("uuid", found.keySet().toArray()));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    tries.computeIfAbsent(row.getObject(1, UUID.class), _ -> new ArrayList<>())
                            .add(new Attempt(
                                    row.getInt(2),
                                    row.getTimestamp(3).toInstant(),
                                    row.getObject(4, Integer.class),
                                    row.getInt(5),
                                    row.getString(6),
                                    row.getString(7)));
                }
            }
        }
        List<DeliveryView> views = new ArrayList<>(found.size());
        found.forEach((id, view) -> views.add(view.with(tries.getOrDefault(id, List.of()))));
        return views;
    }

    private static @Nullable Instant instant(@Nullable Timestamp moment) {
        return moment == null ? null : moment.toInstant();
    }
}
