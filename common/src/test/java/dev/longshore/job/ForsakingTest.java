package dev.longshore.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.money.Usd;
import java.sql.SQLException;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/// Calls that nobody waited for when their job ended.
class ForsakingTest extends OnFreshDatabase {
    private static final Instant STARTED = Instant.parse("2026-11-20T12:00:00Z");
    private static final String TOTALS = "SELECT coalesce(sum(attempts), 0) FROM usage_total";

    private static ForsakenCall call(ClaimedJob job, int epoch) {
        return new ForsakenCall(job.id(), epoch, 3, "later", "ours", STARTED, "p-1", new Usd(7_000));
    }

    private ClaimedJob cancelledBetweenTwoWorkers() throws SQLException {
        ClaimedJob job = claimed(Draft.at(now));
        settle(Endings.handBack(job));
        store.cancel(job.tenantId(), job.id(), "test");
        return job;
    }

    @Test
    void whatItMayHaveCostIsHeldOnAnAttemptThatDoesNotCount() throws SQLException {
        ClaimedJob job = cancelledBetweenTwoWorkers();

        assertThat(store.book(call(job, job.epoch()), 0)).isTrue();

        assertThat(database.<String>only(
                        "SELECT concat_ws(' ', outcome, error_code, charged, cost_nanos, held_nanos, attempt, worker_id, provider, model,"
                                + " provider_request_id, tenant_id) FROM attempt",
                        row -> row.getString(1)))
                .isEqualTo("interrupted CANCELLED f 0 7000 1 3 later ours p-1 " + job.tenantId());
        assertThat(database.count(TOTALS)).isEqualTo(1);
    }

    @Test
    void itIsBookedOnce() throws SQLException {
        ClaimedJob job = cancelledBetweenTwoWorkers();
        store.book(call(job, job.epoch()), 0);

        assertThat(store.book(call(job, job.epoch()), 0)).isFalse();
        assertThat(database.count(TOTALS)).isEqualTo(1);
    }

    @Test
    void whatItsClaimHasToldOfStaysAsItIs() throws SQLException {
        ClaimedJob job = claimed(Draft.at(now));
        settle(Endings.bury(job));

        assertThat(store.book(call(job, job.epoch()), 0)).isFalse();

        assertThat(database.count("SELECT count(*) FROM attempt WHERE outcome = 'refused' AND held_nanos = 0"))
                .isEqualTo(1);
        assertThat(database.count(TOTALS)).isEqualTo(1);
    }

    /// Its job has asked another model since.
    @Test
    void whatAnEarlierClaimBoughtIsBookedWhileTheJobGoesOn() throws SQLException {
        ClaimedJob first = claimed(Draft.at(now));
        settle(Endings.handBack(first));
        feedAll();
        ClaimedJob second = claim(worker, first.id());

        assertThat(store.book(call(first, first.epoch()), 0)).isTrue();
        assertThat(store.book(call(first, first.epoch()), 0)).isFalse();
        settle(Endings.bury(second));
        assertThat(store.book(call(first, first.epoch()), 0)).isFalse();

        assertThat(database.<String>all(
                        "SELECT concat_ws(' ', epoch, outcome, error_code, charged, held_nanos, attempt) FROM attempt ORDER BY epoch",
                        row -> row.getString(1)))
                .hasSize(2)
                .first()
                .isEqualTo("1 interrupted f 7000 1");
        assertThat(database.count(TOTALS)).isEqualTo(2);
    }

    @Test
    void aJobThatIsNotOverHasNone() throws SQLException {
        ClaimedJob job = claimed(Draft.at(now));
        assertThat(store.book(call(job, job.epoch()), 0)).isFalse();
        assertThat(database.count("SELECT count(*) FROM attempt")).isZero();
    }
}
