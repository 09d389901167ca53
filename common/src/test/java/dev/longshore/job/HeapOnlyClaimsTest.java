package dev.longshore.job;

import static dev.longshore.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.lane.Lane;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// A claim changes no column that an index knows, and its page has room for the new version: it writes no
/// index entry at all. (Rows are counted by the server itself.)
class HeapOnlyClaimsTest extends OnFreshDatabase {
    @Test
    void claimsOfJobsThatWentStraightToTheRoadAreHeapOnly() throws SQLException {
        try (Connection session = database.source().getConnection()) {
            JobStore alone = new JobStore(new PlanWatcher(session).source());
            List<UUID> jobs = accept(alone, false);
            for (int i = 0; i < jobs.size(); i += 500) {
                assertHeapOnly(500, session, alone, jobs.subList(i, i + 500));
            }
        }
    }

    @Test
    void nineInTenClaimsOfFedJobsAreHeapOnly() throws SQLException {
        try (Connection session = database.source().getConnection()) {
            JobStore alone = new JobStore(new PlanWatcher(session).source());
            accept(alone, true);
            for (int i = 0; i < 4; i++) {
                // Feeding has used the room of some pages already. What it left behind is cleared away when the page is
                // next visited, unless somebody may still look at it, such as the server's own statistics.
                await().until(() -> onlookers(session) == 0);
                List<UUID> fed = alone.feed(Lane.STANDARD, 500, 0).stream()
                        .map(JobStore.Fed::jobId)
                        .toList();
                await().until(() -> onlookers(session) == 0);
                assertHeapOnly(450, session, alone, fed);
            }
        }
    }

    /// Other sessions of this database that look at it as it was at some moment.
    private static int onlookers(Connection session) throws SQLException {
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery("""
                        SELECT count(*)
                          FROM pg_stat_activity
                         WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_xmin IS NOT NULL
                        """)) {
            row.next();
            return row.getInt(1);
        }
    }

    private List<UUID> accept(JobStore alone, boolean toBacklog) throws SQLException {
        List<NewJob> jobs = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            Draft draft = Draft.at(now);
            jobs.add((toBacklog ? draft.toBacklog() : draft).job());
        }
        alone.accept(jobs);
        return jobs.stream().map(job -> job.id().uuid()).toList();
    }

    private void assertHeapOnly(int least, Connection session, JobStore alone, List<UUID> page) throws SQLException {
        long[] before = updates(session);
        assertThat(alone.claim(worker, page)).hasSize(page.size());
        long[] after = updates(session);
        assertThat(after[0] - before[0]).as("updates").isEqualTo(page.size());
        assertThat(after[1] - before[1]).as("heap-only updates").isGreaterThanOrEqualTo(least);
    }

    /// All of a test's work is done in one session, because each reports its counts for itself.
    private static long[] updates(Connection session) throws SQLException {
        try (Statement statement = session.createStatement()) {
            statement.execute("SELECT pg_stat_force_next_flush()");
            try (ResultSet row = statement.executeQuery(
                    "SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_user_tables WHERE relname = 'job_run'")) {
                row.next();
                return new long[] {row.getLong(1), row.getLong(2)};
            }
        }
    }
}
