package dev.longshore.outbox;

import dev.longshore.job.JobId;
import dev.longshore.job.JobStatus;
import dev.longshore.lane.Lane;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/// Keeps what has happened to jobs until it has been told. Changes come in through `post_events`, which every statement
/// that changes a status calls in its own transaction, and usually are told out of the memory of whoever made them;
/// what is read here is what somebody did not live to tell, and what is not worth handing over.
///
/// A change may be told twice, and two changes of one job in the wrong order: [JobEvent#number] puts them right.
///
/// Claims are not kept. Whoever did not live to tell what a claim came to may not have told of the claim either, so the
/// two are read together.
public final class Outbox {
    private static final String READ = """
            SELECT c.job_id, t.name, c.epoch, c.lane, c.status, c.attempt, c.reason, o.at,
                   -- Each epoch is that of a claim or of a replay.
                   c.epoch > 0 AND NOT EXISTS (SELECT
                                                 FROM job_note n
                                                WHERE n.job_id = c.job_id AND n.kind = 'replayed' AND n.epoch = c.epoch
                                               OFFSET 0) AS claimed,
                   a.attempt, a.started_at
              FROM outbox o
             CROSS JOIN LATERAL unnest(job_ids, tenant_ids, epochs, lanes, statuses, attempts, reasons)
                             AS c (job_id, tenant_id, epoch, lane, status, attempt, reason)
             CROSS JOIN LATERAL (SELECT name FROM tenant WHERE tenant_id = c.tenant_id OFFSET 0) AS t
              LEFT JOIN LATERAL (SELECT * FROM attempt WHERE job_id = c.job_id AND epoch = c.epoch OFFSET 0) AS a ON true
             WHERE o.outbox_id = ANY (?)
             ORDER BY o.outbox_id
            """;

    private static final String OLD = """
            SELECT outbox_id
              FROM (SELECT outbox_id, at
                      FROM outbox
                     ORDER BY outbox_id
                     LIMIT ?) AS first
             WHERE at < now() - ? * interval '1 millisecond'
            """;

    // Nobody waits for this commit to be on disk: if it is lost, the changes are told twice.
    private static final String FORGET = """
            DELETE FROM outbox
             WHERE outbox_id = ANY (?)
               AND set_config('synchronous_commit', 'off', true) IS NOT NULL
            """;

    private final DataSource database;

    public Outbox(DataSource database) {
        this.database = database;
    }

    /// The rows that have lain here for longer than it takes to tell, the oldest first.
    public List<Long> old(Duration age, int limit) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(OLD)) {
            statement.setInt(1, limit);
            statement.setLong(2, age.toMillis());
            List<Long> old = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    old.add(row.getLong(1));
                }
            }
            return old;
        }
    }

    /// What lies in these rows, the oldest first, and the claims that it ended. Rows that have been told meanwhile are
    /// gone.
    public List<JobEvent> read(Collection<Long> rows) throws SQLException {
        if (rows.isEmpty()) {
            return List.of();
        }
        List<JobEvent> events = new ArrayList<>();
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(READ)) {
            statement.setArray(1, connection.createArrayOf("int8", rows.toArray()));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    JobEvent change = change(row);
                    if (row.getBoolean(9)) {
                        events.add(claim(change, row));
                    }
                    events.add(change);
                }
            }
        }
        return events;
    }

    private static JobEvent change(ResultSet row) throws SQLException {
        return new JobEvent(
                new JobId(row.getObject(1, UUID.class)),
                row.getString(2),
                row.getInt(3),
                Lane.of(row.getString(4)).orElseThrow(),
                JobStatus.of(row.getString(5)).orElseThrow(),
                row.getInt(6),
                row.getString(7),
                row.getTimestamp(8).toInstant());
    }

    /// The claim before a change, as well as it is known: one that came to no call has left no row behind.
    private static JobEvent claim(JobEvent change, ResultSet row) throws SQLException {
        int attempt = row.getInt(10);
        Timestamp started = row.getTimestamp(11);
        return new JobEvent(
                change.job(),
                change.tenant(),
                change.epoch(),
                change.lane(),
                JobStatus.PROCESSING,
                Math.max(1, attempt == 0 ? change.attempt() : attempt),
                null,
                started == null ? change.at() : started.toInstant());
    }

    /// What lies in these rows has been told.
    public void forget(Collection<Long> rows) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(FORGET)) {
            statement.setArray(1, connection.createArrayOf("int8", rows.toArray()));
            statement.executeUpdate();
        }
    }
}
