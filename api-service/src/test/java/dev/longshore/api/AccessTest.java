package dev.longshore.api;

import static dev.longshore.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.longshore.api.Api.Answer;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@Platform
class AccessTest {
    private final Api operator = Api.operator();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/jobs",
                "/v1/jobs/job_1",
                "/v1/dead-letters",
                "/v1/admin/tenants",
                "/v1/admin/providers",
                "/nothing"
            })
    void nobodyGetsInWithoutAKey(String path) {
        Answer answer = Api.stranger().get(path);

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.code()).isEqualTo("UNAUTHENTICATED");
        assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer");
        assertThat(answer.header("x-should-retry")).isEqualTo("false");
        assertThat(Api.with("sk-longshore-wrong").get(path).status()).isEqualTo(401);
    }

    @Test
    void healthAndTheDescriptionNeedNoKey() {
        for (String path :
                new String[] {"/q/health/live", "/q/health/ready", "/q/metrics", "/openapi", "/openapi/ui/"}) {
            assertThat(Api.stranger().get(path).status()).as(path).isEqualTo(200);
        }
    }

    @Test
    void theKeyMayComeInEitherHeader() {
        assertThat(Api.stranger()
                        .get("/v1/jobs", "x-api-key", Api.BOOTSTRAP_KEY)
                        .status())
                .isEqualTo(200);
        assertThat(Api.stranger()
                        .get("/v1/jobs", "Authorization", "bearer  " + Api.BOOTSTRAP_KEY)
                        .status())
                .isEqualTo(200);
        assertThat(Api.stranger()
                        .get("/v1/jobs", "Authorization", "Basic " + Api.BOOTSTRAP_KEY)
                        .status())
                .isEqualTo(401);
    }

    @Test
    void aKeyDoesOnlyWhatItsScopesSay() {
        String tenant = tenant();
        String jobs = key(tenant, "{\"name\":\"jobs\"}").path("key").asText();
        String admin = key(tenant, "{\"name\":\"admin\",\"scopes\":[\"admin\"]}")
                .path("key")
                .asText();

        Answer refused = Api.with(jobs).get("/v1/admin/tenants");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.code()).isEqualTo("FORBIDDEN");
        assertThat(refused.json().at("/error/message").asText()).contains("admin");
        assertThat(Api.with(admin).get("/v1/admin/tenants").status()).isEqualTo(200);
        assertThat(Api.with(admin).get("/v1/jobs").status()).isEqualTo(403);
    }

    @Test
    void aKeyIsShownOnceAndDiesWithinSecondsOfItsRevocation() {
        String tenant = tenant();
        JsonNode made = key(tenant, "{\"name\":\"ci\"}");
        String secret = made.path("key").asText();
        Api caller = Api.with(secret);

        assertThat(secret).startsWith("sk-longshore-");
        assertThat(caller.get("/v1/jobs").status()).isEqualTo(200);
        Answer listed = operator.get("/v1/admin/tenants/" + tenant + "/api-keys");
        assertThat(listed.body()).doesNotContain(secret);
        assertThat(listed.json().at("/data/0/hint").asText()).isEqualTo(secret.substring(secret.length() - 4));

        String path =
                "/v1/admin/tenants/" + tenant + "/api-keys/" + made.path("id").asText();
        Answer revoked = operator.delete(path);
        assertThat(revoked.status()).as(revoked.body()).isEqualTo(200);
        assertThat(revoked.json().path("revoked_at").asText()).endsWith("Z");
        await().until(() -> caller.get("/v1/jobs").status() == 401);
        assertThat(operator.delete(path).json().path("revoked_at"))
                .isEqualTo(revoked.json().path("revoked_at"));
    }

    @Test
    void tenantsAreMadeOnceAndListed() {
        String name = "t" + System.nanoTime();
        Answer made = operator.post("/v1/admin/tenants", "{\"name\":\"" + name + "\"}");

        assertThat(made.status()).as(made.body()).isEqualTo(201);
        assertThat(operator.post("/v1/admin/tenants", "{\"name\":\"" + name + "\"}")
                        .code())
                .isEqualTo("CONFLICT");
        assertThat(operator.get("/v1/admin/tenants?limit=1")
                        .json()
                        .at("/data/0/name")
                        .asText())
                .isEqualTo(name);
        for (String wrong : new String[] {"{}", "{\"name\":\"A\"}", "{\"name\":\"\"}", "{\"name\":\"a\",\"x\":1}"}) {
            assertThat(operator.post("/v1/admin/tenants", wrong).code()).isEqualTo("INVALID_REQUEST");
        }
    }

    @Test
    void keysThatCannotBeAreRefused() {
        String path = "/v1/admin/tenants/" + tenant() + "/api-keys";
        for (String wrong : new String[] {
            "{}",
            "{\"name\":\"\"}",
            "{\"name\":\"a\",\"scopes\":[]}",
            "{\"name\":\"a\",\"scopes\":[\"root\"]}",
            "{\"name\":\"a\",\"expires_at\":\"2020-01-01T00:00:00Z\"}"
        }) {
            assertThat(operator.post(path, wrong).code()).as(wrong).isEqualTo("INVALID_REQUEST");
        }
        assertThat(operator.post("/v1/admin/tenants/tenant_999999/api-keys", "{\"name\":\"a\"}")
                        .code())
                .isEqualTo("NOT_FOUND");
        assertThat(operator.delete(path + "/key_" + "0".repeat(32)).code()).isEqualTo("NOT_FOUND");
        assertThat(operator.delete(path + "/x").code()).isEqualTo("NOT_FOUND");
    }

    private String tenant() {
        return operator.post("/v1/admin/tenants", "{\"name\":\"t" + System.nanoTime() + "\"}")
                .json()
                .path("id")
                .asText();
    }

    private JsonNode key(String tenant, String body) {
        Answer answer = operator.post("/v1/admin/tenants/" + tenant + "/api-keys", body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        return answer.json();
    }
}
