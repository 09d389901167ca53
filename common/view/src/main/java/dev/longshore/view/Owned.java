package dev.longshore.view;

import dev.longshore.job.JobId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/// A job that a tenant asks for. Another tenant's job is as good as none.
public record Owned(JobId job, int tenantId) {
    /// Fills in `unnest(?::uuid[], ?::int[])`, the first two parameters of a statement.
    static void set(Connection connection, PreparedStatement statement, List<Owned> jobs) throws SQLException {
        statement.setArray(
                1,
                connection.createArrayOf(
                        "uuid", jobs.stream().map(job -> job.job().uuid()).toArray()));
        statement.setArray(
                2,
                connection.createArrayOf(
                        "int4", jobs.stream().map(Owned::tenantId).toArray()));
    }
}
