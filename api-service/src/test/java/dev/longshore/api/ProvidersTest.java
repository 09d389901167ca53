package dev.longshore.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.longshore.api.Api.Answer;
import dev.longshore.lease.WorkerLease;
import dev.longshore.provider.LatencyBuckets;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@Platform
@TestProfile(OnCatalogue.class)
class ProvidersTest {
    private static final String MINI = "gpt-4o-mini-2024-07-18";

    private static final String UNLIMITED = "{\"concurrent\":null,\"requests_per_minute\":null,"
            + "\"tokens_per_minute\":null,\"input_tokens_per_minute\":null,\"output_tokens_per_minute\":null}";

    private final Api operator = Api.operator();

    @Inject
    DataSource database;

    @BeforeEach
    void forget() throws SQLException {
        for (String table : List.of("breaker", "provider_rest", "provider_pause", "provider_report", "permit_share")) {
            execute("DELETE FROM " + table);
        }
    }

    @Test
    void providersAreListedByNameWithWhatTheFileSays() {
        Answer answer = operator.get("/v1/admin/providers");

        JsonNode list = answer.json();
        assertThat(list.path("has_more").asBoolean(true)).isFalse();
        assertThat(list.path("next").isNull()).isTrue();
        assertThat(list.path("data").findValuesAsText("name")).containsExactly("main", "main/eu", "nobody");
        JsonNode main = list.at("/data/0");
        assertThat(main.path("dialect").asText()).isEqualTo("openai");
        assertThat(main.path("region").asText()).isEqualTo("us");
        assertThat(main.path("keys").asInt()).isEqualTo(2);
        assertThat(main.path("limits").toString())
                .isEqualTo("{\"concurrent\":200,\"requests_per_minute\":5000,\"tokens_per_minute\":2000000,"
                        + "\"input_tokens_per_minute\":null,\"output_tokens_per_minute\":400000}");
        assertThat(main.at("/limits_per_key/input_tokens_per_minute").asInt()).isEqualTo(7);
        assertThat(main.at("/models/4/limits/concurrent").asInt()).isEqualTo(9);
        assertThat(main.path("models").findValuesAsText("model"))
                .containsExactly(
                        "ageing", "fading", "gone", "gone-too", "gpt-4o-mini", "lost", "lost-too", "vectors", "young");
        assertThat(main.path("models").findValuesAsText("provider_model")).contains(MINI, "text-embedding-3-small");
        JsonNode nobody = list.at("/data/2");
        assertThat(nobody.path("base_url").isNull()).isTrue();
        assertThat(nobody.path("keys").asInt()).isZero();
        assertThat(nobody.path("limits").toString()).isEqualTo(UNLIMITED);
        assertThat(operator.get("/v1/admin/providers/main").json()).isEqualTo(main);
    }

    @Test
    void nothingSecretIsShown() {
        Answer answer = operator.get("/v1/admin/providers");

        assertThat(answer.json().at("/data/0/base_url").asText()).isEqualTo("https://api.example.com:8443/v1");
        assertThat(answer.body()).doesNotContain("hidden");
    }

    @Test
    void aModelOfWhichNobodyHasHeardIsWellAndIdle() {
        assertThat(model("main", "vectors").toString())
                .isEqualTo("{\"model\":\"vectors\",\"provider_model\":\"text-embedding-3-small\",\"limits\":"
                        + UNLIMITED + ","
                        + "\"breaker\":{\"state\":\"closed\",\"reason\":null,\"changed_at\":null,\"open_until\":null,\"openings\":0},"
                        + "\"in_flight\":0,\"calls_per_minute\":0,\"error_rate\":null,\"throttled\":0,"
                        + "\"latency_ms\":{\"p50\":null,\"p95\":null,\"p99\":null},\"rests\":[]}");
        assertThat(provider("main").path("limits_in_use")).isEmpty();
    }

    @Test
    void breakersAreSeen() throws SQLException {
        execute("""
                INSERT INTO breaker (provider, model, state, reason, changed_at, open_until, openings, trial_worker)
                VALUES ('main', ?, 'open', 'five failures in a row', '2026-11-21T08:00:00Z', '2026-11-21T08:00:15.5Z', 3, NULL),
                       ('main', 'young', 'half_open', 'a trial', '2026-11-21T08:00:00Z', NULL, 1, 7),
                       ('nobody', 'fading', 'open', 'another provider''s', now(), now(), 1, NULL)
                """, MINI);

        assertThat(mini().path("breaker").toString())
                .isEqualTo(
                        "{\"state\":\"open\",\"reason\":\"five failures in a row\",\"changed_at\":\"2026-11-21T08:00:00.000Z\","
                                + "\"open_until\":\"2026-11-21T08:00:15.500Z\",\"openings\":3}");
        assertThat(model("main", "young").at("/breaker/state").asText()).isEqualTo("half_open");
        assertThat(model("main", "fading").at("/breaker/state").asText()).isEqualTo("closed");
    }

    @Test
    void keysThatAreNotAcceptedAreSeenByTheirNumber() throws SQLException {
        execute("""
                INSERT INTO breaker (provider, model, key_number, state, reason, changed_at, open_until, trial_worker)
                VALUES ('main', ?, 1, 'half_open', 'said 403', '2026-11-21T08:00:00Z', '2026-11-21T08:00:15Z', 7),
                       ('main', '', 1, 'open', 'said 401', '2026-11-21T08:00:00Z', '2026-11-21T08:00:15Z', NULL),
                       ('main', '', 0, 'closed', 'the trial call went well', now(), NULL, NULL),
                       ('main', '', 2, 'open', 'of a key that the file had before', now(), now(), NULL),
                       ('nobody', '', 0, 'open', 'likewise', now(), now(), NULL)
                """, MINI);

        assertThat(provider("main").path("refused_keys").toString())
                .isEqualTo("[{\"key\":1,\"provider_model\":null,\"reason\":\"said 401\","
                        + "\"changed_at\":\"2026-11-21T08:00:00.000Z\",\"retry_at\":\"2026-11-21T08:00:15.000Z\"},"
                        + "{\"key\":1,\"provider_model\":\"" + MINI + "\",\"reason\":\"said 403\","
                        + "\"changed_at\":\"2026-11-21T08:00:00.000Z\",\"retry_at\":null}]");
        assertThat(mini().at("/breaker/state").asText()).as("the model's own").isEqualTo("closed");
        assertThat(provider("nobody").path("refused_keys")).isEmpty();
    }

    @Test
    void whatWorkersReportIsAddedUp() throws SQLException {
        report("main", MINI, 1, "1 second", 3, 80, 10, 2, 90, Duration.ofMillis(100));
        report("main", MINI, 2, "14 seconds", 4, 20, 0, 1, 10, Duration.ofSeconds(10));
        report("main", MINI, 3, "16 seconds", 1000, 1000, 1000, 1000, 1000, Duration.ofHours(1));
        report("main/eu", MINI, 4, "1 second", 1000, 1000, 1000, 1000, 1000, Duration.ofHours(1));

        JsonNode model = mini();
        assertThat(model.path("in_flight").asInt()).isEqualTo(7);
        assertThat(model.path("calls_per_minute").asInt()).isEqualTo(100);
        assertThat(model.path("error_rate").asDouble()).isEqualTo(0.1);
        assertThat(model.path("throttled").asInt()).isEqualTo(3);
        assertThat(model.at("/latency_ms/p50").asLong()).isBetween(81L, 119L);
        assertThat(model.at("/latency_ms/p95").asLong()).isBetween(8_100L, 11_900L);
        assertThat(model.at("/latency_ms/p99").asLong()).isBetween(8_100L, 11_900L);
    }

    @Test
    void aReportWithMoreOrFewerBucketsIsReadToo() throws SQLException {
        execute("""
                INSERT INTO provider_report (provider, model, worker_id, in_flight, calls, failures, slow, throttled, latencies)
                VALUES ('main', ?, 1, 0, 3, 0, 0, 0, '{3}'),
                       ('main', ?, 2, 0, 2, 0, 0, 0, array_fill(0, ARRAY[99]) || 2)
                """, MINI, MINI);

        assertThat(mini().at("/latency_ms/p50").asLong()).isEqualTo(1);
        assertThat(mini().at("/latency_ms/p99").asLong())
                .isBetween(
                        LatencyBuckets.bound(LatencyBuckets.COUNT - 2).toMillis(),
                        LatencyBuckets.bound(LatencyBuckets.COUNT - 1).toMillis());
    }

    @Test
    void restsThatAreNotOverAreSeen() throws SQLException {
        execute("""
                INSERT INTO provider_rest (provider, key_number, model, until, reason)
                VALUES ('main', 1, ?, '2999-01-01T00:00:00Z', 'slow down'),
                       ('main', 0, ?, '2998-01-01T00:00:00Z', 'too fast'),
                       ('main', 2, ?, now() - interval '1 second', 'over')
                """, MINI, MINI, MINI);

        assertThat(mini().path("rests").toString())
                .isEqualTo("[{\"key\":0,\"until\":\"2998-01-01T00:00:00.000Z\",\"reason\":\"too fast\"},"
                        + "{\"key\":1,\"until\":\"2999-01-01T00:00:00.000Z\",\"reason\":\"slow down\"}]");
        assertThat(model("main", "young").path("rests")).isEmpty();
    }

    @Test
    void whatWorkersHoldOfALimitIsAddedUpAtItsOwnProvider() throws SQLException {
        execute("""
                INSERT INTO permit_share (allowance, worker_id, part, wanted, in_use, lapses_at)
                VALUES ('provider:main/concurrent', 1, 60, 70, 50, now() + interval '1 minute'),
                       ('provider:main/concurrent', 2, 40, 20, 10, now() + interval '1 minute'),
                       ('provider:main/concurrent', 3, 99, 99, 99, now() - interval '1 second'),
                       ('provider:main/key:0/requests-per-minute', 1, 5, 6, 4, now() + interval '1 minute'),
                       ('provider:main/eu/concurrent', 1, 1, 3, 0, now() + interval '1 minute'),
                       ('provider:mainly/concurrent', 1, 1, 1, 1, now() + interval '1 minute'),
                       ('lane:main/concurrent', 1, 1, 1, 1, now() + interval '1 minute')
                """);

        assertThat(provider("main").path("limits_in_use").toString())
                .isEqualTo(
                        "[{\"allowance\":\"provider:main/concurrent\",\"part\":100,\"in_use\":60,\"wanted\":90},"
                                + "{\"allowance\":\"provider:main/key:0/requests-per-minute\",\"part\":5,\"in_use\":4,\"wanted\":6}]");
        assertThat(provider("main%2Feu").path("limits_in_use").toString())
                .isEqualTo("[{\"allowance\":\"provider:main/eu/concurrent\",\"part\":1,\"in_use\":0,\"wanted\":3}]");
    }

    @Test
    void anOperatorStopsAProviderAndLetsItGoOn() {
        assertThat(provider("main").path("paused").asBoolean(true)).isFalse();

        JsonNode paused = order("main", "pause");
        assertThat(paused.path("paused").asBoolean()).isTrue();
        assertThat(paused.path("paused_by").asText()).isEqualTo("key bootstrap");
        assertThat(paused.path("paused_at").asText()).endsWith("Z");
        assertThat(provider("main")).isEqualTo(paused);
        assertThat(provider("main%2Feu").path("paused").asBoolean(true)).isFalse();
        assertThat(order("main%2Feu", "pause").path("paused").asBoolean()).isTrue();

        JsonNode resumed = order("main", "resume");
        assertThat(resumed.path("paused").asBoolean(true)).isFalse();
        assertThat(resumed.path("paused_at").isNull()).isTrue();
        assertThat(resumed.path("paused_by").isNull()).isTrue();
        assertThat(provider("main")).isEqualTo(resumed);
        assertThat(provider("main%2Feu").path("paused").asBoolean()).isTrue();
    }

    @Test
    void orderingTwiceIsOrderingOnce() throws SQLException {
        execute("INSERT INTO provider_pause VALUES ('main', '2026-11-21T08:00:00Z', 'key of another')");

        JsonNode again = order("main", "pause");
        assertThat(again.path("paused_at").asText()).isEqualTo("2026-11-21T08:00:00.000Z");
        assertThat(again.path("paused_by").asText()).isEqualTo("key of another");
        order("main", "resume");
        assertThat(order("main", "resume").path("paused").asBoolean(true)).isFalse();
    }

    @Test
    void manyWhoOrderTheSameAtOnceAreAllTold() {
        for (int round = 0; round < 10; round++) {
            for (String order : List.of("pause", "resume")) {
                List<CompletableFuture<Answer>> answers = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    answers.add(operator.postLater("/v1/admin/providers/main/" + order, ""));
                }
                for (CompletableFuture<Answer> answer : answers) {
                    assertThat(answer.join().status()).as(answer.join().body()).isEqualTo(200);
                    assertThat(answer.join().json().path("paused").asBoolean()).isEqualTo(order.equals("pause"));
                }
            }
        }
    }

    @Test
    void aProviderThatIsNotInTheFileIsNotFound() throws SQLException {
        execute("INSERT INTO provider_pause (provider, paused_by) VALUES ('former', 'key x')");

        for (String name : List.of("former", "mai", "main2")) {
            assertThat(operator.get("/v1/admin/providers/" + name).code()).isEqualTo("NOT_FOUND");
            for (String order : List.of("pause", "resume")) {
                Answer answer = operator.post("/v1/admin/providers/" + name + "/" + order, "");
                assertThat(answer.status()).isEqualTo(404);
                assertThat(answer.code()).isEqualTo("NOT_FOUND");
            }
        }
        assertThat(operator.get("/v1/admin/providers").body()).doesNotContain("former");
    }

    @Test
    void onlyOperatorsComeHere() {
        Api caller = Api.ofNewTenant();

        assertThat(caller.get("/v1/admin/providers").code()).isEqualTo("FORBIDDEN");
        assertThat(caller.post("/v1/admin/providers/main/pause", "").code()).isEqualTo("FORBIDDEN");
        assertThat(caller.get("/v1/admin/workers").code()).isEqualTo("FORBIDDEN");
        assertThat(provider("main").path("paused").asBoolean(true)).isFalse();
    }

    @Test
    void theLivingWorkersAreListedWithWhatTheyDo() throws SQLException {
        WorkerLease leases = new WorkerLease(database, Duration.ofMinutes(1));
        int dead = leases.join("dead", 1);
        execute("UPDATE worker SET lease_until = now() - interval '1 second' WHERE worker_id = ?", dead);
        int idle = leases.join("idle", 10);
        int busy = leases.join("busy", 2_000);
        leases.renew(busy, true);
        report("main", MINI, busy, "1 second", 3, 0, 0, 0, 0, Duration.ZERO);
        report("main", "young", busy, "2 seconds", 4, 0, 0, 0, 0, Duration.ZERO);
        report("main", "fading", busy, "16 seconds", 5, 0, 0, 0, 0, Duration.ZERO);

        JsonNode list = operator.get("/v1/admin/workers").json();

        assertThat(list.path("has_more").asBoolean(true)).isFalse();
        assertThat(list.path("next").isNull()).isTrue();
        assertThat(list.path("data").findValuesAsText("worker_id"))
                .startsWith(String.valueOf(busy), String.valueOf(idle))
                .doesNotContain(String.valueOf(dead));
        JsonNode first = list.at("/data/0");
        assertThat(first.path("name").asText()).isEqualTo("busy");
        assertThat(first.path("slots").asInt()).isEqualTo(2_000);
        assertThat(first.path("draining").asBoolean()).isTrue();
        assertThat(first.path("in_flight").asInt()).isEqualTo(7);
        assertThat(first.path("started_at").asText()).endsWith("Z");
        assertThat(first.path("lease_until").asText())
                .isGreaterThan(first.path("beat_at").asText());
        JsonNode second = list.at("/data/1");
        assertThat(second.path("draining").asBoolean(true)).isFalse();
        assertThat(second.path("in_flight").asInt(-1)).isZero();
    }

    private JsonNode provider(String name) {
        Answer answer = operator.get("/v1/admin/providers/" + name);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    private JsonNode mini() {
        return model("main", "gpt-4o-mini");
    }

    private JsonNode model(String provider, String name) {
        for (JsonNode model : provider(provider).path("models")) {
            if (model.path("model").asText().equals(name)) {
                return model;
            }
        }
        throw new AssertionError("no model " + name);
    }

    private JsonNode order(String provider, String order) {
        Answer answer = operator.post("/v1/admin/providers/" + provider + "/" + order, "");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    /// What a worker reports: so many calls that took so long.
    private void report(
            String provider,
            String model,
            int worker,
            String age,
            int inFlight,
            int calls,
            int failures,
            int throttled,
            int timed,
            Duration took)
            throws SQLException {
        StringJoiner latencies = new StringJoiner(",", "{", "}");
        for (int bucket = 0; bucket < LatencyBuckets.COUNT; bucket++) {
            latencies.add(bucket == LatencyBuckets.of(took) ? String.valueOf(timed) : "0");
        }
        execute("""
                INSERT INTO provider_report (provider, model, worker_id, at, in_flight, calls, failures, slow, throttled, latencies)
                VALUES (?, ?, ?, now() - ?::interval, ?, ?, ?, 0, ?, ?::integer[])
                """, provider, model, worker, age, inFlight, calls, failures, throttled, latencies.toString());
    }

    private void execute(String sql, Object... arguments) throws SQLException {
        try (var connection = database.getConnection();
                var statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < arguments.length; i++) {
                statement.setObject(i + 1, arguments[i]);
            }
            statement.executeUpdate();
        }
    }
}
