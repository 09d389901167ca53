package dev.longshore.worker.provider.prediction;

import static dev.longshore.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.attempt.AttemptOutcome.Answered;
import dev.longshore.attempt.AttemptOutcome.Broken;
import dev.longshore.attempt.AttemptOutcome.Interrupted;
import dev.longshore.attempt.AttemptOutcome.Interruption;
import dev.longshore.attempt.AttemptOutcome.Refused;
import dev.longshore.attempt.AttemptOutcome.Unknown;
import dev.longshore.attempt.ErrorCode;
import dev.longshore.attempt.Usage;
import dev.longshore.job.JobId;
import dev.longshore.prediction.Prediction;
import dev.longshore.settings.PredictionSettings;
import dev.longshore.tokens.TokenCounter;
import dev.longshore.worker.provider.Ask;
import dev.longshore.worker.provider.Ask.Operation;
import dev.longshore.worker.provider.Described;
import dev.longshore.worker.provider.HttpCaller;
import dev.longshore.worker.provider.Timeouts;
import dev.longshore.worker.provider.TokenSink;
import dev.longshore.worker.provider.Translating;
import dev.longshore.worker.provider.prediction.PredictionServer.Reply;
import dev.longshore.worker.provider.prediction.PredictionServer.Seen;
import dev.longshore.worker.slots.StopSign;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Each way of a prediction from its purchase to its outcome, and each loss on the way.
@Timeout(120)
class PredictionDialectTest {
    private static final Vertx VERTX = Vertx.vertx(new VertxOptions()
            .setEventLoopPoolSize(2)
            .setFileSystemOptions(
                    new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Timeouts PATIENT = new Timeouts(LONG, LONG, LONG, LONG);
    private static final String CHAT =
            "{\"model\":\"ours\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}],\"max_tokens\":50}";
    private static final JobId JOB = new JobId(new UUID(0x0199_0000_0000_7000L, 0x8000_0000_0000_0001L));

    private final PredictionServer server = new PredictionServer(VERTX, false);
    private final HttpCaller caller = new HttpCaller(VERTX, LONG);
    private final PaperPurchases purchases = new PaperPurchases();
    private final StopSign stop = new StopSign();

    @AfterEach
    void leave() {
        server.close();
        caller.close();
    }

    @AfterAll
    static void closeVertx() throws ExecutionException, InterruptedException {
        VERTX.close().toCompletionStage().toCompletableFuture().get();
    }

    private PredictionDialect dialect(String section, List<String> keys, URI baseUrl) {
        PredictionSettings described = Described.provider("prediction", section).prediction();
        return new PredictionDialect(
                "later",
                caller,
                Translating.JSON,
                Translating.CLOCK,
                new TokenCounter(),
                purchases,
                () -> new Pace(() -> 0.99, Duration.ofMillis(20)),
                described,
                baseUrl,
                keys,
                Map.of("x-more", "1"));
    }

    private PredictionDialect dialect(String section) {
        return dialect(section, List.of("key-1"), server.baseUrl());
    }

    private static Ask ask(int claim) {
        return new Ask(Operation.CHAT, "theirs", CHAT, 100, JOB.toString(), claim);
    }

    private AttemptOutcome call(PredictionDialect dialect, int claim) {
        return dialect.call(ask(claim), PATIENT, stop, TokenSink.NONE);
    }

    private AttemptOutcome call() {
        return call(dialect(""), 1);
    }

    private CompletableFuture<AttemptOutcome> calling() {
        CompletableFuture<AttemptOutcome> outcome = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> outcome.complete(call()));
        return outcome;
    }

    private static Prediction bought(String provider, String model, int key) {
        return new Prediction(JOB, 1, provider, model, key, Instant.parse("2026-11-20T11:59:30Z"), "p-1", null);
    }

    private static JsonNode result(AttemptOutcome outcome) throws Exception {
        assertThat(outcome).isInstanceOf(Answered.class);
        return Translating.JSON.readTree(((Answered) outcome).answer().result());
    }

    private void assertAnswered(AttemptOutcome outcome) {
        assertThat(outcome).isInstanceOf(Answered.class);
    }

    @Test
    void aPredictionIsSubmittedAndAskedForUntilItIsDone() throws Exception {
        server.looked(Reply.state("starting"), Reply.state("processing"));
        AttemptOutcome outcome = call();

        assertThat(server.calls())
                .containsExactly(
                        "POST /v1/predictions",
                        "GET /v1/predictions/p-1",
                        "GET /v1/predictions/p-1",
                        "GET /v1/predictions/p-1");
        Seen submitted = server.seen().getFirst();
        assertThat(Translating.JSON.readTree(submitted.body()))
                .isEqualTo(Translating.json("{'version':'theirs','input':{'prompt':'hello','max_tokens':50}}"));
        assertThat(submitted.headers())
                .containsEntry("authorization", "Bearer key-1")
                .containsEntry("idempotency-key", JOB + "-1")
                .containsEntry("content-type", "application/json")
                .containsEntry("x-longshore-job-id", JOB.toString())
                .containsEntry("x-longshore-attempt", "1")
                .containsEntry("x-more", "1");
        assertThat(server.seen().getLast().headers())
                .containsEntry("authorization", "Bearer key-1")
                .doesNotContainKey("idempotency-key");

        JsonNode result = result(outcome);
        assertThat(result.at("/choices/0/message/content").textValue()).isEqualTo("Hello");
        assertThat(result.path("model").textValue()).isEqualTo("theirs-7");
        assertThat(((Answered) outcome).answer().usage()).isEqualTo(new Usage(8, 0, 2));
        assertThat(outcome.reply().requestId()).isEqualTo("p-1");
        assertThat(outcome.reply().status()).isEqualTo(200);
    }

    @Test
    void aStreamThatIsAskedForComesInOnePieceAtTheEnd() {
        List<String> heard = new ArrayList<>();
        TokenSink sink = new TokenSink() {
            @Override
            public void token(String text) {
                heard.add(text);
            }

            @Override
            public void progress(@Nullable Double share, @Nullable String message) {
                heard.add("(progress)");
            }

            @Override
            public void withdrawn() {
                heard.add("(withdrawn)");
            }
        };
        String streamed = CHAT.replace("\"max_tokens\"", "\"stream\":true,\"max_tokens\"");
        Ask ask = new Ask(Operation.CHAT, "theirs", streamed, 100, JOB.toString(), 1);
        assertAnswered(dialect("").call(ask, PATIENT, stop, sink));
        assertThat(heard).containsExactly("Hello");
        assertThat(server.seen().getFirst().body()).doesNotContain("stream");

        assertAnswered(dialect("").call(ask(1), PATIENT, stop, sink));
        assertThat(heard).as("nobody asked for a stream").hasSize(1);
    }

    /// What a look hears of how far a prediction is, when the look is answered with this.
    private List<String> progress(String section, String... bodies) {
        List<String> heard = new ArrayList<>();
        TokenSink sink = new TokenSink() {
            @Override
            public void token(String text) {
                heard.add("(token)");
            }

            @Override
            public void progress(@Nullable Double share, @Nullable String message) {
                heard.add(share + " " + message);
            }

            @Override
            public void withdrawn() {
                heard.add("(withdrawn)");
            }
        };
        for (String body : bodies) {
            server.looked(Reply.of(200, "{'status':'processing'" + body + "}"));
        }
        assertAnswered(dialect(section).call(ask(1), PATIENT, stop, sink));
        return heard;
    }

    @Test
    void eachLookTellsHowFarItIs() {
        server.submitted(Reply.of(201, "{'id':'p-1','status':'starting','metrics':{'done':0},'logs':null}"));
        assertThat(progress(
                        "progress: /metrics/done\nprogress-message: /logs",
                        ",'metrics':{'done':0.25},'logs':'step 1\\u0000 of 4 '",
                        ",'metrics':{'done':0.123456},'logs':''"))
                .as("as it is told, even where it goes back")
                .containsExactly("0.0 null", "0.25 step 1  of 4", "0.1234 null");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "100 | 37.5 | 0.375",
                "100 | 100 | 1.0",
                "100 | 29 | 0.29",
                "7 | 2 | 0.2857",
                "1 | 0.99999 | 0.9999",
                "1 | 1 | 1.0",
            })
    void howFarItIsIsAShareOfTheScale(int scale, String told, String share) {
        assertThat(progress("progress: /done\nprogress-scale: " + scale, ",'done':" + told))
                .containsExactly(share + " null");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-0.1", "1.01", "1e400", "'0.5'", "true", "null", "{}", "[0.5]"})
    void whatIsNoShareIsPassedOver(String told) {
        assertThat(progress("progress: /done", ",'done':" + told)).isEmpty();
    }

    @Test
    void aMessageMayBeToldAlone() {
        assertThat(progress("progress-message: /status", "")).containsExactly("null starting", "null processing");
    }

    @Test
    void aMessageIsCutAtAWholeCharacter() {
        assertThat(progress("progress-message: /step", ",'step':'" + "x".repeat(199) + "🙂🙂'"))
                .containsExactly("null " + "x".repeat(199));
    }

    @Test
    void whoeverSaysNothingOfProgressIsNotAskedForIt() {
        assertThat(progress("", ",'progress':0.5,'metrics':{'progress':0.5},'logs':'half'"))
                .isEmpty();
    }

    /// Until its answer is recorded: a worker may die between the two.
    @Test
    void anAnswerIsKeptUntilItsJobIsOver() {
        assertAnswered(call());
        assertThat(purchases.of(JOB)).hasValueSatisfying(row -> {
            assertThat(row.providerId()).isEqualTo("p-1");
            assertThat(row.isOf("later", "theirs")).isTrue();
        });
    }

    @Test
    void whatIsDoneAtOnceIsNotAskedFor() throws Exception {
        server.submitted(Reply.of(201, "{'id':'p-1','status':'succeeded','output':{'a':1}}"));
        assertThat(result(call()).at("/choices/0/message/content").textValue()).isEqualTo("{\"a\":1}");
        assertThat(server.calls()).containsExactly("POST /v1/predictions");
    }

    @Test
    void theAddressAndTheWordsMayBeOthers() throws Exception {
        server.submitted(Reply.of(200, "{'run':{'id':'a/b','state':'queued'}}"))
                .looked(Reply.of(200, "{'run':{'state':'fine','result':'yes'}}"));
        AttemptOutcome outcome = call(dialect("""
                        path: /m/{{model}}/runs
                        poll-path: /runs/{{id}}
                        request: {text: "{{prompt}}"}
                        leave-out: [max_tokens]
                        id: /run/id
                        status: /run/state
                        succeeded: [fine]
                        output: /run/result
                        key-header: x-key
                        """), 1);
        assertThat(result(outcome).at("/choices/0/message/content").textValue()).isEqualTo("yes");
        assertThat(result(outcome).path("model").textValue()).isEqualTo("theirs");
        assertThat(server.calls()).containsExactly("POST /v1/m/theirs/runs", "GET /v1/runs/a%2Fb");
        assertThat(server.seen().getFirst().body()).isEqualTo("{\"text\":\"hello\"}");
        assertThat(server.seen().getLast().headers()).containsEntry("x-key", "key-1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "'failed','error':'out of memory' | PROVIDER_UNAVAILABLE | The prediction failed: out of memory",
                "'failed','error':null | PROVIDER_UNAVAILABLE | The prediction failed.",
                "'canceled' | PROVIDER_UNAVAILABLE | The prediction was cancelled at the provider.",
                "'aborted' | PROVIDER_UNAVAILABLE | The prediction was cancelled at the provider.",
                "'succeeded' | MALFORMED_RESPONSE | The prediction has nothing at /output.",
                "'succeeded','output':null | MALFORMED_RESPONSE | The prediction has nothing at /output.",
            })
    void aPredictionWithoutAnAnswerIsBrokenAndNotWaitedForAgain(String status, ErrorCode code, String message) {
        server.looked(Reply.of(200, "{'status':" + status + "}"));
        assertThat(call()).isInstanceOfSatisfying(Broken.class, broken -> {
            assertThat(broken.code()).isEqualTo(code);
            assertThat(broken.message()).isEqualTo(message);
            assertThat(broken.reply().requestId()).isEqualTo("p-1");
        });
        assertThat(purchases.of(JOB)).isEmpty();

        purchases.heldBy(2);
        assertAnswered(call(dialect(""), 2));
        assertThat(server.bought()).isEqualTo(2);
    }

    @Test
    void whatAFailureMeansIsForTheOperatorToSay() {
        server.looked(Reply.of(200, "{'status':'failed','error':{'kind':'nsfw','message':'no'}}"));
        assertThat(call(dialect("error: {code: /error/kind, meanings: {nsfw: content-policy}}"), 1))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.CONTENT_FILTER_TRIGGERED));
        assertThat(purchases.of(JOB)).isEmpty();
    }

    @Test
    void aLookThatFailsIsMadeAgain() {
        server.looked(Reply.of(500, ""), Reply.of(429, "{}").with("retry-after-ms", "1100"), Reply.CLOSE);
        assertAnswered(call());
        assertThat(server.bought()).isEqualTo(1);
        assertThat(server.calls()).hasSize(5);
    }

    @Test
    void aLookThatTellsNothingIsMadeAgain() {
        server.looked(Reply.of(200, "<html>"), Reply.of(200, "{'status':7}"));
        assertAnswered(call());
        assertThat(server.calls()).hasSize(4);
    }

    @Test
    void aLookThatHangsIsGivenUpAndMadeAgain() {
        server.looked(Reply.SILENCE);
        Timeouts impatient = new Timeouts(LONG, Duration.ofSeconds(1), LONG, LONG);
        assertAnswered(dialect("").call(ask(1), impatient, stop, TokenSink.NONE));
        assertThat(server.calls()).hasSize(3);
    }

    @Test
    void aPredictionThatTakesTooLongIsCancelled() {
        server.untilToldOtherwise("processing");
        Timeouts brief = new Timeouts(LONG, LONG, LONG, Duration.ofMillis(2_000));
        assertThat(dialect("").call(ask(1), brief, stop, TokenSink.NONE))
                .isInstanceOfSatisfying(Unknown.class, unknown -> {
                    assertThat(unknown.code()).isEqualTo(ErrorCode.MODEL_TIMEOUT);
                    assertThat(unknown.message()).contains("2000 ms");
                });
        assertThat(server.calls()).last().isEqualTo("POST /v1/predictions/p-1/cancel");
        assertThat(purchases.of(JOB)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "400,refused INVALID_REQUEST",
        "401,refused PROVIDER_AUTH_FAILED",
        "402,throttled PROVIDER_QUOTA_EXHAUSTED",
        "422,refused INVALID_REQUEST",
        "429,throttled PROVIDER_RATE_LIMITED",
        "500,broken PROVIDER_UNAVAILABLE",
        "504,broken MODEL_TIMEOUT",
    })
    void aSubmissionThatIsNotTakenBuysNothing(int status, String outcome) {
        server.submitted(Reply.of(status, "{'detail':'no'}"));
        AttemptOutcome told = call();
        assertThat(Translating.told(told)).isEqualTo(outcome);
        assertThat(told.toString()).contains("The provider answered " + status + ": no");
        assertThat(purchases.of(JOB)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'id':null}",
                "{'id':{'a':1}}",
                "{'id':''}",
                "{'id':'a b'}",
                "{'id':'\\u0000'}",
                "[]",
                "half"
            })
    void aSubmissionWithoutAnIdIsMalformed(String body) {
        server.submitted(Reply.of(201, body));
        assertThat(Translating.told(call())).isEqualTo("broken MALFORMED_RESPONSE");
        assertThat(purchases.of(JOB)).isEmpty();
    }

    /// The same request under the same name, so that a provider which heeds names sells it once.
    @Test
    void aWorkerThatDiesBeforeItWritesDownTheIdLosesNothingWhereNamesAreHeeded() {
        purchases.dieWhenBought();
        assertThatThrownBy(this::call).hasMessage("killed");
        assertThat(purchases.of(JOB))
                .hasValueSatisfying(row -> assertThat(row.providerId()).isNull());

        purchases.heldBy(2);
        assertAnswered(call(dialect(""), 2));

        List<Seen> posts = server.seen().stream()
                .filter(one -> one.method().equals("POST"))
                .toList();
        assertThat(posts).hasSize(2);
        assertThat(posts)
                .extracting(one -> one.headers().get("idempotency-key"))
                .containsOnly(JOB + "-1");
        assertThat(posts).extracting(Seen::body).containsOnly(posts.getFirst().body());
        assertThat(server.bought()).isEqualTo(1);
    }

    @Test
    void theNextClaimWaitsForWhatWasBought() throws Exception {
        purchases.put(bought("later", "theirs", 0));
        purchases.heldBy(3);
        AttemptOutcome outcome = call(dialect(""), 3);
        assertThat(result(outcome).at("/choices/0/message/content").textValue()).isEqualTo("Hello");
        assertThat(server.calls()).containsExactly("GET /v1/predictions/p-1");
        // From its submission, thirty seconds before the test's noon.
        assertThat(((Answered) outcome).answer().latency()).isEqualTo(Duration.ofSeconds(30));
    }

    @ParameterizedTest
    @CsvSource({"later,other", "sooner,theirs"})
    void whatWasBoughtOfAnotherIsNotWaitedFor(String provider, String model) {
        purchases.put(bought(provider, model, 0));
        purchases.heldBy(2);
        assertAnswered(call(dialect(""), 2));
        assertThat(server.calls().getFirst()).isEqualTo("POST /v1/predictions");
        assertThat(server.seen().getFirst().headers()).containsEntry("idempotency-key", JOB + "-2");
    }

    @Test
    void aPredictionIsLookedAtWithTheKeyThatBoughtIt() {
        PredictionDialect dialect = dialect("", List.of("key-1", "key-2"), server.baseUrl());
        purchases.put(bought("later", "theirs", 1));
        AttemptOutcome outcome = call(dialect, 1);
        assertAnswered(outcome);
        assertThat(server.seen().getLast().headers()).containsEntry("authorization", "Bearer key-2");
        assertThat(outcome.reply().ofAnotherKey())
                .as("it says nothing of the key that the claim was given")
                .isTrue();
    }

    /// What is still allowed is another key's as well.
    @Test
    void aPurchaseThatIsTriedAgainWithItsKeySaysNothingOfAnother() {
        purchases.put(new Prediction(JOB, 1, "later", "theirs", 1, Instant.EPOCH, null, null));
        purchases.heldBy(2);
        server.submitted(Reply.of(429, "{}").with("retry-after-ms", "900"));

        AttemptOutcome outcome = call(dialect("", List.of("key-1", "key-2"), server.baseUrl()), 2);

        assertThat(Translating.told(outcome)).isEqualTo("throttled PROVIDER_RATE_LIMITED");
        assertThat(outcome.reply().ofAnotherKey()).isTrue();
        assertThat(call(dialect("", List.of("key-1", "key-2"), server.baseUrl()), 2)
                        .reply()
                        .ofAnotherKey())
                .as("bought anew, with the claim's own")
                .isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"DRAIN", "LEASE_LOST"})
    void whoeverHasToLeaveLeavesThePredictionToTheNext(Interruption why) throws Exception {
        server.untilToldOtherwise("processing");
        CompletableFuture<AttemptOutcome> outcome = calling();
        await().until(() -> server.calls().size() >= 2);
        stop.raise(why);
        assertThat(outcome.get()).isEqualTo(new Interrupted(why, false));
        assertThat(server.calls()).noneMatch(call -> call.endsWith("/cancel"));
        assertThat(purchases.of(JOB))
                .hasValueSatisfying(row -> assertThat(row.providerId()).isEqualTo("p-1"));
    }

    @ParameterizedTest
    @EnumSource(names = {"CANCEL", "DEADLINE"})
    void whatNobodyWantsAnyMoreIsCancelledAtTheProvider(Interruption why) throws Exception {
        server.untilToldOtherwise("processing");
        CompletableFuture<AttemptOutcome> outcome = calling();
        await().until(() -> server.calls().size() >= 2);
        stop.raise(why);
        assertThat(outcome.get()).isEqualTo(new Interrupted(why, true));
        assertThat(server.calls()).last().isEqualTo("POST /v1/predictions/p-1/cancel");
        assertThat(server.seen().getLast().headers()).containsEntry("authorization", "Bearer key-1");
    }

    @Test
    void aCancelThatHangsIsGivenUp() throws Exception {
        server.untilToldOtherwise("processing");
        server.cancelled(Reply.SILENCE);
        CompletableFuture<AttemptOutcome> outcome = calling();
        await().until(() -> server.calls().size() >= 2);
        long before = System.nanoTime();
        stop.raise(Interruption.CANCEL);
        assertThat(outcome.get()).isEqualTo(new Interrupted(Interruption.CANCEL, true));
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isBetween(Duration.ofSeconds(1), LONG.minusSeconds(1));
    }

    @Test
    void aLookUnderWayIsStoppedToo() throws Exception {
        server.looked(Reply.SILENCE);
        CompletableFuture<AttemptOutcome> outcome = calling();
        await().until(() -> server.calls().size() >= 2);
        stop.raise(Interruption.DRAIN);
        assertThat(outcome.get()).isEqualTo(new Interrupted(Interruption.DRAIN, false));
    }

    /// Its answer holds the id of what is paid for.
    @Test
    void aSubmissionUnderWayIsWaitedForBeforeLeaving() throws Exception {
        CompletableFuture<Void> late = new CompletableFuture<>();
        server.submitted(Reply.of(201, "{'id':'p-1','status':'starting'}").after(late));
        CompletableFuture<AttemptOutcome> outcome = calling();
        await().until(() -> server.calls().size() == 1);
        stop.raise(Interruption.DRAIN);
        late.complete(null);
        assertThat(outcome.get()).isEqualTo(new Interrupted(Interruption.DRAIN, false));
        assertThat(purchases.of(JOB))
                .hasValueSatisfying(row -> assertThat(row.providerId()).isEqualTo("p-1"));
    }

    @Test
    void aSubmissionThatHangsIsNotWaitedForForever() throws Exception {
        server.submitted(Reply.SILENCE);
        CompletableFuture<AttemptOutcome> outcome = calling();
        await().until(() -> server.calls().size() == 1);
        stop.raise(Interruption.CANCEL);
        assertThat(outcome.get()).isEqualTo(new Interrupted(Interruption.CANCEL, true));
        assertThat(purchases.of(JOB))
                .hasValueSatisfying(row -> assertThat(row.providerId()).isNull());
    }

    @Test
    void aCallThatWasStoppedBeforeItBeganBuysNothing() {
        stop.raise(Interruption.CANCEL);
        assertThat(call()).isEqualTo(new Interrupted(Interruption.CANCEL, false));
        assertThat(server.calls()).isEmpty();
        assertThat(purchases.of(JOB)).isEmpty();
    }

    @Test
    void aSubmissionThatIsLostMayHaveBeenMadeAndIsMadeAgainUnderItsName() {
        server.submitted(Reply.CLOSE);
        assertThat(call())
                .isInstanceOfSatisfying(
                        Unknown.class, unknown -> assertThat(unknown.code()).isEqualTo(ErrorCode.NETWORK_ERROR));
        assertThat(purchases.of(JOB)).isPresent();
        purchases.heldBy(2);
        assertAnswered(call(dialect(""), 2));
        assertThat(server.seen().get(1).headers()).containsEntry("idempotency-key", JOB + "-1");
    }

    @Test
    void aProviderThatIsNotThereHasSoldNothing() {
        assertThat(call(dialect("", List.of(), URI.create("http://127.0.0.1:1/v1")), 1))
                .isInstanceOfSatisfying(Broken.class, broken -> {
                    assertThat(broken.code()).isEqualTo(ErrorCode.NETWORK_ERROR);
                    assertThat(broken.reply().status()).isZero();
                });
        assertThat(purchases.of(JOB)).isEmpty();
    }

    @Test
    void aWorkerThatHasLostItsJobBuysNothing() {
        purchases.heldBy(2);
        assertThat(call()).isEqualTo(new Interrupted(Interruption.LEASE_LOST, false));
        assertThat(server.calls()).isEmpty();
    }

    @Test
    void aWorkerThatLosesItsJobWhileItBuysWritesNothingDown() throws Exception {
        CompletableFuture<Void> late = new CompletableFuture<>();
        server.submitted(Reply.of(201, "{'id':'p-1','status':'starting'}").after(late));
        CompletableFuture<AttemptOutcome> outcome = calling();
        await().until(() -> server.calls().size() == 1);
        purchases.heldBy(2);
        late.complete(null);
        assertThat(outcome.get()).isEqualTo(new Interrupted(Interruption.LEASE_LOST, true));
        assertThat(purchases.of(JOB))
                .hasValueSatisfying(row -> assertThat(row.providerId()).isNull());
    }

    @Test
    void aPredictionThatTheProviderHasForgottenIsUnknown() {
        server.looked(Reply.of(404, "{}"));
        assertThat(call())
                .isInstanceOfSatisfying(
                        Unknown.class, unknown -> assertThat(unknown.code()).isEqualTo(ErrorCode.PROVIDER_UNAVAILABLE));
        assertThat(purchases.of(JOB)).isEmpty();
    }

    @Test
    void aKeyThatIsNoLongerTakenFailsTheJobAndKeepsThePrediction() {
        server.looked(Reply.of(401, "{'detail':'revoked'}"));
        assertThat(Translating.told(call())).isEqualTo("refused PROVIDER_AUTH_FAILED");
        assertThat(purchases.of(JOB)).isPresent();
    }

    /// The breaker of the key that the claim was given would open for it.
    @Test
    void aKeyThatIsNoLongerTakenIsNotBlamedOnAnother() {
        purchases.put(bought("later", "theirs", 1));
        purchases.heldBy(2);
        server.looked(Reply.of(401, "{'detail':'revoked'}"));

        AttemptOutcome outcome = call(dialect("", List.of("key-1", "key-2"), server.baseUrl()), 2);

        assertThat(Translating.told(outcome)).isEqualTo("unknown PROVIDER_UNAVAILABLE");
        assertThat(purchases.of(JOB)).as("the next attempt buys another").isEmpty();
    }

    @Test
    void aPurchaseWhoseKeyIsNoLongerTakenIsNotTriedAgainForEver() {
        purchases.put(new Prediction(JOB, 1, "later", "theirs", 1, Instant.EPOCH, null, null));
        purchases.heldBy(2);
        server.submitted(Reply.of(401, "{'detail':'revoked'}"));

        AttemptOutcome outcome = call(dialect("", List.of("key-1", "key-2"), server.baseUrl()), 2);

        assertThat(Translating.told(outcome)).isEqualTo("broken PROVIDER_UNAVAILABLE");
        assertThat(server.seen().getFirst().headers()).containsEntry("authorization", "Bearer key-2");
        assertThat(purchases.of(JOB)).isEmpty();
    }

    @Test
    void whatCannotBeSaidIsRefusedAndNotBought() {
        PredictionDialect dialect = dialect("");
        Ask tools = new Ask(
                Operation.CHAT,
                "theirs",
                "{\"messages\":[{\"role\":\"user\",\"content\":\"u\"}],\"tools\":[]}",
                100,
                JOB.toString(),
                1);
        assertThat(dialect.call(tools, PATIENT, stop, TokenSink.NONE))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.message()).contains("'/tools'"));
        Ask embed = new Ask(Operation.EMBED, "theirs", "{\"input\":\"a\"}", 100, JOB.toString(), 1);
        assertThat(Translating.told(dialect.call(embed, PATIENT, stop, TokenSink.NONE)))
                .isEqualTo("refused INVALID_REQUEST");
        Ask nonsense = new Ask(Operation.CHAT, "theirs", "[1]", 100, JOB.toString(), 1);
        assertThat(Translating.told(dialect.call(nonsense, PATIENT, stop, TokenSink.NONE)))
                .isEqualTo("refused INVALID_REQUEST");
        assertThat(server.calls()).isEmpty();
        assertThat(purchases.of(JOB)).isEmpty();
    }

    @Test
    void aCallbackMakesTheNextLookComeAtOnce() throws Exception {
        // From then on it would be looked at in half an hour.
        server.looked(Reply.state("processing").with("retry-after", "1800"));
        server.untilToldOtherwise("succeeded");
        CompletableFuture<AttemptOutcome> outcome = new CompletableFuture<>();
        PredictionDialect dialect = dialect("callback-url: https://jobs.example.com/");
        Thread.ofVirtual().start(() -> outcome.complete(call(dialect, 1)));
        await().until(() -> server.calls().size() == 2);
        purchases.callBack(JOB);
        assertAnswered(outcome.get());

        JsonNode submitted = Translating.JSON.readTree(server.seen().getFirst().body());
        String webhook = submitted.path("webhook").asText();
        assertThat(webhook).startsWith("https://jobs.example.com/v1/callbacks/predictions/");
        assertThat(submitted.path("webhook_events_filter")).isEqualTo(Translating.json("['completed']"));
        String token = webhook.substring(webhook.lastIndexOf('/') + 1);
        assertThat(token).hasSizeGreaterThanOrEqualTo(40).matches("[A-Za-z0-9_-]+");
        assertThat(purchases.of(JOB).orElseThrow().callbackHash()).isEqualTo(Callbacks.hash(token));
    }

    @Test
    void aTokenIsTheSameForTheSamePurchaseOnly() {
        String token = Callbacks.token("key-1", JOB + "-1");
        assertThat(Callbacks.token("key-1", JOB + "-1")).isEqualTo(token);
        assertThat(Callbacks.token("key-1", JOB + "-2")).isNotEqualTo(token);
        assertThat(Callbacks.token("key-2", JOB + "-1")).isNotEqualTo(token);
    }

    @Test
    void looksBecomeRarerUpToTenSeconds() {
        Pace pace = new Pace(() -> 0);
        assertThat(List.of(pace.next(null), pace.next(null), pace.next(null), pace.next(null), pace.next(null)))
                .extracting(Duration::toMillis)
                .containsExactly(500L, 1_000L, 2_000L, 4_000L, 8_000L);
        assertThat(pace.next(null)).isEqualTo(Pace.LONGEST);
        assertThat(pace.next(null)).isEqualTo(Pace.LONGEST);
        assertThat(new Pace(() -> 0.5).next(null)).isEqualTo(Duration.ofMillis(450));
        assertThat(new Pace(() -> 0).next(Duration.ofMillis(100))).isEqualTo(Duration.ofMillis(500));
        assertThat(new Pace(() -> 0).next(Duration.ofSeconds(30))).isEqualTo(Duration.ofSeconds(30));
        assertThat(new Pace(() -> 0).next(Duration.ofDays(3))).isEqualTo(Duration.ofHours(1));
    }
}
