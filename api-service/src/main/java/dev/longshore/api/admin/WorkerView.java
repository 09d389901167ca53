package dev.longshore.api.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// A worker process that is believed to be alive.
@Schema(name = "Worker")
public record WorkerView(
        @JsonProperty("worker_id") @Schema(description = "never used again")
        int workerId,

        String name,

        @Schema(description = "attempts that it may run at once")
        int slots,

        @JsonProperty("started_at") Instant startedAt,

        @JsonProperty("beat_at") @Schema(description = "its last sign of life")
        Instant beatAt,

        @JsonProperty("lease_until") @Schema(description = "its jobs are rescued then, unless it gives another sign")
        Instant leaseUntil,

        @Schema(description = "whether it takes no more jobs")
        boolean draining,

        @JsonProperty("in_flight") @Schema(description = "its calls under way")
        long inFlight) {

    // What a worker reported longer ago is not what it does now.
    private static final String ALIVE = """
            SELECT w.worker_id, w.name, w.slots, w.started_at, w.beat_at, w.lease_until, w.draining,
                   (SELECT coalesce(sum(r.in_flight), 0)
                      FROM provider_report r
                     WHERE r.worker_id = w.worker_id
                       AND r.at > now() - interval '15 seconds') AS in_flight
              FROM worker w
             WHERE w.lease_until > now()
             ORDER BY w.worker_id DESC
            """;

    static List<WorkerView> alive(DataSource database) throws SQLException {
        List<WorkerView> workers = new ArrayList<>();
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(ALIVE);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                workers.add(new WorkerView(
                        row.getInt("worker_id"),
                        row.getString("name"),
                        row.getInt("slots"),
                        row.getTimestamp("started_at").toInstant(),
                        row.getTimestamp("beat_at").toInstant(),
                        row.getTimestamp("lease_until").toInstant(),
                        row.getBoolean("draining"),
                        row.getLong("in_flight")));
            }
        }
        return workers;
    }
}
