package dev.longshore.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.FreshDatabase;
import dev.longshore.provider.PermitShares.Claim;
import dev.longshore.provider.PermitShares.Grant;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// The dealing of limits among workers, over the real table.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PermitSharesTest {
    private static final String CALLS = "provider:paper/concurrent";
    private static final Duration KEPT = Duration.ofSeconds(20);

    private FreshDatabase database;
    private PermitShares shares;
    private int one;
    private int two;

    @BeforeAll
    void makeDatabase() throws SQLException {
        database = FreshDatabase.make();
        shares = new PermitShares(database.source());
        one = database.worker();
        two = database.worker();
    }

    @AfterAll
    void closeDatabase() {
        database.close();
    }

    @BeforeEach
    void nobodyHoldsAnything() throws SQLException {
        database.execute("DELETE FROM permit_share");
    }

    private Grant deal(int worker, long held, long inUse, long wanted) throws SQLException {
        return Objects.requireNonNull(shares.deal(worker, List.of(new Claim(CALLS, 10, held, inUse, wanted, 2, KEPT)))
                .get(CALLS));
    }

    @Test
    void aLoneWorkerGetsWhatItWantsAndALittleMore() throws SQLException {
        assertThat(deal(one, 0, 0, 0)).isEqualTo(new Grant(2, 2));
        assertThat(deal(one, 2, 2, 7)).isEqualTo(new Grant(9, 9));
        assertThat(deal(one, 9, 9, 40)).isEqualTo(new Grant(10, 10));
    }

    @Test
    void whatOneHoldsTheOtherGetsOnlyWhenItHasLetItGo() throws SQLException {
        assertThat(deal(one, 0, 0, 10).part()).isEqualTo(10);

        assertThat(deal(two, 0, 0, 10)).isEqualTo(new Grant(0, 5));
        // It learns that five are too many; while it uses eight it can only let two go.
        assertThat(deal(one, 10, 10, 10)).isEqualTo(new Grant(10, 5));
        assertThat(deal(one, 8, 8, 10)).isEqualTo(new Grant(8, 5));
        assertThat(deal(two, 0, 0, 10).part()).isEqualTo(2);
        assertThat(deal(one, 5, 5, 10).part()).isEqualTo(5);
        assertThat(deal(two, 2, 2, 10).part()).isEqualTo(5);
    }

    @Test
    void thePartOfADeadWorkerComesBackWhenItLapses() throws SQLException {
        int dying = database.worker();
        deal(dying, 0, 0, 6);
        database.loseLease(dying);

        assertThat(deal(one, 0, 0, 10).part()).isEqualTo(2);
        database.execute("UPDATE permit_share SET lapses_at = now() WHERE worker_id = ?", dying);
        assertThat(deal(one, 2, 2, 10).part()).isEqualTo(10);
        assertThat(database.count("SELECT count(*) FROM permit_share WHERE worker_id = ?", dying))
                .as("lapsed rows are swept out")
                .isZero();
    }

    @Test
    void howeverManyDealAtOnceTheirPartsNeverExceedTheLimit() throws Exception {
        int workers = 6;
        List<Integer> ids = new ArrayList<>();
        for (int i = 0; i < workers; i++) {
            ids.add(database.worker());
        }
        CyclicBarrier start = new CyclicBarrier(workers);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> all = new ArrayList<>();
            for (int id : ids) {
                Callable<Boolean> dealing = () -> {
                    Random random = new Random(id);
                    long held = 0;
                    start.await();
                    for (int i = 0; i < 50; i++) {
                        long inUse = held == 0 ? 0 : random.nextLong(held + 1);
                        Grant grant = deal(id, held, inUse, inUse + random.nextInt(8));
                        held = Math.min(grant.part(), Math.max(grant.target(), inUse));
                        assertThat(database.count("SELECT sum(part) FROM permit_share"))
                                .isLessThanOrEqualTo(10);
                    }
                    return true;
                };
                all.add(threads.submit(dealing));
            }
            for (Future<Boolean> one : all) {
                assertThat(one.get()).isTrue();
            }
        }
    }
}
