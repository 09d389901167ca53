package dev.longshore.worker.throttle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longshore.attempt.Answer;
import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.attempt.AttemptOutcome.Answered;
import dev.longshore.attempt.AttemptOutcome.Broken;
import dev.longshore.attempt.AttemptOutcome.Refused;
import dev.longshore.attempt.ErrorCode;
import dev.longshore.attempt.Reply;
import dev.longshore.attempt.Usage;
import dev.longshore.job.JobStore;
import dev.longshore.lane.Lane;
import dev.longshore.provider.BreakerName;
import dev.longshore.provider.PermitShares;
import dev.longshore.provider.ProviderBoard;
import dev.longshore.testing.Servers;
import dev.longshore.worker.slots.StopSign;
import dev.longshore.worker.throttle.Admission.Admitted;
import dev.longshore.worker.throttle.Admission.HeldBack;
import dev.longshore.worker.throttle.Served.ServedModel;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.postgresql.ds.PGSimpleDataSource;

/// Trial calls of half-open breakers, over the board that all workers share.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TrialsTest {
    private static final Order ORDER = new Order("paper", "theirs", "ours", Lane.STANDARD, new Load(1, 1));
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final AttemptOutcome DOWN =
            new Broken(ErrorCode.PROVIDER_UNAVAILABLE, "down", new Reply(503, null, null, null));
    private static final AttemptOutcome GOOD =
            new Answered(new Answer("{}", Usage.NONE, null, Duration.ZERO, new Reply(200, null, null, null)));

    private final PGSimpleDataSource database = new PGSimpleDataSource();
    private final ProviderBoard board = new ProviderBoard(database);
    private Throttle throttle;
    private ThrottleExchange exchange;

    @BeforeAll
    void makeDatabase() throws SQLException {
        Servers servers = Servers.shared();
        database.setUrl(servers.newDatabase());
        database.setUser(servers.user());
        database.setPassword(servers.password());
        Flyway.configure()
                .dataSource(database)
                .locations("classpath:db/migration")
                .load()
                .migrate();
        execute("INSERT INTO worker (worker_id, name, slots, lease_until) OVERRIDING SYSTEM VALUE"
                + " VALUES (1, 'w', 8, now() + interval '1 day')");
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /// Its breaker opens at the first failure, for a moment.
    @BeforeEach
    void beginWithAProviderThatIsDown() throws SQLException {
        execute("DELETE FROM breaker");
        throttle = new Throttle(
                List.of(new Served(
                        "paper",
                        1,
                        List.of(),
                        List.of(new ServedModel("ours", "theirs")),
                        new BreakerPolicy(1, 0.5, LONG, 20, LONG, Duration.ofMillis(20)))),
                Map.of(),
                LONG,
                board,
                () -> 1,
                InstantSource.system(),
                System::nanoTime,
                () -> 0.5);
        exchange = new ThrottleExchange(
                throttle, board, new PermitShares(database), new JobStore(database), () -> 1, System::nanoTime);
        end(permit(), DOWN);
        assertThat(stands()).isEqualTo(ProviderBoard.State.OPEN);
    }

    private Permit permit() {
        return ((Admitted) throttle.ask(ORDER, new StopSign())).permit();
    }

    /// The next call that may be made, as soon as one may.
    private Permit awaitPermit() {
        Admission admission = await().until(
                        () -> {
                            exchange.runOnce();
                            return throttle.ask(ORDER, new StopSign());
                        },
                        Admitted.class::isInstance);
        return ((Admitted) admission).permit();
    }

    private void end(Permit permit, AttemptOutcome outcome) throws SQLException {
        throttle.ended(permit, outcome, Duration.ofMillis(1));
        exchange.runOnce();
    }

    private ProviderBoard.State stands() throws SQLException {
        return board.read().breakers().stream()
                .filter(breaker -> breaker.name().equals(BreakerName.ofModel("paper", "theirs")))
                .findFirst()
                .orElseThrow()
                .state();
    }

    @Test
    void aTrialThatGoesWellClosesTheBreaker() throws SQLException {
        Permit trial = awaitPermit();
        assertThat(trial.trial()).isTrue();
        assertThat(throttle.ask(ORDER, new StopSign()))
                .as("there is one trial at a time")
                .isInstanceOf(HeldBack.class);

        end(trial, GOOD);

        assertThat(stands()).isEqualTo(ProviderBoard.State.CLOSED);
        assertThat(permit().trial()).isFalse();
    }

    @Test
    void aRefusalOfTheProvidersOwnIsASignOfHealth() throws SQLException {
        end(awaitPermit(), new Refused(ErrorCode.INVALID_REQUEST, "too hot", new Reply(400, null, null, null)));

        assertThat(stands()).isEqualTo(ProviderBoard.State.CLOSED);
    }

    /// Nothing was sent, so the next job makes the trial.
    @Test
    void aCallThatIsRefusedHereGivesTheTrialBack() throws SQLException {
        end(awaitPermit(), new Refused(ErrorCode.INVALID_REQUEST, "cannot be said", Reply.NONE));
        assertThat(stands()).isEqualTo(ProviderBoard.State.OPEN);

        Permit next = awaitPermit();
        assertThat(next.trial()).isTrue();
        end(next, DOWN);

        assertThat(stands()).isEqualTo(ProviderBoard.State.OPEN);
    }
}
