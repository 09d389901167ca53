package dev.longshore.job;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;

/// Writes down how far running jobs are, with what is owed to webhooks for it. No index has these columns, so each is a
/// heap-only update.
final class Progressing {
    private static final String WRITE = """
            WITH written AS (
                UPDATE job_run r
                   SET progress = step.share,
                       progress_message = step.message
                  FROM unnest(?::uuid[], ?::int[], ?::float8[], ?::text[]) AS step (job_id, epoch, share, message)
                 WHERE r.job_id = ANY (ARRAY[step.job_id])
                   AND r.epoch = step.epoch
                   AND r.status = 'processing'
                RETURNING r.job_id, r.tenant_id, r.epoch, r.notify, step.share, step.message
            ),
            told AS (
                SELECT post_progress(array_agg(job_id), array_agg(tenant_id), array_agg(epoch), array_agg(share), array_agg(message),
                                     array_agg(notify)) AS posted
                  FROM written
            )
            SELECT job_id, (SELECT posted FROM told)
              FROM written
            """;

    private final DataSource database;

    Progressing(DataSource database) {
        this.database = database;
    }

    Set<JobId> write(List<ProgressStep> steps) throws SQLException {
        // In one order, so that statements which meet do not deadlock.
        List<ProgressStep> ordered =
                steps.stream().sorted(Comparator.comparing(ProgressStep::job)).toList();
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(WRITE)) {
            new Columns<>(connection, statement, ordered)
                    .uuids(step -> step.job().uuid())
                    .ints(ProgressStep::epoch)
                    .doubles(ProgressStep::share)
                    .texts(ProgressStep::message);
            Set<JobId> written = HashSet.newHashSet(ordered.size());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    written.add(new JobId(row.getObject(1, UUID.class)));
                }
            }
            return written;
        }
    }
}
