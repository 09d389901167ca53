package dev.longshore.outbox;

import dev.longshore.job.JobId;
import dev.longshore.job.JobStatus;
import dev.longshore.lane.Lane;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/// Hands on what has happened to jobs, each change at least once. Changes come in through `post_events`, which every
/// statement that changes a status calls in its own transaction.
///
/// Any number of processes may hand on at once; each takes what no other has in hand. Two changes of one job may
/// therefore be told in the wrong order: [JobEvent#number] puts them right.
public final class Outbox {
    // What another process has in hand it will hand on, or leave here when it dies.
    private static final String TAKE = """
            WITH taken AS (
                DELETE FROM outbox
                 WHERE outbox_id = ANY (ARRAY(SELECT outbox_id
                                                FROM outbox
                                               ORDER BY outbox_id
                                               LIMIT ?
                                                 FOR UPDATE SKIP LOCKED))
                RETURNING *
            )
            SELECT c.job_id, t.name, c.epoch, c.lane, c.status, c.attempt, c.reason, taken.at, taken.outbox_id
              FROM taken
             -- Nobody waits for this commit to be on disk: if it is lost, the changes are told twice.
             CROSS JOIN (SELECT set_config('synchronous_commit', 'off', true)) AS unhurried
             CROSS JOIN LATERAL unnest(job_ids, tenant_ids, epochs, lanes, statuses, attempts, reasons)
                             AS c (job_id, tenant_id, epoch, lane, status, attempt, reason)
             CROSS JOIN LATERAL (SELECT name FROM tenant WHERE tenant_id = c.tenant_id OFFSET 0) AS t
             ORDER BY taken.outbox_id
            """;

    private final DataSource database;

    public Outbox(DataSource database) {
        this.database = database;
    }

    /// Whoever the changes are told to.
    @FunctionalInterface
    public interface Listener {
        /// Takes the changes over.
        ///
        /// @return whether they are safe with it; if not, they are told again later
        boolean tell(List<JobEvent> events) throws InterruptedException;
    }

    /// What came of handing on.
    ///
    /// @param statements whose changes were told
    /// @param changes how many these were
    /// @param refused whether the listener did not take them; they are still here
    public record HandedOn(int statements, int changes, boolean refused) {}

    /// Hands on what there is, the oldest first.
    ///
    /// @param statements of how many statements the changes are handed on at most
    public HandedOn handOn(int statements, Listener listener) throws SQLException, InterruptedException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            boolean told = false;
            try {
                List<JobEvent> events = new ArrayList<>();
                int taken = take(connection, statements, events);
                told = events.isEmpty() || listener.tell(events);
                return new HandedOn(taken, events.size(), !told);
            } finally {
                if (told) {
                    connection.commit();
                } else {
                    connection.rollback();
                }
                connection.setAutoCommit(true);
            }
        }
    }

    private static int take(Connection connection, int most, List<JobEvent> events) throws SQLException {
        int statements = 0;
        long last = 0;
        try (PreparedStatement statement = connection.prepareStatement(TAKE)) {
            statement.setInt(1, most);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    events.add(new JobEvent(
                            new JobId(row.getObject(1, UUID.class)),
                            row.getString(2),
                            row.getInt(3),
                            Lane.of(row.getString(4)).orElseThrow(),
                            JobStatus.of(row.getString(5)).orElseThrow(),
                            row.getInt(6),
                            row.getString(7),
                            row.getTimestamp(8).toInstant()));
                    long id = row.getLong(9);
                    if (id != last) {
                        statements++;
                        last = id;
                    }
                }
            }
        }
        return statements;
    }
}
