package dev.longshore.life;

import dev.longshore.job.FreshDatabase;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Every row of every job, whole, so that "nothing happened" can be told from "nothing that was looked
/// at happened".
final class Rows {
    private static final String WHOLE = """
            SELECT job_id, string_agg(line, E'\\n' ORDER BY line)
              FROM (SELECT job_id, 'run ' || r::text AS line FROM job_run r
                    UNION ALL
                    SELECT job_id, 'outcome ' || o::text FROM job_outcome o
                    UNION ALL
                    SELECT job_id, 'attempt ' || a::text FROM attempt a
                    UNION ALL
                    SELECT job_id, 'note ' || n::text FROM job_note n) AS lines
             GROUP BY job_id
            """;

    private static final String USAGE = """
            SELECT concat_ws(' ', coalesce(sum(attempts), 0), coalesce(sum(completed), 0), coalesce(sum(input_tokens), 0),
                             coalesce(sum(cost_nanos), 0))
              FROM usage_total
            """;

    private Rows() {}

    static Map<UUID, String> whole(FreshDatabase database) throws SQLException {
        Map<UUID, String> rows = new HashMap<>();
        database.all(WHOLE, row -> rows.put(row.getObject(1, UUID.class), row.getString(2)));
        return rows;
    }

    /// Attempts, completed, input tokens and cost over all tenants.
    static List<Long> usage(FreshDatabase database) throws SQLException {
        return List.of(database.<String>only(USAGE, row -> row.getString(1)).split(" ")).stream()
                .map(Long::valueOf)
                .toList();
    }
}
