package dev.longshore.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.longshore.api.Api.Answer;
import dev.longshore.webhook.PublicKey;
import dev.longshore.webhook.SymmetricKey;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Webhooks that come with a job, and the secret that calls to their URLs are signed with.
@QuarkusTest
@Platform
class JobWebhooksTest {
    private static final String URL = "http://127.0.0.1:65535/hook?job=1";

    @Inject
    DataSource database;

    private Api api;
    private Ledger ledger;
    private FakeWorker worker;

    @BeforeEach
    void startWithATenantOfItsOwn() throws SQLException {
        api = Api.ofNewTenant();
        ledger = new Ledger(database);
        worker = new FakeWorker(database);
    }

    @Test
    void aUrlIsToldOfItsJob() throws SQLException {
        String job = accepted("{\"url\":\"" + URL + "\",\"events\":[\"job.processing\",\"job.complete\"]}");
        worker.complete(api.chat());
        worker.complete(job);

        JsonNode deliveries = api.get("/v1/webhook-deliveries").json().path("data");
        assertThat(deliveries.findValuesAsText("type")).containsExactly("job.complete", "job.processing");
        assertThat(deliveries.findValuesAsText("job_id")).containsOnly(job);
        assertThat(deliveries.findValuesAsText("url")).containsOnly(URL);
        assertThat(deliveries.at("/0/endpoint_id").isNull()).isTrue();
        assertThat(api.post("/v1/webhook-deliveries/" + deliveries.at("/0/id").asText() + "/redeliver")
                        .status())
                .isEqualTo(202);
    }

    @Test
    void whoSaysNothingHearsHowItEnded() throws SQLException {
        String job = accepted("{\"url\":\"" + URL + "\"}");
        worker.fail(job);
        assertThat(types(job)).containsExactly("job.failed");
        assertThat(ledger.texts(
                        "SELECT array_to_string(events, ',') FROM job_webhook WHERE job_id = ?::uuid",
                        Ledger.uuid(job)))
                .containsExactly("job.complete,job.failed,job.cancelled,job.awaiting_review");

        String cancelled = accepted("{\"url\":\"" + URL + "\"}");
        api.post("/v1/jobs/" + cancelled + "/cancel");
        assertThat(types(cancelled)).containsExactly("job.cancelled");
    }

    @Test
    void aReplayedJobIsToldOfAgain() throws SQLException {
        String job = accepted("{\"url\":\"" + URL + "\"}");
        worker.fail(job);
        assertThat(api.post("/v1/jobs/" + job + "/replay").status()).isEqualTo(202);
        worker.complete(job);

        assertThat(types(job)).containsExactly("job.complete", "job.failed");
    }

    @Test
    void urlsToOnePlaceOfOneTenantAreOneReceiver() throws SQLException {
        String one = accepted("{\"url\":\"http://127.0.0.1:65535/a\"}");
        String other = accepted("{\"url\":\"http://127.0.0.1:65535/b?c\"}");
        String elsewhere = accepted("{\"url\":\"http://127.0.0.2:65535/a\"}");
        Api stranger = Api.ofNewTenant();
        String strangers = stranger.submit(Bodies.chat(",\"webhook\":{\"url\":\"http://127.0.0.1:65535/a\"}"))
                .jobId();

        assertThat(receiver(one)).isEqualTo(receiver(other)).isNotEqualTo(receiver(elsewhere));
        assertThat(receiver(one)).isNotEqualTo(receiver(strangers));
        String tenant = ledger.texts("SELECT tenant_id FROM job_webhook WHERE job_id = ?::uuid", Ledger.uuid(one))
                .getFirst();
        assertThat(receiver(one))
                .isEqualTo(UUID.nameUUIDFromBytes((tenant + ":http://127.0.0.1:65535").getBytes(StandardCharsets.UTF_8))
                        .toString());
    }

    @Test
    void anEndpointMayBeNamedWhetherItIsOnOrOff() throws SQLException {
        String endpoint = endpoint("job.cancelled");
        String job = accepted("{\"endpoint_id\":\"" + endpoint + "\",\"events\":[\"job.complete\"]}");
        worker.complete(job);
        JsonNode told = api.get("/v1/webhook-deliveries?job_id=" + job).json().path("data");
        assertThat(told.findValuesAsText("endpoint_id")).containsExactly(endpoint);
        assertThat(told.at("/0/url").isNull()).isTrue();

        api.patch("/v1/webhook-endpoints/" + endpoint, "{\"status\":\"disabled\"}");
        String untold = accepted("{\"endpoint_id\":\"" + endpoint + "\",\"events\":[\"job.complete\"]}");
        worker.complete(untold);
        assertThat(types(untold)).isEmpty();
    }

    @Test
    void anEndpointThatIsNotTheTenantsIsNamedInTheRefusal() throws SQLException {
        String others = Api.ofNewTenant()
                .post("/v1/webhook-endpoints", "{\"url\":\"" + URL + "\"}")
                .json()
                .path("id")
                .asText();

        Answer answer = api.submit(Bodies.chat(",\"webhook\":{\"endpoint_id\":\"" + others + "\"}"));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().at("/error/param").asText()).isEqualTo("webhook.endpoint_id");
        assertThat(api.get("/v1/jobs").json().path("data")).isEmpty();
    }

    @Test
    void anAddressOfTheInsideIsRefused() {
        Answer answer = api.submit(Bodies.chat(",\"webhook\":{\"url\":\"https://[fd00::1]/\"}"));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains("private address");
    }

    @Test
    void theWebhookBelongsToWhatAKeyGuards() throws SQLException {
        String with = Bodies.chat(",\"idempotency_key\":\"k\",\"webhook\":{\"url\":\"" + URL + "\"}");
        String without = Bodies.chat(",\"idempotency_key\":\"k\"");
        String job = api.submit(with).jobId();

        Answer again = api.submit(with);
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(again.jobId()).isEqualTo(job);
        assertThat(api.submit(without).code()).isEqualTo("IDEMPOTENCY_KEY_REUSED");
        worker.complete(job);
        assertThat(types(job)).containsExactly("job.complete");
    }

    @Test
    void aRepetitionIsAnsweredWithItsJobThoughTheEndpointIsGone() {
        String endpoint = endpoint("job.complete");
        String body = Bodies.chat(",\"idempotency_key\":\"k\",\"webhook\":{\"endpoint_id\":\"" + endpoint + "\"}");
        String job = api.submit(body).jobId();
        api.delete("/v1/webhook-endpoints/" + endpoint);

        Answer again = api.submit(body);

        assertThat(again.status()).as(again.body()).isEqualTo(200);
        assertThat(again.jobId()).isEqualTo(job);
        assertThat(api.submit(body.replace("\"k\"", "\"other\"")).status()).isEqualTo(400);
    }

    @Test
    void aJobWithoutAWebhookHasNoRow() throws SQLException {
        String plain = api.chat();
        String hooked = accepted("{\"url\":\"" + URL + "\"}");

        assertThat(ledger.texts("SELECT job_id FROM job_webhook WHERE job_id = ?::uuid", Ledger.uuid(plain)))
                .isEmpty();
        assertThat(ledger.texts("SELECT notify FROM job_run WHERE job_id = ?::uuid", Ledger.uuid(plain)))
                .containsExactly("f");
        assertThat(ledger.texts("SELECT notify FROM job_run WHERE job_id = ?::uuid", Ledger.uuid(hooked)))
                .containsExactly("t");
    }

    @Test
    void manyAtOnceKeepTheirOwnWebhooks() throws SQLException {
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            String webhook = i % 2 == 0 ? "" : ",\"webhook\":{\"url\":\"http://127.0.0.1:65535/" + i + "\"}";
            answers.add(api.postLater("/v1/jobs", Bodies.chat(webhook)));
        }
        for (int i = 0; i < 40; i++) {
            String job = answers.get(i).join().jobId();
            assertThat(ledger.texts("SELECT url FROM job_webhook WHERE job_id = ?::uuid", Ledger.uuid(job)))
                    .isEqualTo(i % 2 == 0 ? List.of() : List.of("http://127.0.0.1:65535/" + i));
        }
    }

    @Test
    void theTenantsSecretIsMadeOnceAndCanBeLookedUp() throws SQLException {
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            answers.add(Api.later(() -> api.get("/v1/webhook-secret")));
        }
        List<String> bodies =
                answers.stream().map(answer -> answer.join().body()).distinct().toList();

        assertThat(bodies).hasSize(1);
        JsonNode secret = api.get("/v1/webhook-secret").json();
        assertThat(SymmetricKey.read(secret.path("secret").asText()).bytes()).hasSize(32);
        assertThat(PublicKey.read(secret.path("public_key").asText()).toString())
                .startsWith("whpk_");
        assertThat(secret.path("created_at").asText()).endsWith("Z");
        assertThat(Api.ofNewTenant().get("/v1/webhook-secret").json().path("secret"))
                .isNotEqualTo(secret.path("secret"));
        assertThat(api.get("/v1/webhook-secret?x=1").status()).isEqualTo(400);
    }

    @Test
    void theTenantsSecretIsRotated() throws SQLException {
        String old = api.get("/v1/webhook-secret").json().path("secret").asText();

        Answer rotated = api.post("/v1/webhook-secret/rotate", "{\"overlap_seconds\":100}");

        assertThat(rotated.status()).as(rotated.body()).isEqualTo(200);
        assertThat(rotated.json().path("secret").asText()).isNotEqualTo(old);
        assertThat(api.get("/v1/webhook-secret").json()).isEqualTo(rotated.json());
        assertThat(api.post("/v1/webhook-secret/rotate", "{\"overlap_seconds\":\"1\"}")
                        .status())
                .isEqualTo(400);
        // Rotating what was never asked for makes one.
        assertThat(Api.ofNewTenant().post("/v1/webhook-secret/rotate").status()).isEqualTo(200);
    }

    private String accepted(String webhook) {
        Answer answer = api.submit(Bodies.chat(",\"webhook\":" + webhook));
        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
        return answer.jobId();
    }

    private String endpoint(String event) {
        return api.post("/v1/webhook-endpoints", "{\"url\":\"" + URL + "\",\"events\":[\"" + event + "\"]}")
                .json()
                .path("id")
                .asText();
    }

    private String receiver(String job) throws SQLException {
        return ledger.texts("SELECT receiver_id FROM job_webhook WHERE job_id = ?::uuid", Ledger.uuid(job))
                .getFirst();
    }

    private List<String> types(String job) {
        return api.get("/v1/webhook-deliveries?job_id=" + job)
                .json()
                .path("data")
                .findValuesAsText("type");
    }
}
