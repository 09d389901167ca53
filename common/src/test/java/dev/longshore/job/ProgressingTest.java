package dev.longshore.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// How far running jobs are.
class ProgressingTest extends OnFreshDatabase {
    private static ProgressStep step(ClaimedJob job, double share, @Nullable String message) {
        return new ProgressStep(job.id(), job.epoch(), share, message);
    }

    private String told(ClaimedJob job) throws SQLException {
        return database.only(
                "SELECT coalesce(progress::text, '-') || ' ' || coalesce(progress_message, '-') FROM job_run WHERE job_id = ?",
                row -> row.getString(1),
                job.id().uuid());
    }

    @Test
    void stepsOfManyJobsAreOneStatement() throws SQLException {
        ClaimedJob one = claimed(Draft.at(now));
        ClaimedJob other = claimed(Draft.at(now));
        assertThat(told(one)).isEqualTo("- -");

        assertThat(store.progress(List.of(step(other, 0.25, "drawing"), step(one, 0.4, null))))
                .containsExactlyInAnyOrder(one.id(), other.id());
        assertThat(told(one)).isEqualTo("0.4 -");
        assertThat(told(other)).isEqualTo("0.25 drawing");

        assertThat(store.progress(List.of(step(other, 1, null)))).containsExactly(other.id());
        assertThat(told(other)).isEqualTo("1 -");
    }

    @Test
    void whoHasLostTheJobTellsNothing() throws SQLException {
        ClaimedJob stale = claimed(Draft.at(now));
        settle(Endings.handBack(stale));
        assertThat(store.progress(List.of(step(stale, 0.9, "late")))).isEmpty();

        feedAll();
        ClaimedJob holder = claim(worker, stale.id());
        assertThat(store.progress(List.of(step(stale, 0.9, "late")))).isEmpty();
        assertThat(store.progress(List.of(step(holder, 0.1, null)))).containsExactly(holder.id());
        assertThat(told(holder)).isEqualTo("0.1 -");
    }

    @Test
    void anotherClaimBeginsWithoutIt() throws SQLException {
        ClaimedJob first = claimed(Draft.at(now));
        store.progress(List.of(step(first, 0.5, "half")));
        settle(Endings.handBack(first));
        feedAll();

        assertThat(told(claim(worker, first.id()))).isEqualTo("- -");
    }

    @Test
    void aJobThatIsOverHasNone() throws SQLException {
        ClaimedJob job = claimed(Draft.at(now));
        settle(Endings.bury(job));

        assertThat(store.progress(List.of(step(job, 0.5, null)))).isEmpty();
    }
}
