package dev.longshore.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.FreshDatabase;
import dev.longshore.provider.ProviderBoard.Breaker;
import dev.longshore.provider.ProviderBoard.Report;
import dev.longshore.provider.ProviderBoard.Rest;
import dev.longshore.provider.ProviderBoard.State;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// The board that all workers share, over the real tables.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProviderBoardTest {
    private static final Duration OPEN_FOR = Duration.ofSeconds(15);
    private static final BreakerName MODEL = BreakerName.ofModel("paper", "m");

    private FreshDatabase database;
    private ProviderBoard board;
    private int one;
    private int two;

    @BeforeAll
    void makeDatabase() throws SQLException {
        database = FreshDatabase.make();
        board = new ProviderBoard(database.source());
    }

    @AfterAll
    void closeDatabase() {
        database.close();
    }

    @BeforeEach
    void wipe() throws SQLException {
        for (String table : List.of("breaker", "provider_rest", "provider_pause", "provider_report")) {
            database.execute("DELETE FROM " + table);
        }
        one = database.worker();
        two = database.worker();
    }

    private boolean open(int worker) throws SQLException {
        return board.open(MODEL, "five failures", OPEN_FOR, worker);
    }

    private Breaker breaker() throws SQLException {
        return board.read().breakers().getFirst();
    }

    private double openForSeconds() throws SQLException {
        return database.only(
                "SELECT extract(epoch FROM open_until - changed_at) FROM breaker", row -> row.getDouble(1));
    }

    private void passOpening() throws SQLException {
        database.execute("UPDATE breaker SET open_until = now() - interval '1 s'");
    }

    @Test
    void oneOpensAndTheOthersLearnOfIt() throws SQLException {
        assertThat(open(one)).isTrue();
        assertThat(open(two)).as("it is open already").isFalse();

        assertThat(breaker().state()).isEqualTo(State.OPEN);
        assertThat(breaker().reason()).isEqualTo("five failures");
        assertThat(openForSeconds()).isEqualTo(15);
    }

    @Test
    void thereIsNoTrialBeforeItsTime() throws SQLException {
        open(one);
        assertThat(board.takeTrial(MODEL, one)).isFalse();
        passOpening();
        assertThat(board.takeTrial(MODEL, one)).isTrue();
    }

    @Test
    void ofManyWhoAskForTheTrialOneGetsIt() throws Exception {
        open(one);
        passOpening();
        int askers = 8;
        CyclicBarrier start = new CyclicBarrier(askers);
        int taken = 0;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> answers = new ArrayList<>();
            for (int i = 0; i < askers; i++) {
                int worker = i % 2 == 0 ? one : two;
                answers.add(threads.submit(() -> {
                    start.await();
                    return board.takeTrial(MODEL, worker);
                }));
            }
            for (Future<Boolean> answer : answers) {
                taken += answer.get() ? 1 : 0;
            }
        }
        assertThat(taken).isEqualTo(1);
        assertThat(breaker().state()).isEqualTo(State.HALF_OPEN);
    }

    @Test
    void aTrialThatWentWellCloses() throws SQLException {
        open(one);
        passOpening();
        board.takeTrial(MODEL, two);
        board.close(MODEL, one);
        assertThat(breaker().state()).as("it is not that worker's trial").isEqualTo(State.HALF_OPEN);

        board.close(MODEL, two);

        assertThat(breaker().state()).isEqualTo(State.CLOSED);
    }

    @Test
    void aTrialThatFailedOpensItForAsLongAgainAndIsCounted() throws SQLException {
        open(one);
        passOpening();
        assertThat(board.takeTrial(MODEL, one)).isTrue();
        assertThat(open(one)).isTrue();

        assertThat(openForSeconds()).isEqualTo(15);
        assertThat(database.count("SELECT openings FROM breaker")).isEqualTo(2);
    }

    @Test
    void theTrialOfADeadWorkerIsTakenFromIt() throws SQLException {
        open(one);
        passOpening();
        board.takeTrial(MODEL, one);
        assertThat(board.takeTrial(MODEL, two)).isFalse();

        database.loseLease(one);

        assertThat(board.takeTrial(MODEL, two)).isTrue();
        assertThat(Objects.requireNonNull(breaker().trialWorker())).isEqualTo(two);
        assertThat(open(one)).as("it has lost its say").isFalse();
    }

    @Test
    void aTrialThatToldNothingMayBeMadeAgainAtOnce() throws SQLException {
        open(one);
        passOpening();
        board.takeTrial(MODEL, one);
        board.giveTrialBack(MODEL, one);
        assertThat(breaker().state()).isEqualTo(State.OPEN);
        assertThat(board.takeTrial(MODEL, two)).isTrue();
    }

    @Test
    void aKeyHasABreakerOfItsOwnForAllModelsOrForOne() throws SQLException {
        BreakerName key = BreakerName.ofKey("paper", 1);
        BreakerName here = BreakerName.ofKeyAndModel("paper", 1, "m");
        open(one);
        assertThat(board.open(key, "401", OPEN_FOR, one)).isTrue();
        assertThat(board.open(here, "403", OPEN_FOR, one)).isTrue();
        assertThat(board.read().breakers()).extracting(Breaker::name).containsExactlyInAnyOrder(MODEL, key, here);
        passOpening();

        assertThat(board.takeTrial(key, one)).isTrue();
        assertThat(board.takeTrial(key, two)).as("one over all workers").isFalse();
        assertThat(board.takeTrial(here, two)).isTrue();
        board.close(key, one);
        board.giveTrialBack(here, two);

        assertThat(board.read().breakers())
                .extracting(breaker -> breaker.name() + " " + breaker.state())
                .containsExactlyInAnyOrder(MODEL + " OPEN", key + " CLOSED", here + " OPEN");
    }

    @Test
    void restsAreReadUntilTheyAreOverAndTheLongerCounts() throws SQLException {
        Instant now = database.now();
        board.rest(new Rest("paper", 1, "m", now.plusSeconds(30), "429"));
        board.rest(new Rest("paper", 1, "m", now.plusSeconds(5), "429 again"));
        board.rest(new Rest("paper", 0, "m", now.minusSeconds(1), "over"));

        assertThat(board.read().rests()).containsExactly(new Rest("paper", 1, "m", now.plusSeconds(30), "429 again"));
    }

    @Test
    void thoseWhoMakeCallsAreCounted() throws SQLException {
        int before = board.read().workers();
        int draining = database.worker();
        int dead = database.worker();
        assertThat(board.read().workers()).isEqualTo(before + 2);

        database.loseLease(dead);
        database.execute("UPDATE worker SET draining = true WHERE worker_id = " + draining);

        assertThat(board.read().workers()).isEqualTo(before);
    }

    @Test
    void pausesAreRead() throws SQLException {
        database.execute("INSERT INTO provider_pause (provider, paused_by) VALUES ('paper', 'ops')");
        assertThat(board.read().paused()).containsExactly("paper");
    }

    @Test
    void aReportReplacesTheLastOfTheSameWorker() throws SQLException {
        long[] latencies = new long[LatencyBuckets.COUNT];
        latencies[3] = 7;
        board.report(one, List.of(new Report("paper", "m", 1, 2, 3, 4, 5, latencies)));
        board.report(one, List.of(new Report("paper", "m", 6, 7, 0, 0, 0, latencies)));
        board.report(two, List.of(new Report("paper", "m", 1, 1, 0, 0, 0, latencies)));

        assertThat(database.<String>only(
                        "SELECT sum(in_flight) || '|' || sum(calls) || '|' || sum(latencies[4]) FROM provider_report",
                        row -> row.getString(1)))
                .isEqualTo("7|8|14");
    }
}
