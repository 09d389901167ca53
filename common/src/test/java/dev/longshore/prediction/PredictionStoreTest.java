package dev.longshore.prediction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.attempt.Answer;
import dev.longshore.attempt.AttemptOutcome.Answered;
import dev.longshore.attempt.ErrorCode;
import dev.longshore.attempt.Reply;
import dev.longshore.attempt.Usage;
import dev.longshore.job.ClaimedJob;
import dev.longshore.job.Draft;
import dev.longshore.job.FreshDatabase;
import dev.longshore.job.JobId;
import dev.longshore.job.JobStore;
import dev.longshore.job.Settlement;
import dev.longshore.job.Verdict;
import dev.longshore.job.Verdict.Call;
import dev.longshore.lane.Lane;
import dev.longshore.money.Usd;
import dev.longshore.prediction.PredictionStore.Abandoned;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What may be written about a purchase, by whom, and when it is forgotten.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PredictionStoreTest {
    private FreshDatabase database;
    private JobStore jobs;
    private PredictionStore store;
    private int worker;

    @BeforeAll
    void makeDatabase() throws SQLException {
        database = FreshDatabase.make();
        jobs = database.store();
        store = new PredictionStore(database.source());
        worker = database.worker();
    }

    @AfterAll
    void closeDatabase() {
        database.close();
    }

    @BeforeEach
    void beginAnew() throws SQLException {
        database.empty();
    }

    private ClaimedJob claimed() throws SQLException {
        var draft = Draft.at(database.now()).tenant(7).job();
        jobs.accept(List.of(draft));
        return claim(draft.id());
    }

    private ClaimedJob claim(JobId job) throws SQLException {
        return jobs.claim(worker, FreshDatabase.uuids(job)).getFirst();
    }

    /// The same job in the hands of the next claim.
    private ClaimedJob claimedAgain(ClaimedJob job) throws SQLException {
        handBack(job);
        jobs.feed(Lane.STANDARD, 10, 0);
        return claim(job.id());
    }

    private void handBack(ClaimedJob job) throws SQLException {
        assertThat(jobs.settle(List.of(new Verdict(job, new Settlement.HandBack("drain", false), null)), 0))
                .hasSize(1);
    }

    private static Prediction intent(ClaimedJob job, String model, byte @Nullable [] hash) {
        return new Prediction(job.id(), job.epoch(), "later", model, 1, Instant.EPOCH, null, hash);
    }

    private static byte[] hash(String token) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    }

    private @Nullable Prediction open(ClaimedJob job) throws SQLException {
        List<Prediction> open = store.open(List.of(job.id()));
        return open.isEmpty() ? null : open.getFirst();
    }

    @Test
    void aPurchaseIsWrittenDownBeforeAndAfter() throws Exception {
        ClaimedJob job = claimed();
        assertThat(open(job)).isNull();

        assertThat(store.begin(intent(job, "m", hash("t")))).isTrue();
        Prediction begun = open(job);
        assertThat(begun).isNotNull();
        assertThat(begun.providerId()).isNull();
        assertThat(begun.isOf("later", "m")).isTrue();
        assertThat(begun.isOf("later", "n")).isFalse();
        assertThat(begun.keyNumber()).isEqualTo(1);
        assertThat(begun.callbackHash()).isEqualTo(hash("t"));
        assertThat(begun.name()).isEqualTo(job.id() + "-1");
        assertThat(begun.submittedAt()).isAfter(job.claimedAt().minusSeconds(1));

        assertThat(store.bought(job.id(), job.epoch(), "p-1")).isTrue();
        assertThat(open(job)).isEqualTo(begun.bought("p-1")).hasSameHashCodeAs(begun);
        assertThat(database.<Integer>only("SELECT tenant_id FROM prediction", row -> row.getInt(1)))
                .isEqualTo(7);

        assertThat(store.over(job.id(), job.epoch())).isTrue();
        assertThat(open(job)).isNull();
    }

    @Test
    void eachStatementMayBeSaidAgain() throws SQLException {
        ClaimedJob job = claimed();
        assertThat(store.begin(intent(job, "m", null))).isTrue();
        assertThat(store.begin(intent(job, "m", null))).isTrue();
        assertThat(store.bought(job.id(), job.epoch(), "p-1")).isTrue();
        assertThat(store.bought(job.id(), job.epoch(), "p-1")).isTrue();
        assertThat(store.over(job.id(), job.epoch())).isTrue();
        assertThat(store.over(job.id(), job.epoch())).isFalse();
    }

    @Test
    void theNextClaimFindsItAndMayEndIt() throws SQLException {
        ClaimedJob first = claimed();
        store.begin(intent(first, "m", null));
        store.bought(first.id(), first.epoch(), "p-1");

        ClaimedJob second = claimedAgain(first);

        Prediction open = open(second);
        assertThat(open).isNotNull();
        assertThat(open.providerId()).isEqualTo("p-1");
        assertThat(open.epoch()).isEqualTo(1);
        assertThat(store.over(second.id(), second.epoch())).isTrue();
    }

    @Test
    void theNextClaimMayFinishWhatTheLastBegan() throws SQLException {
        ClaimedJob first = claimed();
        store.begin(intent(first, "m", null));
        ClaimedJob second = claimedAgain(first);

        assertThat(store.bought(second.id(), second.epoch(), "p-2")).isTrue();
        assertThat(open(second)).extracting(Prediction::name).isEqualTo(first.id() + "-1");
    }

    @Test
    void anotherModelsTakesItsPlace() throws SQLException {
        ClaimedJob first = claimed();
        store.begin(intent(first, "m", null));
        store.bought(first.id(), first.epoch(), "p-1");
        ClaimedJob second = claimedAgain(first);

        assertThat(store.begin(intent(second, "n", null))).isTrue();

        Prediction open = open(second);
        assertThat(open).isNotNull();
        assertThat(open.isOf("later", "n")).isTrue();
        assertThat(open.epoch()).isEqualTo(2);
        assertThat(open.providerId()).isNull();
    }

    @Test
    void whatAnotherModelsReplacesIsGivenUpWhileTheJobGoesOn() throws SQLException {
        ClaimedJob first = claimed();
        store.begin(intent(first, "m", null));
        store.bought(first.id(), first.epoch(), "p-1");
        Prediction replaced = open(first);
        ClaimedJob second = claimedAgain(first);
        // Said again, as after an answer that was lost.
        assertThat(store.begin(intent(second, "n", null))).isTrue();
        assertThat(store.begin(intent(second, "n", null))).isTrue();

        assertThat(store.abandoned(10)).singleElement().satisfies(one -> {
            assertThat(one.prediction()).isEqualTo(replaced);
            assertThat(one.inputBytes()).isEqualTo(first.input().length());
        });
        assertThat(store.giveUp(store.abandoned(10).getFirst().prediction())).isTrue();
        assertThat(store.abandoned(10)).isEmpty();
        assertThat(store.bought(second.id(), second.epoch(), "p-2")).isTrue();
        assertThat(open(second)).extracting(Prediction::providerId).isEqualTo("p-2");
    }

    /// The claim that began it has told of it as a call of unknown outcome.
    @Test
    void whatMayNotHaveBeenBoughtIsReplacedWithoutATrace() throws SQLException {
        ClaimedJob first = claimed();
        store.begin(intent(first, "m", null));
        ClaimedJob second = claimedAgain(first);

        assertThat(store.begin(intent(second, "n", null))).isTrue();

        assertThat(store.abandoned(10)).isEmpty();
    }

    @Test
    void aStaleWorkerReplacesNothing() throws SQLException {
        ClaimedJob stale = claimed();
        ClaimedJob holder = claimedAgain(stale);
        store.begin(intent(holder, "m", null));
        store.bought(holder.id(), holder.epoch(), "p-1");

        assertThat(store.begin(intent(stale, "n", null))).isFalse();

        assertThat(store.abandoned(10)).isEmpty();
    }

    @Test
    void aStaleWorkerChangesNothing() throws SQLException {
        ClaimedJob stale = claimed();
        store.begin(intent(stale, "m", null));
        ClaimedJob holder = claimedAgain(stale);

        assertThat(store.begin(intent(stale, "n", null))).isFalse();
        assertThat(store.bought(stale.id(), stale.epoch(), "p-stale")).isFalse();
        assertThat(store.over(stale.id(), stale.epoch())).isFalse();

        assertThat(store.bought(holder.id(), holder.epoch(), "p-1")).isTrue();
        assertThat(store.bought(holder.id(), holder.epoch(), "p-2")).isFalse();
        assertThat(open(holder)).extracting(Prediction::providerId).isEqualTo("p-1");
    }

    @Test
    void nothingIsWrittenForAJobThatNobodyHolds() throws SQLException {
        ClaimedJob job = claimed();
        handBack(job);
        assertThat(store.begin(intent(job, "m", null))).isFalse();
        assertThat(open(job)).isNull();
    }

    /// The fence holds the job's row: a claim that comes meanwhile waits, and one that came first is seen.
    @Test
    void aMoveThatIsUnderWayIsWaitedForAndSeen() throws Exception {
        ClaimedJob job = claimed();
        store.begin(intent(job, "m", null));
        try (Connection mover = database.source().getConnection()) {
            mover.setAutoCommit(false);
            try (var statement = mover.prepareStatement("UPDATE job_run SET epoch = epoch + 1 WHERE job_id = ?")) {
                statement.setObject(1, job.id().uuid());
                statement.executeUpdate();
            }
            CompletableFuture<Boolean> late = CompletableFuture.supplyAsync(() -> {
                try {
                    return store.bought(job.id(), job.epoch(), "p-late");
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThat(late.completeOnTimeout(null, 300, TimeUnit.MILLISECONDS).get())
                    .as("waits while nobody knows")
                    .isNull();
            mover.commit();
            mover.setAutoCommit(true);
        }
        assertThat(open(job)).extracting(Prediction::providerId).isNull();
    }

    @Test
    void aCallbackIsSeenOnceByWhoeverWaits() throws Exception {
        ClaimedJob job = claimed();
        ClaimedJob other = claimed();
        store.begin(intent(job, "m", hash("t-1")));
        store.begin(intent(other, "m", hash("t-2")));
        List<JobId> both = List.of(job.id(), other.id());

        assertThat(store.calledBack(both)).isEmpty();
        assertThat(store.callBack(hash("t-1"))).isTrue();
        assertThat(store.callBack(hash("t-1"))).isTrue();
        assertThat(store.callBack(hash("t-3"))).isFalse();
        assertThat(store.calledBack(List.of(other.id()))).isEmpty();
        assertThat(store.calledBack(both)).isEqualTo(Set.of(job.id()));
        assertThat(store.calledBack(both)).isEmpty();
    }

    private ClaimedJob bought(String providerId) throws SQLException {
        ClaimedJob job = claimed();
        store.begin(intent(job, "m", null));
        store.bought(job.id(), job.epoch(), providerId);
        return job;
    }

    private void bury(ClaimedJob job) throws SQLException {
        jobs.settle(List.of(new Verdict(job, new Settlement.Bury(ErrorCode.INTERNAL, "enough", false), null)), 0);
    }

    /// Completes a job with the answer that its provider knows by this id.
    private void complete(ClaimedJob job, String requestId) throws SQLException {
        Answer answer = new Answer("{}", Usage.NONE, null, Duration.ZERO, new Reply(200, requestId, null, null));
        Call call = new Call(
                "later",
                "ours",
                job.claimedAt(),
                job.claimedAt(),
                new Answered(answer),
                Usage.NONE,
                Usd.ZERO,
                Usd.ZERO);
        jobs.settle(List.of(new Verdict(job, new Settlement.Complete(answer), call)), 0);
    }

    @Test
    void whatHasAnsweredItsJobIsForgotten() throws SQLException {
        ClaimedJob over = bought("p-1");
        ClaimedJob running = bought("p-2");
        complete(over, "p-1");

        assertThat(store.forgetOver(10)).isEqualTo(1);

        assertThat(open(over)).isNull();
        assertThat(open(running)).isNotNull();
        assertThat(store.forgetOver(10)).isZero();
    }

    @Test
    void whatIsOfNoJobAnyMoreIsForgotten() throws SQLException {
        bury(bought("p-1"));
        assertThat(store.forgetOver(10)).as("it has to be given up first").isZero();
        database.execute("DELETE FROM job_outcome");
        assertThat(store.forgetOver(10)).isEqualTo(1);
    }

    @Test
    void whatNobodyWantsAnyMoreIsFoundAndGivenUpOnce() throws SQLException {
        ClaimedJob failed = bought("p-1");
        ClaimedJob answered = bought("p-2");
        ClaimedJob answeredByAnother = bought("p-3");
        ClaimedJob running = bought("p-4");
        bury(failed);
        complete(answered, "p-2");
        complete(answeredByAnother, "chatcmpl-1");

        List<Abandoned> abandoned = store.abandoned(10);

        assertThat(abandoned)
                .extracting(one -> one.prediction().job())
                .containsExactlyInAnyOrder(failed.id(), answeredByAnother.id());
        assertThat(abandoned)
                .allSatisfy(one ->
                        assertThat(one.inputBytes()).isEqualTo(failed.input().length()));
        for (Abandoned one : abandoned) {
            assertThat(store.giveUp(one.prediction())).isTrue();
            assertThat(store.giveUp(one.prediction())).isFalse();
        }
        assertThat(store.abandoned(10)).isEmpty();
        assertThat(open(answered)).isNotNull();
        assertThat(open(running)).isNotNull();
    }

    @Test
    void whatIsWaitedForAgainAfterAReplayIsNotGivenUp() throws SQLException {
        ClaimedJob failed = bought("p-1");
        bury(failed);
        Prediction abandoned = store.abandoned(10).getFirst().prediction();
        jobs.replay(7, FreshDatabase.uuids(failed.id()), "test");

        assertThat(store.giveUp(abandoned)).isFalse();

        assertThat(open(failed)).isNotNull();
    }
}
