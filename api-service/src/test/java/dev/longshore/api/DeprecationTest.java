package dev.longshore.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.longshore.api.Api.Answer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What callers hear of a model that ends, and where their jobs go.
@QuarkusTest
@Platform
@TestProfile(OnCatalogue.class)
class DeprecationTest {
    private static final String LAST = "meta/llama \u00fc";
    private static final String LINK_TO_LAST = "</v1/models/meta%2Fllama%20%C3%BC>; rel=\"successor-version\"";
    private static final String REPLACED = "Longshore-Model-Replaced";

    private final Api api = Api.ofNewTenant();

    private static String chat(String model, String more) {
        return Bodies.chat(more).replace("sim-small", model);
    }

    @ParameterizedTest
    @CsvSource({
        "mini, gpt-4o-mini",
        "fast/est, gpt-4o-mini",
        "gpt-4o-mini, gpt-4o-mini",
        "old-favourite, ageing",
        "young, young",
        "vanished, " + LAST
    })
    void aJobIsStoredUnderTheModelsOwnName(String word, String model) {
        Answer accepted = api.submit(chat(word, ""));

        assertThat(accepted.status()).as(accepted.body()).isEqualTo(202);
        assertThat(accepted.json().at("/metadata/model").asText()).isEqualTo(model);
        assertThat(api.get("/v1/jobs/" + accepted.jobId())
                        .json()
                        .at("/metadata/model")
                        .asText())
                .isEqualTo(model);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mini", "plain", "young", "meta/llama \u00fc"})
    void nothingIsSaidOfAModelThatStays(String model) {
        Answer accepted = api.submit(chat(model, ""));

        for (String header : new String[] {"Deprecation", "Sunset", "Link", "Warning", REPLACED}) {
            assertThat(accepted.header(header)).as(header).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ageing", "old-favourite"})
    void aDeprecatedModelIsTakenAndWarnedOf(String word) {
        Answer accepted = api.submit(chat(word, ""));

        assertThat(accepted.status()).as(accepted.body()).isEqualTo(202);
        assertThat(accepted.header("Deprecation")).isEqualTo("@1709164800");
        assertThat(accepted.header("Sunset")).isEqualTo("Sat, 01 Jun 2999 00:00:00 GMT");
        // Its successor is shut down already, and so is the next.
        assertThat(accepted.header("Link")).isEqualTo(LINK_TO_LAST);
        assertThat(accepted.header("Warning")).isNull();
        assertThat(accepted.header(REPLACED)).isNull();
    }

    @Test
    void whatIsNotKnownOfItsEndIsNotSaid() {
        Answer accepted = api.submit(chat("fading", ""));

        assertThat(accepted.header("Deprecation")).isEqualTo("@1704067200");
        assertThat(accepted.header("Sunset")).isNull();
        assertThat(accepted.header("Link")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gone", "vanished"})
    void aModelThatIsShutDownIsReplacedByTheLastOfItsLine(String word) {
        Answer accepted = api.submit(chat(word, ""));

        assertThat(accepted.status()).as(accepted.body()).isEqualTo(202);
        assertThat(accepted.json().at("/metadata/model").asText()).isEqualTo(LAST);
        assertThat(accepted.header(REPLACED)).isEqualTo("\"gone\";successor=%\"meta/llama %c3%bc\"");
        assertThat(accepted.header("Deprecation")).isEqualTo("@1701388800");
        assertThat(accepted.header("Sunset")).isEqualTo("Tue, 02 Jan 2024 00:00:00 GMT");
        assertThat(accepted.header("Link")).isEqualTo(LINK_TO_LAST);
    }

    @Test
    void whoeverTakesNoOtherModelIsToldWhichThereIs() {
        Answer refused = api.submit(chat("gone", ",\"fallback\":false"));

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.code()).isEqualTo("UNKNOWN_MODEL");
        assertThat(refused.json().at("/error/message").asText())
                .contains("'gone' was shut down on 2024-01-02")
                .contains("successor is '" + LAST + "'");
        assertThat(refused.json().at("/error/details/successor").asText()).isEqualTo(LAST);
        assertThat(api.submit(chat("ageing", ",\"fallback\":false")).status()).isEqualTo(202);
    }

    @ParameterizedTest
    @CsvSource({
        "lost, was shut down on 2025-01-01",
        "lost-too, was shut down on 2025-01-01",
        "gpt-99, There is no model 'gpt-99'",
    })
    void aModelThatNothingHasReplacedIsRefusedWithThoseThatCouldDoTheJob(String word, String why) {
        for (String path : new String[] {"/v1/jobs", "/v1/jobs/estimate"}) {
            Answer refused = api.post(path, chat(word, ""));

            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.code()).isEqualTo("UNKNOWN_MODEL");
            JsonNode error = refused.json().path("error");
            assertThat(error.path("param").asText()).isEqualTo("input.model");
            // Neither those that embed, nor those that are about to go.
            assertThat(error.path("message").asText())
                    .contains(why)
                    .endsWith("Models that can chat: gpt-4o-mini, " + LAST + ", plain, young.");
            assertThat(error.at("/details/models").toString())
                    .isEqualTo("[\"gpt-4o-mini\",\"" + LAST + "\",\"plain\",\"young\"]");
            assertThat(refused.header("Deprecation")).isNull();
        }
        Answer embed = api.submit("{\"operation\":\"embed\",\"input\":{\"model\":\"gpt-99\",\"input\":\"a\"}}");
        assertThat(embed.json().at("/error/details/models").toString()).isEqualTo("[\"vectors\"]");
    }

    @Test
    void anEstimateSaysTheSame() {
        Answer deprecated = api.post("/v1/jobs/estimate", chat("ageing", ""));
        assertThat(deprecated.json().path("model").asText()).isEqualTo("ageing");
        assertThat(deprecated.header("Deprecation")).isEqualTo("@1709164800");
        assertThat(deprecated.header("Sunset")).isNotNull();
        assertThat(deprecated.header("Link")).isEqualTo(LINK_TO_LAST);

        Answer replaced = api.post("/v1/jobs/estimate", chat("gone", ""));
        assertThat(replaced.json().path("model").asText()).isEqualTo(LAST);
        assertThat(replaced.header(REPLACED)).isNotNull();

        assertThat(api.post("/v1/jobs/estimate", chat("mini", ""))
                        .json()
                        .path("model")
                        .asText())
                .isEqualTo("gpt-4o-mini");
    }

    @Test
    void anAnswerThatIsHeldBackSaysTheSame() {
        Answer answer = api.post("/v1/jobs", chat("gone", ""), "Prefer", "wait=1");

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.header("Deprecation")).isNotNull();
        assertThat(answer.header(REPLACED)).isNotNull();
    }

    @Test
    void aRepetitionWarnsButTheOriginalWentWhereItWent() {
        String key = "k" + System.nanoTime();
        Answer first = api.post("/v1/jobs", chat("gone", ""), "Idempotency-Key", key);
        for (String prefer : new String[] {"respond-async", "wait=1"}) {
            Answer again = api.post("/v1/jobs", chat("gone", ""), "Idempotency-Key", key, "Prefer", prefer);

            assertThat(again.status()).isEqualTo(200);
            assertThat(again.jobId()).isEqualTo(first.jobId());
            assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
            assertThat(again.header("Deprecation")).isEqualTo("@1701388800");
            assertThat(again.header("Link")).isEqualTo(LINK_TO_LAST);
            assertThat(again.header(REPLACED)).isNull();
        }
    }

    @Test
    void tokensAreCountedAsTheModelCountsThem() {
        String text = "\u304a\u8a95\u751f\u65e5\u304a\u3081\u3067\u3068\u3046";
        Answer embed = api.post(
                "/v1/jobs/estimate",
                "{\"operation\":\"embed\",\"input\":{\"model\":\"vectors\",\"input\":\"" + text + "\"}}");

        assertThat(embed.json().path("input_tokens").asInt()).isEqualTo(9);
        assertThat(api.post("/v1/jobs/estimate", chat("mini", "").replace("hello", text))
                        .json()
                        .path("input_tokens")
                        .asInt())
                .isEqualTo(8 + 7);
    }
}
