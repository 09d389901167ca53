package dev.longshore.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.longshore.api.Api.Answer;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@Platform
class WebhookDeliveriesTest {
    private static final String PATH = "/v1/webhook-deliveries";
    private static final String URL = "http://127.0.0.1:65535/hook";

    @Inject
    DataSource database;

    private Api api;
    private Ledger ledger;
    private FakeWorker worker;
    private String endpoint;

    @BeforeEach
    void startWithATenantThatListens() throws SQLException {
        api = Api.ofNewTenant();
        ledger = new Ledger(database);
        worker = new FakeWorker(database);
        endpoint = api.post(
                        "/v1/webhook-endpoints",
                        "{\"url\":\"" + URL + "\",\"events\":[\"job.complete\",\"job.failed\"]}")
                .json()
                .path("id")
                .asText();
    }

    @Test
    void aDeliveryIsThereAsSoonAsTheJobIsOver() throws SQLException {
        String job = api.chat();
        worker.complete(job);

        JsonNode page = api.get(PATH).json();
        JsonNode delivery = page.at("/data/0");
        assertThat(page.path("data")).hasSize(1);
        assertThat(page.path("has_more").asBoolean()).isFalse();
        assertThat(delivery.path("id").asText()).matches("evt_[0-9a-f]{32}");
        assertThat(delivery.path("type").asText()).isEqualTo("job.complete");
        assertThat(delivery.path("status").asText()).isEqualTo("pending");
        assertThat(delivery.path("endpoint_id").asText()).isEqualTo(endpoint);
        assertThat(delivery.path("job_id").asText()).isEqualTo(job);
        assertThat(delivery.path("url").isNull()).isTrue();
        assertThat(Instant.parse(delivery.path("created_at").asText())).isBeforeOrEqualTo(Instant.now());
        assertThat(delivery.path("next_attempt_at").isNull()).isFalse();
        assertThat(delivery.path("finished_at").isNull()).isTrue();
        assertThat(delivery.path("attempts")).isEmpty();
        assertThat(api.get(PATH + "/" + delivery.path("id").asText()).json()).isEqualTo(delivery);
    }

    @Test
    void everyAttemptIsTold() throws SQLException {
        worker.complete(api.chat());
        String id = ids("").getFirst();
        ledger.tried(id, 1, null, null, "the connection was refused");
        ledger.tried(id, 2, 503, "come back later", null);
        ledger.finish(id, "failed");

        JsonNode delivery = api.get(PATH).json().at("/data/0");

        assertThat(delivery.path("status").asText()).isEqualTo("failed");
        assertThat(delivery.path("next_attempt_at").isNull()).isTrue();
        assertThat(delivery.path("finished_at").isNull()).isFalse();
        assertThat(delivery.path("attempts")).hasSize(2);
        assertThat(delivery.at("/attempts/0/number").asInt()).isOne();
        assertThat(delivery.at("/attempts/0/status_code").isNull()).isTrue();
        assertThat(delivery.at("/attempts/0/error").asText()).isEqualTo("the connection was refused");
        assertThat(delivery.at("/attempts/1/status_code").asInt()).isEqualTo(503);
        assertThat(delivery.at("/attempts/1/answer").asText()).isEqualTo("come back later");
        assertThat(delivery.at("/attempts/1/latency_ms").asInt()).isEqualTo(12);
        assertThat(delivery.at("/attempts/1/at").asText()).endsWith("Z");
    }

    @Test
    void deliveriesAreFiltered() throws SQLException {
        String other = api.post("/v1/webhook-endpoints", "{\"url\":\"" + URL + "\",\"events\":[\"job.failed\"]}")
                .json()
                .path("id")
                .asText();
        String good = api.chat();
        worker.complete(good);
        String bad = api.chat();
        worker.fail(bad);
        List<String> all = ids("");
        assertThat(all).hasSize(3).isSortedAccordingTo((a, b) -> b.compareTo(a));
        ledger.finish(all.get(0), "failed");
        ledger.finish(all.get(1), "delivered");

        assertThat(ids("?status=pending")).containsExactly(all.get(2));
        assertThat(ids("?status=delivered")).containsExactly(all.get(1));
        assertThat(ids("?status=failed")).containsExactly(all.get(0));
        assertThat(ids("?job_id=" + good)).containsExactly(all.get(2));
        assertThat(ids("?job_id=" + bad)).containsExactly(all.get(0), all.get(1));
        assertThat(ids("?job_id=" + bad + "&status=failed")).containsExactly(all.get(0));
        assertThat(ids("?job_id=" + bad + "&endpoint_id=" + other)).hasSize(1);
        assertThat(ids("?endpoint_id=" + other)).hasSize(1);
        assertThat(ids("?endpoint_id=" + endpoint)).hasSize(2);
        assertThat(ids("?endpoint_id=" + other + "&status=pending")).isEmpty();
        assertThat(ids("?limit=2")).containsExactly(all.get(0), all.get(1));
        assertThat(ids("?after=" + all.get(1))).containsExactly(all.get(2));
        assertThat(ids("?after=" + all.get(1) + "&status=pending")).containsExactly(all.get(2));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status=lost",
                "endpoint_id=we_1",
                "job_id=1",
                "after=job_0199a0000000700080000000000000ff",
                "limit=0",
                "colour=red"
            })
    void whatIsNoFilterIsRefused(String query) {
        Answer answer = api.get(PATH + "?" + query);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().at("/error/details/errors/0/pointer").asText())
                .isEqualTo("/" + query.substring(0, query.indexOf('=')));
    }

    @Test
    void aDeliveryIsSentAgainWithItsIdItsBytesAndItsCount() throws SQLException {
        worker.complete(api.chat());
        String id = ids("").getFirst();
        ledger.tried(id, 1, 200, "ok", null);
        for (String end : List.of("delivered", "failed")) {
            ledger.finish(id, end);

            Answer again = api.post(PATH + "/" + id + "/redeliver");

            assertThat(again.status()).as(again.body()).isEqualTo(202);
            assertThat(again.json().path("id").asText()).isEqualTo(id);
            assertThat(again.json().path("status").asText()).isEqualTo("pending");
            assertThat(again.json().path("finished_at").isNull()).isTrue();
            assertThat(again.json().path("attempts")).hasSize(1);
        }
        assertThat(ledger.texts(
                        "SELECT tries || body FROM webhook_notice WHERE notice_id = ?::uuid AND due_at <= now()",
                        Ledger.uuid(id)))
                .containsExactly("2{\"first\":true}");
    }

    @Test
    void oneThatWaitsIsSentNowAndOneThatIsBeingSentIsLeftAlone() throws SQLException {
        worker.complete(api.chat());
        String id = ids("").getFirst();
        ledger.run(
                "UPDATE webhook_notice SET due_at = now() + interval '5 h' WHERE notice_id = ?::uuid", Ledger.uuid(id));
        assertThat(api.post(PATH + "/" + id + "/redeliver").status()).isEqualTo(202);
        assertThat(due(id)).isEqualTo("now");

        ledger.run("""
                UPDATE webhook_notice
                   SET due_at = now() + interval '60 s', claimed_until = now() + interval '60 s', claimed_by = 1
                 WHERE notice_id = ?::uuid
                """, Ledger.uuid(id));
        assertThat(api.post(PATH + "/" + id + "/redeliver").status()).isEqualTo(202);
        assertThat(due(id)).isEqualTo("later");
    }

    @Test
    void nothingIsSentAgainToOneThatIsOffOrGone() throws SQLException {
        worker.complete(api.chat());
        String id = ids("").getFirst();
        api.patch("/v1/webhook-endpoints/" + endpoint, "{\"status\":\"disabled\"}");
        assertThat(api.post(PATH + "/" + id + "/redeliver").code()).isEqualTo("CONFLICT");
        api.delete("/v1/webhook-endpoints/" + endpoint);
        assertThat(api.post(PATH + "/" + id + "/redeliver").code()).isEqualTo("CONFLICT");
        assertThat(ids("?status=failed")).containsExactly(id);
    }

    @Test
    void anotherTenantsDeliveriesAreAsGoodAsNone() throws SQLException {
        String job = api.chat();
        worker.complete(job);
        String id = ids("").getFirst();
        ledger.finish(id, "failed");
        Api other = Api.ofNewTenant();

        assertThat(other.get(PATH + "/" + id).status()).isEqualTo(404);
        assertThat(other.post(PATH + "/" + id + "/redeliver").status()).isEqualTo(404);
        for (String query : List.of("", "?job_id=" + job, "?endpoint_id=" + endpoint, "?status=failed")) {
            assertThat(other.get(PATH + query).json().path("data")).as(query).isEmpty();
        }
        assertThat(ids("?status=failed")).containsExactly(id);
        assertThat(api.get(PATH + "/evt_0199a0000000700080000000000000ff").status())
                .isEqualTo(404);
    }

    private String due(String id) throws SQLException {
        return ledger.texts(
                        "SELECT CASE WHEN due_at <= now() THEN 'now' ELSE 'later' END FROM webhook_notice WHERE notice_id = ?::uuid",
                        Ledger.uuid(id))
                .getFirst();
    }

    private List<String> ids(String query) {
        Answer answer = api.get(PATH + query);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json().path("data").findValuesAsText("id");
    }
}
