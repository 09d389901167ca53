package dev.longshore.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.longshore.api.Api.Answer;
import dev.longshore.provider.TokenCountErrors;
import dev.longshore.provider.TokenCountErrors.Sample;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.net.http.HttpRequest.BodyPublishers;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@Platform
@TestProfile(OnCatalogue.class)
class ModelsTest {
    private final Api api = Api.ofNewTenant();

    @Inject
    DataSource database;

    @Test
    void modelsAreListedByNameInOpenAisShape() {
        JsonNode list = api.get("/v1/models").json();

        assertThat(list.path("object").asText()).isEqualTo("list");
        assertThat(list.path("data").findValuesAsText("id"))
                .containsExactly(
                        "ageing",
                        "fading",
                        "gone",
                        "gone-too",
                        "gpt-4o-mini",
                        "lost",
                        "lost-too",
                        "meta/llama \u00fc",
                        "plain",
                        "vectors",
                        "young");
        for (JsonNode model : list.path("data")) {
            assertThat(model.path("object").asText()).isEqualTo("model");
            assertThat(model.path("created").isIntegralNumber()).isTrue();
            assertThat(model.path("owned_by").asText())
                    .isEqualTo(model.path("provider").asText());
            assertThat(model.path("provider").asText()).isNotEmpty();
        }
    }

    @Test
    void aModelTellsWhatTheFileSaysOfIt() {
        JsonNode model = api.get("/v1/models/gpt-4o-mini").json();

        assertThat(model.path("provider").asText()).isEqualTo("main");
        assertThat(model.path("version").asText()).isEqualTo("gpt-4o-mini-2024-07-18");
        assertThat(texts(model.path("aliases"))).containsExactly("fast/est", "mini");
        assertThat(prices(model)).containsExactly("0.15", "0.075", "0.6", "0.07", "0.3");
        assertThat(model.path("context_tokens").asInt()).isEqualTo(128_000);
        assertThat(model.path("max_output_tokens").asInt()).isEqualTo(16_384);
        assertThat(texts(model.path("capabilities"))).containsExactly("chat", "tools", "json-schema");
        assertThat(model.path("region").asText()).isEqualTo("us");
        assertThat(texts(model.path("data_classes"))).containsExactly("public");
        assertThat(texts(model.path("fallbacks"))).containsExactly("plain");
        assertThat(model.path("status").asText()).isEqualTo("available");
    }

    @Test
    void whatTheFileDoesNotSayIsNullOrWhatHoldsWithoutIt() {
        JsonNode model = api.get("/v1/models/plain").json();

        assertThat(model.path("version").asText()).isEqualTo("plain");
        assertThat(prices(model)).containsExactly("1", "1", "2", "1", "2");
        assertThat(texts(model.path("aliases"))).isEmpty();
        assertThat(texts(model.path("capabilities"))).containsExactly("chat");
        assertThat(texts(model.path("data_classes"))).containsExactly("public", "internal");
        assertThat(texts(model.path("fallbacks"))).isEmpty();
        for (String field : List.of(
                "context_tokens", "max_output_tokens", "region", "deprecated_from", "shutdown_at", "successor")) {
            assertThat(model.has(field)).as(field).isTrue();
            assertThat(model.get(field).isNull()).as(field).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ageing, deprecated, 2024-02-29, 2999-06-01, gone",
        "fading, deprecated, 2024-01-01, null, null",
        "young, available, 2999-01-01, null, null",
        "gone, shut_down, 2023-12-01, 2024-01-02, gone-too",
        "lost-too, shut_down, null, 2025-01-01, null",
        "gpt-4o-mini, available, null, null, null",
    })
    void aModelTellsHowLongItStays(String id, String status, String deprecated, String shutdown, String successor) {
        JsonNode model = api.get("/v1/models/" + id).json();

        assertThat(model.path("status").asText()).isEqualTo(status);
        assertThat(model.path("deprecated_from").asText()).isEqualTo(deprecated);
        assertThat(model.path("shutdown_at").asText()).isEqualTo(shutdown);
        assertThat(model.path("successor").asText()).isEqualTo(successor);
    }

    @ParameterizedTest
    @CsvSource({
        "mini, gpt-4o-mini",
        "fast/est, gpt-4o-mini",
        "fast%2Fest, gpt-4o-mini",
        "meta/llama%20%C3%BC, meta/llama \u00fc",
        "meta%2Fllama%20%C3%BC, meta/llama \u00fc",
    })
    void aliasesAndNamesWithSlashesAreFound(String path, String id) {
        Answer answer = api.get("/v1/models/" + path);

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.json().path("id").asText()).isEqualTo(id);
    }

    @Test
    void errorsAreSpelledAsOpenAisClientsKnowThem() {
        Answer missing = api.get("/v1/models/gpt-99");
        assertThat(missing.status()).isEqualTo(404);
        assertThat(missing.code()).isEqualTo("not_found");
        assertThat(missing.json().at("/error/message").asText()).contains("gpt-99");
        assertThat(api.get("/v1/models/fast").code()).isEqualTo("not_found");
        assertThat(api.get("/v1/models?x=1").code()).isEqualTo("invalid_request");
        assertThat(Api.stranger().get("/v1/models").code()).isEqualTo("unauthenticated");
        Answer method = api.send(api.request("/v1/models/a/b")
                .method("PUT", BodyPublishers.noBody())
                .build());
        assertThat(method.code()).isEqualTo("method_not_allowed");
        assertThat(method.header("Allow")).isEqualTo("GET");
        assertThat(api.get("/v1/modelsx").code()).isEqualTo("NOT_FOUND");
    }

    @Test
    void theDescriptionSpellsThemSoToo() {
        JsonNode description = api.get("/openapi?format=json").json();

        assertThat(description
                        .at("/paths/~1v1~1models~1{id}/get/responses/404/content/application~1json/schema/$ref")
                        .asText())
                .endsWith("/OpenAiError");
        assertThat(texts(description.at("/components/schemas/OpenAiError/properties/error/properties/code/enum")))
                .contains("not_found")
                .doesNotContain("NOT_FOUND");
    }

    @Test
    void aModelTellsHowItsTokensAreCountedAndHowWellThatIsDone() throws SQLException {
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            statement.executeUpdate("DELETE FROM token_count_error");
        }
        assertThat(count("gpt-4o-mini"))
                .isEqualTo("{\"method\":\"o200k_base\",\"samples\":0,\"mean_error\":null,\"p95_error\":null}");
        assertThat(count("vectors")).contains("\"cl100k_base\"");
        assertThat(count("plain")).contains("\"estimate\"");

        new TokenCountErrors(database).add(List.of(new Sample("plain", 75, 100), new Sample("plain", 100, 100)));

        assertThat(count("plain"))
                .isEqualTo("{\"method\":\"estimate\",\"samples\":2,\"mean_error\":-0.125,\"p95_error\":0.3}");
        assertThat(count("gpt-4o-mini")).contains("\"samples\":0");
    }

    private String count(String model) {
        JsonNode single = api.get("/v1/models/" + model).json().path("token_count");
        for (JsonNode listed : api.get("/v1/models").json().path("data")) {
            if (listed.path("id").asText().equals(model)) {
                assertThat(listed.path("token_count")).isEqualTo(single);
                return single.toString();
            }
        }
        throw new AssertionError("not listed: " + model);
    }

    private static List<String> prices(JsonNode model) {
        List<String> prices = new ArrayList<>();
        for (Map.Entry<String, JsonNode> price : model.path("usd_per_million").properties()) {
            prices.add(new BigDecimal(price.getValue().asText()).toPlainString());
        }
        assertThat(names(model.path("usd_per_million")))
                .containsExactly("input", "cached_input", "output", "batch_input", "batch_output");
        return prices;
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }
}
