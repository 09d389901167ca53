package dev.longshore.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.longshore.api.Api.Answer;
import dev.longshore.webhook.PublicKey;
import dev.longshore.webhook.SymmetricKey;
import dev.longshore.webhook.Verification;
import dev.longshore.webhook.VerifyingKey;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@Platform
class WebhookEndpointsTest {
    private static final String PATH = "/v1/webhook-endpoints";
    private static final String NOBODY = "http://127.0.0.1:65535/hook";

    @Inject
    DataSource database;

    @Inject
    Vertx vertx;

    private Api api;
    private Ledger ledger;

    @BeforeEach
    void startWithATenantOfItsOwn() {
        api = Api.ofNewTenant();
        ledger = new Ledger(database);
    }

    @Test
    void anEndpointIsMadeAndItsSecretShownOnce() {
        Answer made = api.post(
                PATH,
                "{\"url\":\"" + NOBODY + "\",\"events\":[\"job.complete\",\"batch.expired\",\"job.complete\"],"
                        + "\"description\":\"mine\",\"labels_filter\":{\"team\":\"search\"}}");

        assertThat(made.status()).as(made.body()).isEqualTo(201);
        JsonNode endpoint = made.json();
        String id = endpoint.path("id").asText();
        assertThat(id).matches("we_[0-9a-f]{32}");
        assertThat(made.header("Location")).isEqualTo(PATH + "/" + id);
        assertThat(endpoint.path("secret").asText()).startsWith("whsec_");
        assertThat(endpoint.path("public_key").asText()).startsWith("whpk_");
        assertThat(endpoint.path("url").asText()).isEqualTo(NOBODY);
        assertThat(endpoint.path("events"))
                .extracting(JsonNode::asText)
                .containsExactly("job.complete", "batch.expired");
        assertThat(endpoint.path("description").asText()).isEqualTo("mine");
        assertThat(endpoint.at("/labels_filter/team").asText()).isEqualTo("search");
        assertThat(endpoint.path("status").asText()).isEqualTo("enabled");
        assertThat(endpoint.path("disabled_reason").isNull()).isTrue();
        assertThat(Instant.parse(endpoint.path("created_at").asText()))
                .isBetween(Instant.now().minusSeconds(60), Instant.now());

        Answer seen = api.get(PATH + "/" + id);
        assertThat(seen.status()).isEqualTo(200);
        assertThat(seen.json().has("secret")).isFalse();
        assertThat(seen.json().at("/labels_filter/team").asText()).isEqualTo("search");
        assertThat(api.get(PATH).body()).doesNotContain("whsec_");
    }

    @Test
    void whoSaysNothingHearsHowJobsEnd() {
        assertThat(api.post(PATH, "{\"url\":\"" + NOBODY + "\"}").json().path("events"))
                .extracting(JsonNode::asText)
                .containsExactly("job.complete", "job.failed", "job.cancelled", "job.awaiting_review");
        assertThat(api.post(PATH, "{\"url\":\"" + NOBODY + "\"}").json().path("labels_filter"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/url           | {\"events\":[\"job.complete\"]}",
                "/url           | {\"url\":7}",
                "/url           | {\"url\":\"example.com\"}",
                "/url           | {\"url\":\"ftp://example.com\"}",
                "/url           | {\"url\":\"https://me:secret@example.com\"}",
                "/url           | {\"url\":\"https://10.0.0.1/\"}",
                "/url           | {\"url\":\"https://169.254.169.254/latest/meta-data\"}",
                "/url           | {\"url\":\"https://[::1]/\"}",
                "/url           | {\"url\":\"https://192.168.1.1:8443/\"}",
                "/url           | {\"url\":\"http://93.184.216.34/\"}",
                "/events        | {\"url\":\"http://127.0.0.1:65535\",\"events\":[]}",
                "/events        | {\"url\":\"http://127.0.0.1:65535\",\"events\":\"job.complete\"}",
                "/events        | {\"url\":\"http://127.0.0.1:65535\",\"events\":[\"job.exploded\"]}",
                "/events        | {\"url\":\"http://127.0.0.1:65535\",\"events\":[\"webhook.test\"]}",
                "/description   | {\"url\":\"http://127.0.0.1:65535\",\"description\":5}",
                "/labels_filter | {\"url\":\"http://127.0.0.1:65535\",\"labels_filter\":[]}",
                "/labels_filter/a | {\"url\":\"http://127.0.0.1:65535\",\"labels_filter\":{\"a\":1}}",
                "/status        | {\"url\":\"http://127.0.0.1:65535\",\"status\":\"disabled\"}",
                "/colour        | {\"url\":\"http://127.0.0.1:65535\",\"colour\":\"red\"}",
            })
    void whatIsWrongIsNamed(String pointer, String body) throws SQLException {
        Answer answer = api.post(PATH, body);

        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.json().at("/error/details/errors").findValuesAsText("pointer"))
                .containsExactly(pointer);
        assertThat(api.get(PATH).json().path("data")).isEmpty();
    }

    @Test
    void refusalsSayWhatWouldBeRight() {
        assertThat(api.post(PATH, "{\"url\":\"https://example.com\",\"events\":[\"job.exploded\"]}")
                        .body())
                .contains("job.queued", "job.awaiting_review", "batch.expired", "budget.threshold");
        assertThat(api.post(PATH, "{\"url\":\"http://93.184.216.34/\"}").body())
                .contains("https://", "webhooks.allow-networks");
        assertThat(api.post(PATH, "{\"url\":\"https://10.0.0.1/\"}").body()).contains("private address");
    }

    @Test
    void endpointsAreListedNewestFirst() {
        String first = endpoint(NOBODY);
        String second = endpoint(NOBODY);
        String third = endpoint(NOBODY);

        JsonNode page = api.get(PATH + "?limit=2").json();
        assertThat(page.path("data").findValuesAsText("id")).containsExactly(third, second);
        assertThat(page.path("has_more").asBoolean()).isTrue();
        JsonNode rest = api.get(PATH + "?after=" + page.path("next").asText()).json();
        assertThat(rest.path("data").findValuesAsText("id")).containsExactly(first);
        assertThat(rest.path("has_more").asBoolean()).isFalse();
        assertThat(api.get(PATH + "?after=we_1").status()).isEqualTo(400);
        assertThat(api.get(PATH + "?colour=red").status()).isEqualTo(400);
    }

    @Test
    void onlyWhatIsMentionedIsChanged() {
        String id = api.post(
                        PATH,
                        "{\"url\":\"" + NOBODY
                                + "\",\"events\":[\"job.failed\"],\"description\":\"mine\",\"labels_filter\":{\"a\":\"b\"}}")
                .json()
                .path("id")
                .asText();

        JsonNode described =
                api.patch(PATH + "/" + id, "{\"description\":\"ours\"}").json();
        assertThat(described.path("description").asText()).isEqualTo("ours");
        assertThat(described.at("/labels_filter/a").asText()).isEqualTo("b");
        assertThat(described.at("/events/0").asText()).isEqualTo("job.failed");

        JsonNode cleared = api.patch(
                        PATH + "/" + id, "{\"description\":null,\"labels_filter\":null,\"events\":[\"job.queued\"]}")
                .json();
        assertThat(cleared.path("description").isNull()).isTrue();
        assertThat(cleared.path("labels_filter")).isEmpty();
        assertThat(cleared.at("/events/0").asText()).isEqualTo("job.queued");
        assertThat(cleared.path("url").asText()).isEqualTo(NOBODY);
        assertThat(api.get(PATH + "/" + id).json()).isEqualTo(cleared);

        assertThat(api.patch(PATH + "/" + id, "{\"url\":\"https://127.1/\"}").status())
                .isEqualTo(400);
        assertThat(api.patch(PATH + "/" + id, "{\"status\":\"asleep\"}").body()).contains("/status");
        assertThat(api.patch(PATH + "/" + id, "{\"secret\":\"x\"}").body()).contains("/secret");
        assertThat(api.get(PATH + "/" + id).json()).isEqualTo(cleared);
    }

    @Test
    void whatIsOwedToOneThatIsSwitchedOffFailsAndIsRecovered() throws SQLException {
        String id = endpoint(NOBODY);
        new FakeWorker(database).complete(api.chat());
        String missed = deliveries("?status=pending").getFirst();

        JsonNode off = api.patch(PATH + "/" + id, "{\"status\":\"disabled\"}").json();
        assertThat(off.path("status").asText()).isEqualTo("disabled");
        assertThat(off.path("disabled_reason").asText()).isNotBlank();
        assertThat(off.path("disabled_at").isNull()).isFalse();
        assertThat(deliveries("?status=failed")).containsExactly(missed);
        // What happens in the meantime is not for it.
        new FakeWorker(database).complete(api.chat());
        assertThat(deliveries("")).containsExactly(missed);
        assertThat(api.post(PATH + "/" + id + "/recover", "{\"since\":\"2026-01-01T00:00:00Z\"}")
                        .code())
                .isEqualTo("CONFLICT");

        ledger.run(
                "INSERT INTO webhook_receiver (receiver_id, tenant_id, consecutive_failures) VALUES (?::uuid, 1, 7)",
                Ledger.uuid(id));
        JsonNode on = api.patch(PATH + "/" + id, "{\"status\":\"enabled\"}").json();
        assertThat(on.path("status").asText()).isEqualTo("enabled");
        assertThat(on.path("disabled_reason").isNull()).isTrue();
        assertThat(on.path("disabled_at").isNull()).isTrue();
        assertThat(ledger.texts(
                        "SELECT receiver_id FROM webhook_receiver WHERE receiver_id = ?::uuid", Ledger.uuid(id)))
                .isEmpty();
        Answer recovered = api.post(PATH + "/" + id + "/recover", "{\"since\":\"2026-01-01T00:00:00Z\"}");
        assertThat(recovered.status()).as(recovered.body()).isEqualTo(202);
        assertThat(recovered.json().path("recovered").asInt()).isOne();
        assertThat(deliveries("?status=pending")).containsExactly(missed);
    }

    @Test
    void switchingOffWhatTheDelivererSwitchedOffKeepsItsReason() throws SQLException {
        String id = endpoint(NOBODY);
        ledger.run(
                "UPDATE webhook_endpoint SET status = 'disabled', disabled_reason = 'gone', disabled_at = now() WHERE endpoint_id = ?::uuid",
                Ledger.uuid(id));

        assertThat(api.patch(PATH + "/" + id, "{\"status\":\"disabled\"}")
                        .json()
                        .path("disabled_reason")
                        .asText())
                .isEqualTo("gone");
    }

    @Test
    void recoverTakesAllThatFailedSinceAndNothingElse() throws SQLException {
        String id = endpoint(NOBODY);
        String other = endpoint(NOBODY);
        FakeWorker worker = new FakeWorker(database);
        for (int i = 0; i < 4; i++) {
            worker.complete(api.chat());
        }
        List<String> mine = deliveries("?endpoint_id=" + id);
        ledger.finish(mine.get(0), "failed");
        ledger.finish(mine.get(1), "failed");
        ledger.finish(mine.get(2), "delivered");
        ledger.finish(mine.get(3), "failed");
        ledger.finish(deliveries("?endpoint_id=" + other).getFirst(), "failed");
        String since = api.get("/v1/webhook-deliveries/" + mine.get(1))
                .json()
                .path("created_at")
                .asText();

        assertThat(recovered(id, Instant.parse(since).plusSeconds(60).toString()))
                .isZero();
        assertThat(recovered(id, since)).isEqualTo(2);
        assertThat(deliveries("?status=pending&endpoint_id=" + id)).containsExactly(mine.get(0), mine.get(1));
        assertThat(recovered(id, "2026-01-01T00:00:00+02:00")).isOne();
        assertThat(deliveries("?status=failed")).hasSize(1);
        // The same bytes as before.
        assertThat(ledger.texts("SELECT body FROM webhook_notice WHERE notice_id = ?::uuid", Ledger.uuid(mine.get(0))))
                .containsExactly("{\"first\":true}");
    }

    @Test
    void thousandsAreRecoveredAtOnce() throws SQLException {
        String id = endpoint(NOBODY);
        ledger.run("""
                INSERT INTO webhook_notice (receiver_id, endpoint_id, seq, happened_at, due_at, tenant_id, type, status, finished_at)
                SELECT e.endpoint_id, e.endpoint_id, n, now(), now(), e.tenant_id, 'job.complete', 'failed', now()
                  FROM webhook_endpoint e, generate_series(1, 2500) AS n
                 WHERE e.endpoint_id = ?::uuid
                """, Ledger.uuid(id));

        assertThat(recovered(id, "2026-01-01T00:00:00Z")).isEqualTo(2500);
        assertThat(recovered(id, "2026-01-01T00:00:00Z")).isZero();

        assertThat(api.delete(PATH + "/" + id).status()).isEqualTo(200);
        assertThat(ledger.texts(
                        "SELECT DISTINCT status FROM webhook_notice WHERE receiver_id = ?::uuid", Ledger.uuid(id)))
                .containsExactly("failed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"since\":null}",
                "{\"since\":\"yesterday\"}",
                "{\"since\":1}",
                "{\"since\":\"1969-01-01T00:00:00Z\"}",
                "{\"since\":\"+999999999-12-31T23:59:59Z\"}"
            })
    void recoverHasToKnowSinceWhen(String body) {
        Answer answer = api.post(PATH + "/" + endpoint(NOBODY) + "/recover", body);

        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.json().at("/error/param").asText()).isEqualTo("since");
    }

    @Test
    void whatIsDeletedIsGoneAndItsDebtsWithIt() throws SQLException {
        String id = endpoint(NOBODY);
        String other = endpoint(NOBODY);
        new FakeWorker(database).complete(api.chat());
        ledger.run(
                "INSERT INTO webhook_receiver (receiver_id, tenant_id, consecutive_failures) VALUES (?::uuid, 1, 7)",
                Ledger.uuid(id));

        Answer deleted = api.delete(PATH + "/" + id);

        assertThat(deleted.status()).as(deleted.body()).isEqualTo(200);
        assertThat(deleted.json().path("deleted").asBoolean()).isTrue();
        assertThat(deleted.json().path("id").asText()).isEqualTo(id);
        assertThat(api.get(PATH + "/" + id).status()).isEqualTo(404);
        assertThat(api.delete(PATH + "/" + id).status()).isEqualTo(404);
        assertThat(deliveries("?status=failed&endpoint_id=" + id)).hasSize(1);
        assertThat(deliveries("?status=pending&endpoint_id=" + other)).hasSize(1);
        assertThat(ledger.texts("""
                        SELECT secret_id FROM webhook_secret WHERE endpoint_id = ?::uuid
                        UNION ALL
                        SELECT receiver_id FROM webhook_receiver WHERE receiver_id = ?::uuid
                        """, Ledger.uuid(id), Ledger.uuid(id))).isEmpty();
    }

    @Test
    void aTestCallsTheReceiverAndTellsWhatItSaid() throws IOException {
        try (Receiver receiver = new Receiver(vertx, 202, "thanks")) {
            Answer made = api.post(PATH, "{\"url\":\"" + receiver.url() + "\"}");
            String id = made.json().path("id").asText();

            Answer test = api.post(PATH + "/" + id + "/test");

            assertThat(test.status()).as(test.body()).isEqualTo(200);
            assertThat(test.json().path("delivered").asBoolean()).isTrue();
            assertThat(test.json().path("status_code").asInt()).isEqualTo(202);
            assertThat(test.json().path("answer").asText()).isEqualTo("thanks");
            assertThat(test.json().path("error").isNull()).isTrue();
            assertThat(receiver.calls()).hasSize(1);
            Receiver.Call call = receiver.calls().getFirst();
            assertThat(verified(
                            call,
                            List.of(SymmetricKey.read(made.json().path("secret").asText()))))
                    .isEqualTo(Verification.GENUINE);
            assertThat(verified(
                            call,
                            List.of(PublicKey.read(
                                    made.json().path("public_key").asText()))))
                    .isEqualTo(Verification.GENUINE);
            JsonNode event = new ObjectMapper().readTree(call.body());
            assertThat(event.path("type").asText()).isEqualTo("webhook.test");
            assertThat(event.path("id").asText()).isEqualTo(call.id()).matches("evt_[0-9a-f]{32}");
            assertThat(event.path("timestamp").asText()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
            assertThat(event.at("/data/endpoint_id").asText()).isEqualTo(id);
            assertThat(deliveries("")).isEmpty();
        }
    }

    @Test
    void aTestTellsOfRefusalsAndSilenceToo() {
        try (Receiver receiver = new Receiver(vertx, 500, "broken")) {
            JsonNode broken =
                    api.post(PATH + "/" + endpoint(receiver.url()) + "/test").json();
            assertThat(broken.path("delivered").asBoolean()).isFalse();
            assertThat(broken.path("status_code").asInt()).isEqualTo(500);
            assertThat(broken.path("answer").asText()).isEqualTo("broken");
        }
        String id = endpoint(NOBODY);
        api.patch(PATH + "/" + id, "{\"status\":\"disabled\"}");
        JsonNode silent = api.post(PATH + "/" + id + "/test").json();
        assertThat(silent.path("delivered").asBoolean()).isFalse();
        assertThat(silent.path("status_code").isNull()).isTrue();
        assertThat(silent.path("error").asText()).isNotBlank();
    }

    @Test
    void aNewSecretSignsBesideTheOldOneForAWhile() throws SQLException {
        try (Receiver receiver = new Receiver(vertx, 200, "")) {
            Answer made = api.post(PATH, "{\"url\":\"" + receiver.url() + "\"}");
            String id = made.json().path("id").asText();
            SymmetricKey old = SymmetricKey.read(made.json().path("secret").asText());

            Answer rotated = api.post(PATH + "/" + id + "/rotate-secret");

            assertThat(rotated.status()).as(rotated.body()).isEqualTo(200);
            SymmetricKey fresh = SymmetricKey.read(rotated.json().path("secret").asText());
            assertThat(fresh).isNotEqualTo(old);
            assertThat(rotated.json().path("id").asText()).isEqualTo(id);
            api.post(PATH + "/" + id + "/test");
            assertThat(verified(receiver.calls().getLast(), List.of(old))).isEqualTo(Verification.GENUINE);
            assertThat(verified(receiver.calls().getLast(), List.of(fresh))).isEqualTo(Verification.GENUINE);
            assertThat(ledger.texts("""
                            SELECT expires_at - now() BETWEEN interval '23 h' AND interval '24 h'
                              FROM webhook_secret
                             WHERE endpoint_id = ?::uuid AND expires_at IS NOT NULL
                            """, Ledger.uuid(id))).containsExactly("t");

            SymmetricKey last =
                    SymmetricKey.read(api.post(PATH + "/" + id + "/rotate-secret", "{\"overlap_seconds\":0}")
                            .json()
                            .path("secret")
                            .asText());
            api.post(PATH + "/" + id + "/test");
            assertThat(verified(receiver.calls().getLast(), List.of(fresh))).isEqualTo(Verification.WRONG_SIGNATURE);
            assertThat(verified(receiver.calls().getLast(), List.of(old))).isEqualTo(Verification.GENUINE);
            assertThat(verified(receiver.calls().getLast(), List.of(last))).isEqualTo(Verification.GENUINE);
        }
    }

    @Test
    void howeverOftenItIsRotatedFewSecretsSign() throws SQLException {
        String id = endpoint(NOBODY);
        List<CompletableFuture<Answer>> rotations = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            rotations.add(Api.later(() -> api.post(PATH + "/" + id + "/rotate-secret", "{\"overlap_seconds\":3600}")));
        }
        rotations.forEach(rotation -> assertThat(rotation.join().status()).isEqualTo(200));

        assertThat(ledger.texts("SELECT secret_id FROM webhook_secret WHERE endpoint_id = ?::uuid", Ledger.uuid(id)))
                .hasSizeLessThanOrEqualTo(5);
        assertThat(ledger.texts(
                        "SELECT secret_id FROM webhook_secret WHERE endpoint_id = ?::uuid AND expires_at IS NULL",
                        Ledger.uuid(id)))
                .hasSize(1);
        assertThat(api.post(PATH + "/" + id + "/rotate-secret", "{\"overlap_seconds\":-1}")
                        .status())
                .isEqualTo(400);
        assertThat(api.post(PATH + "/" + id + "/rotate-secret", "{\"overlap\":1}")
                        .body())
                .contains("/overlap");
    }

    @Test
    void aTenantHasSoManyEndpointsAndNoMore() {
        for (int i = 0; i < 50; i++) {
            endpoint(NOBODY);
        }
        Answer oneTooMany = api.post(PATH, "{\"url\":\"" + NOBODY + "\"}");

        assertThat(oneTooMany.status()).isEqualTo(409);
        assertThat(oneTooMany.body()).contains("50");
    }

    @Test
    void anotherTenantsEndpointsAreAsGoodAsNone() throws SQLException {
        String id = endpoint(NOBODY);
        Api other = Api.ofNewTenant();

        assertThat(other.get(PATH + "/" + id).status()).isEqualTo(404);
        assertThat(other.patch(PATH + "/" + id, "{\"status\":\"disabled\"}").status())
                .isEqualTo(404);
        assertThat(other.delete(PATH + "/" + id).status()).isEqualTo(404);
        assertThat(other.post(PATH + "/" + id + "/test").status()).isEqualTo(404);
        assertThat(other.post(PATH + "/" + id + "/rotate-secret").status()).isEqualTo(404);
        assertThat(other.post(PATH + "/" + id + "/recover", "{\"since\":\"2026-01-01T00:00:00Z\"}")
                        .status())
                .isEqualTo(404);
        assertThat(other.get(PATH).json().path("data")).isEmpty();
        assertThat(other.get("/v1/webhook-deliveries?endpoint_id=" + id).json().path("data"))
                .isEmpty();
        assertThat(api.get(PATH + "/" + id).json().path("status").asText()).isEqualTo("enabled");
        assertThat(Api.stranger().get(PATH).status()).isEqualTo(401);
    }

    private Verification verified(Receiver.Call call, List<VerifyingKey> keys) {
        return Verification.of(call.id(), call.timestamp(), call.signature(), call.body(), keys, Instant.now());
    }

    private int recovered(String id, String since) {
        return api.post(PATH + "/" + id + "/recover", "{\"since\":\"" + since + "\"}")
                .json()
                .path("recovered")
                .asInt();
    }

    private String endpoint(String url) {
        Answer made = api.post(PATH, "{\"url\":\"" + url + "\",\"events\":[\"job.complete\"]}");
        assertThat(made.status()).as(made.body()).isEqualTo(201);
        return made.json().path("id").asText();
    }

    private List<String> deliveries(String query) {
        return api.get("/v1/webhook-deliveries" + query).json().path("data").findValuesAsText("id");
    }
}
