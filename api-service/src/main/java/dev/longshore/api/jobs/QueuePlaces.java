package dev.longshore.api.jobs;

import dev.longshore.api.accept.Windows;
import dev.longshore.api.view.QueuePlace;
import dev.longshore.lane.Lane;
import dev.longshore.view.JobRow;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import javax.sql.DataSource;

/// Estimates where a queued job stands.
final class QueuePlaces {
    /// Whoever is further back than this does not care how much.
    private static final int COUNTED = 1_000;

    /// Jobs a second that a lane is taken to do while nothing is known of it.
    private static final double ASSUMED_PACE = 100;

    private static final String AHEAD = """
            SELECT count(*)
              FROM (SELECT
                      FROM job_run
                     WHERE lane = ?::lane
                       AND tenant_id = ?
                       AND dispatched_at IS NULL
                       AND wait_reason IS NULL
                       AND rank < ?
                     LIMIT ?) AS ahead
            """;

    private final DataSource database;
    private final Windows windows;

    QueuePlaces(DataSource database, Windows windows) {
        this.database = database;
        this.windows = windows;
    }

    QueuePlace of(JobRow job) throws SQLException {
        windows.readIfOld();
        Instant rank = job.rank();
        long onTheRoad = windows.depth(job.lane());
        return place(job.lane(), rank == null ? Math.max(1, onTheRoad) : onTheRoad + ahead(job, rank) + 1);
    }

    /// For a job that was accepted this moment: behind everything on the road.
    QueuePlace ofFresh(Lane lane, long inBacklog) {
        return place(lane, Math.max(1, windows.depth(lane) + inBacklog));
    }

    private QueuePlace place(Lane lane, long position) {
        double pace = windows.pace(lane);
        return new QueuePlace(position, (long) Math.ceil(position / (pace > 0 ? pace : ASSUMED_PACE)));
    }

    private long ahead(JobRow job, Instant rank) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(AHEAD)) {
            statement.setString(1, job.lane().word());
            statement.setInt(2, job.tenantId());
            statement.setTimestamp(3, Timestamp.from(rank));
            statement.setInt(4, COUNTED);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }
}
