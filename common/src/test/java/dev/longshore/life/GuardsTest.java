package dev.longshore.life;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.ClaimedJob;
import dev.longshore.job.FreshDatabase;
import dev.longshore.job.JobId;
import dev.longshore.job.JobStore;
import dev.longshore.job.JobStore.CancelAnswer;
import dev.longshore.job.Verdict;
import dev.longshore.lane.Lane;
import dev.longshore.life.States.State;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What each statement does in each state, all of it and not a sample: every verdict in every state
/// under the epoch that counts and under others, cancelled or not; and every other statement in every
/// state. Where the tables here say nothing, not one column of one row may change.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GuardsTest {
    private static final int MAX_ATTEMPTS = 5;

    private FreshDatabase database;
    private JobStore store;

    @BeforeAll
    void makeDatabase() throws SQLException {
        database = FreshDatabase.make();
        store = database.store();
    }

    @AfterAll
    void closeDatabase() {
        database.close();
    }

    /// What a verdict makes of a running job under the right epoch: where the job goes, how many of its
    /// attempts count then, what it has cost, and the attempt's row. The claim before it was handed
    /// back, so that this is the first that counts.
    private enum Effect {
        COMPLETE("complete - attempt 1 cost 1000", "answered t 1000 0 -", "complete"),
        BURY("failed UNKNOWN_MODEL attempt 1 cost 0", "refused t 0 0 UNKNOWN_MODEL"),
        BURY_AND_DISCARD("failed UNKNOWN_MODEL attempt 1 cost 0 discarded", "refused t 0 0 UNKNOWN_MODEL"),
        BURY_UNSENT("failed DEADLINE_EXCEEDED attempt 1 cost 0", ""),
        BURY_UNKNOWN("failed OUTCOME_UNKNOWN attempt 1 cost 0", "unknown t 0 7000 OUTCOME_UNKNOWN"),
        BACK_OFF("waiting backoff attempt 1 cost 1000", "broken t 1000 0 PROVIDER_UNAVAILABLE", "waiting"),
        BACK_OFF_NO_LONGER("waiting backoff attempt 1 cost 1000", "broken t 1000 0 PROVIDER_UNAVAILABLE", "waiting"),
        BACK_OFF_BEYOND("waiting backoff attempt 1 cost 1000", "broken t 1000 0 PROVIDER_UNAVAILABLE", "waiting"),
        THROTTLED("waiting rate_limited attempt 0 cost 0", "throttled f 0 0 PROVIDER_RATE_LIMITED", "waiting"),
        HELD_UP("waiting concurrency attempt 0 cost 0", "", "waiting"),
        HAND_BACK("queued - attempt 0 cost 0", "", "handed_back"),
        DRAINED("queued - attempt 0 cost 0", "interrupted f 0 7000 -", "handed_back"),
        RESCUE("queued - attempt 1 cost 0", "unknown t 0 7000 WORKER_LOST", "rescued"),
        CANCEL("cancelled - attempt 1 cost 0", "interrupted t 0 0 CANCELLED"),
        CANCEL_UNSENT("cancelled - attempt 1 cost 0", ""),
        JUDGED_UNKNOWN("waiting backoff attempt 1 cost 0", "unknown t 0 7000 NETWORK_ERROR", "waiting"),
        JUDGED_LOST("queued - attempt 1 cost 0", "unknown t 0 7000 WORKER_LOST", "rescued");

        final String job;
        final String attempt;
        final List<String> notes;

        Effect(String job, String attempt, String... notes) {
            this.job = job;
            this.attempt = attempt;
            // The first claim's hand-back is there already; a result leaves no note.
            this.notes = Stream.concat(
                            Stream.of("handed_back"), Arrays.stream(notes).filter(note -> !note.equals("complete")))
                    .toList();
        }

        /// The same once a cancel has been answered: the job ends cancelled, and all that was spent
        /// stays spent.
        String cancelled() {
            return "cancelled - " + job.substring(job.indexOf("attempt")).replace(" discarded", "");
        }
    }

    private record Row(State state, int epoch) {}

    static Stream<Row> everyStateAndEpoch() {
        return Arrays.stream(State.values())
                .flatMap(state -> Stream.of(States.EPOCH - 1, States.EPOCH, States.EPOCH + 1)
                        .map(epoch -> new Row(state, epoch)));
    }

    @ParameterizedTest
    @MethodSource("everyStateAndEpoch")
    void aVerdictTakesEffectOnlyOnARunningJobUnderItsEpoch(Row row) throws SQLException {
        Ending[] endings = Ending.values();
        States states = new States(database);
        List<ClaimedJob> jobs = states.bring(row.state(), 2 * endings.length, MAX_ATTEMPTS);
        // The second half is cancelled. No statement can say so of a job that is not running: there it
        // is forced.
        for (ClaimedJob job : jobs.subList(endings.length, jobs.size())) {
            if (row.state() == State.RUNNING) {
                assertThat(store.cancel(States.TENANT, job.id(), "test")).isEqualTo(CancelAnswer.STOPPING);
            } else {
                database.execute(
                        "UPDATE job_run SET cancel_requested = true WHERE job_id = ?",
                        job.id().uuid());
            }
        }
        List<Verdict> verdicts = new ArrayList<>();
        for (int i = 0; i < jobs.size(); i++) {
            verdicts.add(endings[i % endings.length].on(under(row.epoch(), jobs.get(i))));
        }
        Map<UUID, String> before = Rows.whole(database);
        List<Long> usage = Rows.usage(database);

        Set<JobId> applied = store.settle(verdicts, 0);

        boolean running = row.state() == State.RUNNING && row.epoch() == States.EPOCH;
        if (!running) {
            assertThat(applied).isEmpty();
            assertThat(Rows.whole(database)).isEqualTo(before);
            assertThat(Rows.usage(database)).isEqualTo(usage);
            return;
        }
        assertThat(applied).hasSameSizeAs(jobs);
        for (int i = 0; i < jobs.size(); i++) {
            Effect effect = Effect.valueOf(endings[i % endings.length].name());
            boolean cancelled = i >= endings.length;
            UUID job = jobs.get(i).id().uuid();
            assertThat(job(job))
                    .as("%s, cancelled %s", effect, cancelled)
                    .isEqualTo(cancelled ? effect.cancelled() : effect.job);
            assertThat(attempt(job)).as("%s, cancelled %s", effect, cancelled).isEqualTo(effect.attempt);
            assertThat(database.notes(jobs.get(i).id()))
                    .as("%s, cancelled %s", effect, cancelled)
                    .isEqualTo(cancelled ? List.of("handed_back", "cancel_requested") : effect.notes);
        }
        long calls = verdicts.stream().filter(verdict -> verdict.call() != null).count();
        long tokens = verdicts.stream()
                .map(Verdict::call)
                .filter(Objects::nonNull)
                .mapToLong(call -> call.usage().inputTokens())
                .sum();
        long cost = verdicts.stream()
                .map(Verdict::call)
                .filter(Objects::nonNull)
                .mapToLong(call -> call.cost().nanos())
                .sum();
        assertThat(Rows.usage(database)).isEqualTo(List.of(calls, 1L, tokens, cost));
        assertThat(database.count("SELECT count(*) FROM job_run WHERE status = 'waiting' AND wake_at > deadline_at"))
                .as("waits that outlast their jobs")
                .isZero();
    }

    @Test
    void aVerdictTwiceTakesEffectOnce() throws SQLException {
        Ending[] endings = Ending.values();
        List<ClaimedJob> jobs = new States(database).bring(State.RUNNING, endings.length, MAX_ATTEMPTS);
        List<Verdict> verdicts = new ArrayList<>();
        for (int i = 0; i < jobs.size(); i++) {
            verdicts.add(endings[i].on(jobs.get(i)));
        }
        assertThat(store.settle(verdicts, 0)).hasSameSizeAs(jobs);
        Map<UUID, String> before = Rows.whole(database);
        List<Long> usage = Rows.usage(database);

        assertThat(store.settle(verdicts, 1)).isEmpty();

        assertThat(Rows.whole(database)).isEqualTo(before);
        assertThat(Rows.usage(database)).isEqualTo(usage);
    }

    /// Every statement but the settling of verdicts, said by its owner.
    private enum Statement {
        CLAIM(State.ON_THE_ROAD),
        CLAIM_BY_A_DEAD_WORKER,
        CLAIM_BY_NOBODY,
        FEED(State.BACKLOG, State.REVIVED),
        FEED_ANOTHER_LANE,
        UNDISPATCH(State.ON_THE_ROAD),
        REISSUE(State.ON_THE_ROAD),
        REISSUE_ANOTHER_LANE,
        REISSUE_WHAT_IS_OLDER,
        WAKE,
        EXPIRE,
        CANCEL(
                State.BACKLOG,
                State.ON_THE_ROAD,
                State.BACKING_OFF,
                State.RUNNING,
                State.AWAITING_REVIEW,
                State.REVIVED),
        CANCEL_A_STRANGERS,
        REPLAY(State.FAILED, State.DISCARDED),
        REPLAY_A_STRANGERS,
        DISCARD(State.FAILED),
        DISCARD_A_STRANGERS;

        /// Where it takes effect on a job that is in good time and does not wait any longer than it should.
        final Set<State> inGoodTime;

        Statement(State... inGoodTime) {
            this.inGoodTime = Set.of(inGoodTime);
        }

        Set<State> takesEffect(Time time) {
            return switch (time) {
                case GOOD -> inGoodTime;
                case WAIT_IS_OVER -> this == WAKE ? Set.of(State.BACKING_OFF) : inGoodTime;
                case TOO_LATE ->
                    switch (this) {
                        case CLAIM -> Set.of();
                        case EXPIRE ->
                            Set.of(
                                    State.BACKLOG,
                                    State.ON_THE_ROAD,
                                    State.BACKING_OFF,
                                    State.AWAITING_REVIEW,
                                    State.REVIVED);
                        default -> inGoodTime;
                    };
            };
        }
    }

    private enum Time {
        GOOD,
        WAIT_IS_OVER,
        TOO_LATE
    }

    @ParameterizedTest
    @EnumSource(State.class)
    void aStatementTakesEffectOnlyInItsStates(State state) throws SQLException {
        for (Time time : Time.values()) {
            Scene scene = scene(state, time);
            for (Statement statement : Statement.values()) {
                int done = say(statement, scene);

                boolean effect = statement.takesEffect(time).contains(state);
                String what = statement + " in " + state + ", " + time;
                assertThat(done).as(what).isEqualTo(effect ? 2 : 0);
                Map<UUID, String> after = Rows.whole(database);
                if (effect) {
                    assertThat(after.values())
                            .as(what)
                            .doesNotContainAnyElementsOf(scene.rows().values());
                    scene = scene(state, time);
                } else {
                    assertThat(after).as(what).isEqualTo(scene.rows());
                }
            }
        }
    }

    /// Two jobs in a state, and all their rows.
    private record Scene(int worker, List<UUID> jobs, Map<UUID, String> rows) {}

    private Scene scene(State state, Time time) throws SQLException {
        States states = new States(database);
        List<UUID> jobs = states.bring(state, 2, MAX_ATTEMPTS).stream()
                .map(job -> job.id().uuid())
                .toList();
        pass(time, state);
        return new Scene(states.worker(), jobs, Rows.whole(database));
    }

    @Test
    void aJobWithoutAttemptsLeftIsNotClaimed() throws SQLException {
        States states = new States(database);
        List<UUID> jobs = states.bring(State.RUNNING, 2, 1).stream()
                .map(job -> job.id().uuid())
                .toList();
        store.settle(
                store.claimedBy(states.worker()).stream().map(Ending.RESCUE::on).toList(), 0);
        store.feed(Lane.STANDARD, 2, 0);
        Map<UUID, String> before = Rows.whole(database);

        assertThat(store.claim(states.worker(), jobs)).isEmpty();

        assertThat(Rows.whole(database)).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource(State.class)
    void onlyRunningJobsAreAnybodysAndOnlyADeadWorkersAreOrphans(State state) throws SQLException {
        States states = new States(database);
        List<ClaimedJob> jobs = states.bring(state, 2, MAX_ATTEMPTS);
        List<JobId> running =
                state == State.RUNNING ? jobs.stream().map(ClaimedJob::id).toList() : List.of();

        assertThat(store.orphans(10)).isEmpty();
        assertThat(store.claimedBy(states.worker())).extracting(ClaimedJob::id).hasSameElementsAs(running);
        assertThat(store.claimedBy(states.worker() + 1)).isEmpty();
        assertThat(store.toBeCancelled(states.worker())).isEmpty();
        database.loseLease(states.worker());
        assertThat(store.orphans(10)).extracting(ClaimedJob::id).hasSameElementsAs(running);
    }

    private void pass(Time time, State state) throws SQLException {
        switch (time) {
            case GOOD -> {}
            case WAIT_IS_OVER -> {
                if (state.waiting) {
                    database.execute("UPDATE job_run SET wake_at = now() - interval '1 second'");
                }
            }
            case TOO_LATE -> database.execute("""
                        UPDATE job_run SET deadline_at = now() - interval '1 second', wake_at = now() - interval '1 second'
                        """);
        }
    }

    /// @return how many jobs the statement says it has changed
    private int say(Statement statement, Scene scene) throws SQLException {
        List<UUID> jobs = scene.jobs();
        return switch (statement) {
            case CLAIM -> store.claim(scene.worker(), jobs).size();
            case CLAIM_BY_A_DEAD_WORKER -> {
                int dead = database.worker();
                database.loseLease(dead);
                yield store.claim(dead, jobs).size();
            }
            case CLAIM_BY_NOBODY -> store.claim(Integer.MAX_VALUE, jobs).size();
            case FEED -> store.feed(Lane.STANDARD, 10, 0).size();
            case FEED_ANOTHER_LANE -> store.feed(Lane.BATCH, 10, 0).size();
            case UNDISPATCH -> store.undispatch(jobs);
            case REISSUE -> store.reissue(Lane.STANDARD, Duration.ZERO);
            case REISSUE_ANOTHER_LANE -> store.reissue(Lane.BATCH, Duration.ZERO);
            case REISSUE_WHAT_IS_OLDER -> store.reissue(Lane.STANDARD, Duration.ofMinutes(1));
            case WAKE -> store.wake(10);
            case EXPIRE -> store.expire(10);
            case CANCEL -> cancel(States.TENANT, jobs);
            case CANCEL_A_STRANGERS -> cancel(States.STRANGER, jobs);
            case REPLAY -> store.replay(States.TENANT, jobs, "test").size();
            case REPLAY_A_STRANGERS ->
                store.replay(States.STRANGER, jobs, "test").size();
            case DISCARD -> store.discard(States.TENANT, jobs, "test").size();
            case DISCARD_A_STRANGERS ->
                store.discard(States.STRANGER, jobs, "test").size();
        };
    }

    private int cancel(int tenant, List<UUID> jobs) throws SQLException {
        int done = 0;
        for (UUID job : jobs) {
            done += store.cancel(tenant, new JobId(job), "test") == CancelAnswer.NOT_OPEN ? 0 : 1;
        }
        return done;
    }

    private String job(UUID job) throws SQLException {
        return database.only("""
                SELECT concat_ws(' ', status, coalesce(wait_reason::text, '-'), 'attempt', attempt, 'cost', spent_nanos)
                  FROM job_run
                 WHERE job_id = ?
                UNION ALL
                SELECT concat_ws(' ', status, coalesce(error_code, '-'), 'attempt', attempt, 'cost', cost_nanos,
                                 CASE WHEN discarded_at IS NOT NULL THEN 'discarded' END)
                  FROM job_outcome
                 WHERE job_id = ?
                """, row -> row.getString(1), job, job);
    }

    /// The attempt's outcome, whether it counts, its cost, what is held for it, and its code; empty when
    /// there is none.
    private String attempt(UUID job) throws SQLException {
        return String.join(";", database.<String>all("""
                        SELECT concat_ws(' ', outcome, charged, cost_nanos, held_nanos, coalesce(error_code, '-'))
                          FROM attempt
                         WHERE job_id = ? AND epoch = ?
                        """, row -> row.getString(1), job, States.EPOCH));
    }

    private static ClaimedJob under(int epoch, ClaimedJob job) {
        return new ClaimedJob(
                job.id(),
                epoch,
                job.workerId(),
                job.tenantId(),
                job.lane(),
                job.attempt(),
                job.maxAttempts(),
                job.claimedAt(),
                job.deadlineAt(),
                job.failOnUnknown(),
                job.cancelRequested(),
                job.spentNanos(),
                job.timeouts(),
                job.operation(),
                job.model(),
                job.askedModel(),
                job.input(),
                job.options(),
                job.traceId());
    }
}
