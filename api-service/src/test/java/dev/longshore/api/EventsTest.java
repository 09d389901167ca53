package dev.longshore.api;

import static dev.longshore.job.JobStatus.COMPLETE;
import static dev.longshore.job.JobStatus.FAILED;
import static dev.longshore.job.JobStatus.PROCESSING;
import static dev.longshore.job.JobStatus.QUEUED;
import static dev.longshore.outbox.EventSequence.done;
import static dev.longshore.outbox.EventSequence.of;
import static dev.longshore.outbox.EventSequence.reset;
import static dev.longshore.outbox.EventSequence.result;
import static dev.longshore.outbox.EventSequence.said;
import static dev.longshore.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.longshore.api.Api.Answer;
import dev.longshore.api.EventStream.Event;
import dev.longshore.api.watch.OpenReaders;
import dev.longshore.attempt.ErrorCode;
import dev.longshore.job.ClaimedJob;
import dev.longshore.job.JobStore;
import dev.longshore.job.Settlement.HandBack;
import dev.longshore.job.Verdict;
import dev.longshore.road.EventRelay;
import dev.longshore.road.EventSender;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.http.HttpRequest.BodyPublishers;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;
import org.apache.kafka.clients.producer.Producer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Following a job from wherever its reader stands.
@QuarkusTest
@Platform
class EventsTest {
    private final Api api = Api.operator();

    @Inject
    DataSource database;

    @Inject
    JobStore store;

    @Inject
    EventRelay relay;

    @Inject
    OpenReaders readers;

    @Inject
    Producer<byte[], byte[]> producer;

    private FakeWorker worker;
    private EventSender voice;

    @BeforeEach
    void startAWorker() throws SQLException {
        worker = new FakeWorker(database, relay);
        voice = new EventSender(producer);
    }

    private void say(ClaimedJob job, int count, String text) {
        voice.token("default", job.id(), job.epoch(), count, text, Instant.now());
    }

    private void handBack(ClaimedJob job, boolean charged) throws SQLException {
        store.settle(List.of(new Verdict(job, new HandBack("test", charged), null)), 0);
    }

    @Test
    void aJobIsFollowedFromItsFirstEventToItsLast() throws SQLException {
        String id = api.chat();
        try (EventStream reader = EventStream.of(api, id).awaitTold("status queued")) {
            assertThat(reader.status()).isEqualTo(200);
            assertThat(reader.headers().firstValue("Content-Type").orElseThrow())
                    .startsWith("text/event-stream");
            assertThat(reader.headers().firstValue("Cache-Control")).contains("no-store");
            assertThat(reader.headers().firstValue("X-Accel-Buffering")).contains("no");
            assertThat(reader.headers().firstValue("X-Request-Id")).isPresent();
            assertThat(reader.retry()).isEqualTo("2000");

            ClaimedJob claimed = worker.claim(id);
            reader.awaitTold("status queued", "status processing");
            worker.complete(claimed);
            reader.awaitTold("status queued", "status processing", "status complete", "result", "done")
                    .awaitEnd();

            assertThat(reader.events())
                    .extracting(Event::id)
                    .containsExactly(of(0, QUEUED), of(1, PROCESSING), of(1, COMPLETE), result(1), done(1));
            assertThat(reader.events().get(4).data()).isEqualTo("[DONE]");
            JsonNode job = api.get("/v1/jobs/" + id).json();
            assertThat(reader.events().get(3).json()).isEqualTo(job);
            assertThat(reader.events().subList(0, 3))
                    .allSatisfy(event -> assertThat(event.json().has("result")).isFalse())
                    .allSatisfy(event ->
                            assertThat(event.json().path("job_id").asText()).isEqualTo(id));
        }
    }

    @Test
    void whoComesAfterTheEndIsToldEverythingAtOnce() throws SQLException {
        String id = api.chat();
        worker.backOff(id);
        api.post("/v1/jobs/" + id + "/cancel", "");

        try (EventStream reader = EventStream.of(api, id)) {
            reader.awaitTold(
                            "status queued",
                            "status processing",
                            "status waiting",
                            "status cancelled",
                            "result",
                            "done")
                    .awaitEnd();
            assertThat(reader.events().get(2).json().at("/waiting/reason").asText())
                    .isEqualTo("rate_limited");
        }
    }

    @Test
    void whoComesBackIsToldWhatItHasMissed() throws SQLException {
        String id = api.chat();
        worker.complete(id);

        try (EventStream reader = EventStream.after(api, id, of(1, PROCESSING))) {
            reader.awaitTold("status complete", "result", "done").awaitEnd();
        }
        try (EventStream reader = EventStream.after(api, id, of(1, COMPLETE))) {
            reader.awaitTold("result", "done").awaitEnd();
        }
        try (EventStream reader = EventStream.after(api, id, result(1))) {
            reader.awaitTold("done").awaitEnd();
        }
    }

    /// A reader in a browser asks again whenever a stream ends; this answer alone tells it to stop.
    @Test
    void whoHasBeenToldEverythingIsSentHome() throws SQLException {
        String id = api.chat();
        worker.complete(id);

        Answer answer = api.get("/v1/jobs/" + id + "/events", "Last-Event-ID", Long.toString(done(1)));
        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void aReplayGoesOnWhereTheEndWas() throws SQLException {
        String id = api.chat();
        worker.fail(id);
        try (EventStream reader = EventStream.of(api, id)) {
            reader.awaitTold("status queued", "status processing", "status failed", "result", "done")
                    .awaitEnd();
            assertThat(reader.events().get(3).json().at("/error/code").asText()).isEqualTo("PROVIDER_UNAVAILABLE");
        }

        api.post("/v1/jobs/" + id + "/replay", "");
        try (EventStream back = EventStream.after(api, id, done(1)).awaitTold("status queued")) {
            worker.complete(id);
            back.awaitTold("status queued", "status processing", "status complete", "result", "done")
                    .awaitEnd();
        }
        // Whoever begins at the beginning is told the whole life, with one end.
        try (EventStream late = EventStream.of(api, id)) {
            late.awaitTold(
                            "status queued",
                            "status processing",
                            "status failed",
                            "status queued",
                            "status processing",
                            "status complete",
                            "result",
                            "done")
                    .awaitEnd();
        }
    }

    @Test
    void tokensComeAsTheyAreSaid() throws SQLException {
        String id = api.chat();
        ClaimedJob claimed = worker.claim(id);
        try (EventStream reader = EventStream.of(api, id).awaitTold("status queued", "status processing")) {
            say(claimed, 1, "Hel");
            reader.awaitText("Hel");
            say(claimed, 2, "lo \"you\"\n\u2028\ud83d\ude00");
            reader.awaitText("Hello \"you\"\n\u2028\ud83d\ude00");
            voice.progress("default", claimed.id(), 1, 3, 0.5, "half", Instant.now());
            worker.complete(claimed);

            reader.awaitTold(
                            "status queued",
                            "status processing",
                            "token",
                            "token",
                            "progress",
                            "status complete",
                            "result",
                            "done")
                    .awaitEnd();
            assertThat(reader.events().subList(2, 5))
                    .extracting(Event::id)
                    .containsExactly(said(1, 1), said(1, 2), said(1, 3));
            assertThat(reader.events().get(4).data()).isEqualTo("{\"progress\":0.5,\"message\":\"half\"}");
        }
    }

    @Test
    void whoComesLateHearsTheWholeCall() throws SQLException {
        String id = api.chat();
        ClaimedJob claimed = worker.claim(id);
        // Somebody listens, so what is said is heard.
        try (EventStream first = EventStream.of(api, id).awaitTold("status queued", "status processing")) {
            say(claimed, 1, "a");
            say(claimed, 2, "b");
            voice.progress("default", claimed.id(), 1, 3, 0.25, null, Instant.now());
            say(claimed, 4, "c");
            first.awaitText("abc");

            try (EventStream late = EventStream.of(api, id).awaitText("abc");
                    EventStream back = EventStream.after(api, id, said(1, 2)).awaitText("c")) {
                say(claimed, 5, "d");
                late.awaitText("abcd");
                back.awaitText("cd");
                first.awaitText("abcd");
                assertThat(late.events()).isEqualTo(first.events());
                assertThat(back.told()).containsExactly("progress", "token", "token");
            }
        }
    }

    /// Nobody had listened for long, and the feed slept: it goes back and hears what was said meanwhile.
    @Test
    void theFirstListenerHearsWhatWasSaidBefore() throws SQLException {
        String id = api.chat();
        ClaimedJob claimed = worker.claim(id);
        say(claimed, 1, "said ");
        say(claimed, 2, "to nobody");

        try (EventStream reader = EventStream.of(api, id)) {
            reader.awaitText("said to nobody");
        }
    }

    @Test
    void tokensOfALostAttemptAreTakenBack() throws SQLException {
        String id = api.chat();
        ClaimedJob lost = worker.claim(id);
        try (EventStream reader = EventStream.of(api, id)) {
            reader.awaitTold("status queued", "status processing");
            say(lost, 1, "lost ");
            say(lost, 2, "words");
            reader.awaitText("lost words");
            handBack(lost, true);
            reader.awaitTold("status queued", "status processing", "token", "token", "reset", "status queued");
            assertThat(reader.events().get(4).id()).isEqualTo(reset(1));
            assertThat(reader.events().get(4).json().path("attempt").asInt()).isEqualTo(1);
            // What the dead worker still had in its hands comes too late.
            say(lost, 3, "from the grave");

            ClaimedJob again = worker.claim(id);
            say(again, 1, "better words");
            reader.awaitText("better words");
            worker.complete(again);
            reader.awaitEnd();
            assertThat(reader.text()).isEqualTo("better words");
            assertThat(reader.told())
                    .containsExactly(
                            "status queued",
                            "status processing",
                            "token",
                            "token",
                            "reset",
                            "status queued",
                            "status processing",
                            "token",
                            "status complete",
                            "result",
                            "done");
            assertThat(reader.events()).extracting(Event::id).isSorted().doesNotHaveDuplicates();
        }
    }

    @Test
    void whoComesBackAfterTheAttemptWasLostIsToldSoFirst() throws SQLException {
        String id = api.chat();
        ClaimedJob lost = worker.claim(id);
        handBack(lost, true);
        worker.complete(id);

        try (EventStream back = EventStream.after(api, id, said(1, 17))) {
            back.awaitTold("reset", "status queued", "status processing", "status complete", "result", "done")
                    .awaitEnd();
        }
        try (EventStream back = EventStream.after(api, id, said(2, 17))) {
            back.awaitTold("status complete", "result", "done").awaitEnd();
        }
    }

    @Test
    void failingTakesTokensBackToo() throws SQLException {
        String id = api.chat();
        ClaimedJob claimed = worker.claim(id);
        try (EventStream reader = EventStream.of(api, id).awaitTold("status queued", "status processing")) {
            say(claimed, 1, "half an");
            reader.awaitText("half an");
            worker.fail(claimed, ErrorCode.PROVIDER_UNAVAILABLE);
            reader.awaitTold("status queued", "status processing", "token", "reset", "status failed", "result", "done")
                    .awaitEnd();
        }
    }

    @Test
    void afterAGapNothingMoreIsHeardOfThatAttempt() throws SQLException {
        String id = api.chat();
        ClaimedJob claimed = worker.claim(id);
        try (EventStream reader = EventStream.of(api, id).awaitTold("status queued", "status processing")) {
            say(claimed, 1, "one");
            say(claimed, 2, "two");
            reader.awaitText("onetwo");
            say(claimed, 4, "four");
            say(claimed, 5, "five");
            reader.awaitTold("status queued", "status processing", "token", "token", "reset");
            try (EventStream late = EventStream.of(api, id).awaitTold("status queued", "status processing")) {
                say(claimed, 6, "six");
                worker.complete(claimed);
                late.awaitTold("status queued", "status processing", "status complete", "result", "done")
                        .awaitEnd();
            }
            reader.awaitTold(
                            "status queued",
                            "status processing",
                            "token",
                            "token",
                            "reset",
                            "status complete",
                            "result",
                            "done")
                    .awaitEnd();
        }
    }

    /// A token may overtake the news that its call has begun.
    @Test
    void aCallIsToldToHaveBegunBeforeWhatItSays() throws SQLException {
        String id = api.chat();
        try (EventStream reader = EventStream.of(api, id).awaitTold("status queued")) {
            // Without a word to the relay: the claim stays in the outbox for up to a second.
            ClaimedJob claimed = new FakeWorker(database).claim(id);
            say(claimed, 1, "quick");
            reader.awaitTold("status queued", "status processing", "token");
        }
    }

    @Test
    void manyReadersOfOneJobAreToldTheSame() throws SQLException {
        String id = api.chat();
        ClaimedJob claimed = worker.claim(id);
        List<EventStream> crowd = java.util.stream.Stream.generate(() -> EventStream.of(api, id))
                .limit(40)
                .toList();
        try {
            crowd.forEach(reader -> reader.awaitTold("status queued", "status processing"));
            say(claimed, 1, "to ");
            say(claimed, 2, "all");
            crowd.forEach(reader -> reader.awaitText("to all"));
            worker.complete(claimed);
            crowd.forEach(EventStream::awaitEnd);
            assertThat(crowd)
                    .extracting(EventStream::events)
                    .containsOnly(crowd.getFirst().events());
        } finally {
            crowd.forEach(EventStream::close);
        }
        await().until(() -> readers.count() == 0);
    }

    @Test
    void whoLeavesIsForgotten() {
        await().until(() -> readers.count() == 0);
        String id = api.chat();
        EventStream reader = EventStream.of(api, id).awaitTold("status queued");
        assertThat(readers.count()).isEqualTo(1);
        reader.close();
        await().until(() -> readers.count() == 0);
        assertThat(metric("longshore_events_told_total{event=\"status\"")).isPositive();
    }

    @Test
    void anotherTenantsJobIsAsGoodAsNone() {
        String id = api.chat();
        try (EventStream owner = EventStream.of(api, id).awaitTold("status queued")) {
            Answer answer = Api.ofNewTenant().get("/v1/jobs/" + id + "/events");
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.code()).isEqualTo("NOT_FOUND");
            assertThat(owner.ended()).isFalse();
        }
        assertThat(api.get("/v1/jobs/job_0199a0000000700080000000000000ff/events")
                        .code())
                .isEqualTo("NOT_FOUND");
        assertThat(api.get("/v1/jobs/x/events").code()).isEqualTo("NOT_FOUND");
    }

    @Test
    void aKeyThatIsRevokedReadsNoMore() {
        String tenant = Api.operator()
                .post("/v1/admin/tenants", "{\"name\":\"revoked" + System.nanoTime() + "\"}")
                .json()
                .path("id")
                .asText();
        String keys = "/v1/admin/tenants/" + tenant + "/api-keys";
        JsonNode key = Api.operator().post(keys, "{\"name\":\"short-lived\"}").json();
        Api shortLived = Api.with(key.path("key").asText());
        try (EventStream reader = EventStream.of(shortLived, shortLived.chat()).awaitTold("status queued")) {
            Api.operator().delete(keys + "/" + key.path("id").asText());
            await().atMost(Duration.ofSeconds(20)).until(reader::ended);
            assertThat(reader.comments()).contains(": closed, the API key is not good any more");
        }
    }

    @Test
    void whatCannotBeUnderstoodIsRefusedByName() {
        String id = api.chat();
        for (String number : new String[] {"x", "-1", "1.5", "1e3", "0x1", "99999999999999999999", "9".repeat(18)}) {
            Answer answer = api.get("/v1/jobs/" + id + "/events", "Last-Event-ID", number);
            assertThat(answer.status()).as(number).isEqualTo(400);
            assertThat(answer.json().at("/error/param").asText()).isEqualTo("Last-Event-ID");
        }
        Answer unknown = api.get("/v1/jobs/" + id + "/events?after=3");
        assertThat(unknown.status()).isEqualTo(400);
        assertThat(unknown.json().at("/error/param").asText()).isEqualTo("after");
        Answer post = api.post("/v1/jobs/" + id + "/events", "{}");
        assertThat(post.status()).isEqualTo(405);
        assertThat(post.header("Allow")).contains("GET");
    }

    @Test
    void aHeadIsAnsweredAndOver() {
        String id = api.chat();
        Answer head = api.send(api.request("/v1/jobs/" + id + "/events")
                .method("HEAD", BodyPublishers.noBody())
                .build());
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.header("Content-Type")).startsWith("text/event-stream");
    }

    /// A number that no event of the job has reached yet: there is nothing to tell, but for the end.
    @Test
    void whoIsAheadOfTheJobWaitsForItsEnd() throws SQLException {
        String id = api.chat();
        try (EventStream reader = EventStream.after(api, id, of(9, FAILED))) {
            worker.complete(id);
            reader.awaitEnd();
            assertThat(reader.events()).isEmpty();
        }
    }

    private double metric(String name) {
        return api.get("/q/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }
}
