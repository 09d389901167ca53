package dev.longshore.simulator;

import static dev.longshore.simulator.Caller.json;
import static dev.longshore.simulator.Caller.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AnswersTest {

    private final Simulator simulator = Simulator.start(0);
    private final Caller caller = new Caller(simulator);

    @AfterEach
    void stop() {
        caller.close();
        simulator.close();
    }

    @Test
    void aCompletionHasTheShapeThatOpenAiGives() throws Exception {
        HttpResponse<String> response = caller.chat("Where is the \"harbour\"?\nAnd the café?");
        JsonNode body = json(response);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(response.headers().firstValue("x-request-id").orElseThrow()).startsWith("req_");
        assertThat(response.headers().firstValueAsLong("openai-processing-ms")).isPresent();
        assertThat(response.headers().map()).doesNotContainKey("x-ratelimit-limit-requests");
        assertThat(body.get("id").asText()).startsWith("chatcmpl-");
        assertThat(body.get("object").asText()).isEqualTo("chat.completion");
        assertThat(body.get("created").asLong()).isPositive();
        assertThat(body.get("model").asText()).isEqualTo("sim-small");
        JsonNode choice = body.get("choices").get(0);
        assertThat(choice.get("index").asInt()).isZero();
        assertThat(choice.get("finish_reason").asText()).isEqualTo("stop");
        assertThat(choice.at("/message/role").asText()).isEqualTo("assistant");
        assertThat(choice.at("/message/content").asText()).contains("Where is the \"harbour\"? And the café?");
        JsonNode usage = body.get("usage");
        assertThat(usage.get("prompt_tokens").asInt()).isEqualTo(12);
        assertThat(usage.get("total_tokens").asInt())
                .isEqualTo(12 + usage.get("completion_tokens").asInt());
        assertThat(usage.at("/prompt_tokens_details/cached_tokens").asInt(-1)).isZero();
    }

    @Test
    void theSamePromptGetsTheSameAnswer() throws Exception {
        assertThat(text(caller.chat("once more"))).isEqualTo(text(caller.chat("once more")));
    }

    @Test
    void scriptedTokensAnswerAndVersionAreGiven() throws Exception {
        simulator.script("""
                {"models":{
                  "fixed":{"answer":"Yes.","input_tokens":342,"cached_tokens":40,"version":"fixed-2026-01-01"},
                  "long":{"output_tokens":156}}}""");
        JsonNode fixed = json(caller.chat("fixed", "hello", ""));
        JsonNode longer = json(caller.chat("long", "hello", ""));

        assertThat(fixed.at("/choices/0/message/content").asText()).isEqualTo("Yes.");
        assertThat(fixed.at("/usage/prompt_tokens").asInt()).isEqualTo(342);
        assertThat(fixed.at("/usage/prompt_tokens_details/cached_tokens").asInt())
                .isEqualTo(40);
        assertThat(fixed.get("model").asText()).isEqualTo("fixed-2026-01-01");
        assertThat(longer.at("/usage/completion_tokens").asInt()).isEqualTo(156);
        assertThat(longer.at("/choices/0/message/content").asText()).hasSize(156 * 4);
    }

    @Test
    void anAnswerThatIsTooLongForTheCallerIsCut() throws Exception {
        JsonNode body = json(caller.chat("sim-small", "hello", ",\"max_tokens\":5"));

        assertThat(body.at("/choices/0/finish_reason").asText()).isEqualTo("length");
        assertThat(body.at("/choices/0/message/content").asText()).hasSize(20);
        assertThat(body.at("/usage/completion_tokens").asInt()).isEqualTo(5);
    }

    @Test
    void whoAsksForJsonGetsJson() throws Exception {
        HttpResponse<String> response =
                caller.chat("sim-small", "hello", ",\"response_format\":{\"type\":\"json_object\"}");

        assertThat(json(text(response)).get("answer").asText()).contains("hello");
    }

    @Test
    void contentInPartsIsRead() throws Exception {
        HttpResponse<String> response = caller.post("/v1/chat/completions", """
                {"messages":[{"content":[{"type":"text","text":"look at "},
                  {"type":"image_url","image_url":{"url":"data:,"}},{"text":"this","type":"text"}],"role":"user"}],
                 "tools":[{"type":"function"}],"model":"anything"}""");

        assertThat(text(response)).contains("look at this");
    }

    @Test
    void aStreamIsTheAnswerInPiecesWithUsageAndAnEnd() throws Exception {
        HttpResponse<String> response =
                caller.chat("sim-small", "hello there", ",\"stream\":true,\"stream_options\":{\"include_usage\":true}");
        List<String> events = response.body()
                .lines()
                .filter(line -> !line.isEmpty())
                .map(line -> line.substring("data: ".length()))
                .toList();

        assertThat(response.headers().firstValue("content-type").orElseThrow()).startsWith("text/event-stream");
        assertThat(events.getLast()).isEqualTo("[DONE]");
        List<JsonNode> chunks =
                events.subList(0, events.size() - 1).stream().map(Caller::json).toList();
        assertThat(chunks).allMatch(chunk -> chunk.get("object").asText().equals("chat.completion.chunk"));
        assertThat(chunks.getFirst().at("/choices/0/delta/role").asText()).isEqualTo("assistant");
        StringBuilder text = new StringBuilder();
        chunks.forEach(chunk -> text.append(chunk.at("/choices/0/delta/content").asText()));
        assertThat(text.toString()).isEqualTo(text(caller.chat("hello there")));
        assertThat(chunks.get(chunks.size() - 2).at("/choices/0/finish_reason").asText())
                .isEqualTo("stop");
        assertThat(chunks.getLast().get("choices")).isEmpty();
        assertThat(chunks.getLast().at("/usage/completion_tokens").asInt()).isPositive();
    }

    @Test
    void aStreamTakesTheTimeThatIsScripted() throws Exception {
        HttpResponse<String> response =
                caller.chat("sim-small", "[[sim latency=300 first_byte=50 output_tokens=40]]", ",\"stream\":true");
        Call call = simulator.calls().getFirst();

        assertThat(response.body()).endsWith("data: [DONE]\n\n").doesNotContain("\"usage\"");
        assertThat(call.endedAt()).isGreaterThanOrEqualTo(call.receivedAt() + 295);
    }

    @Test
    void embeddingsComeAsNumbersOrBase64AndOfTheLengthAskedFor() throws Exception {
        JsonNode floats = json(caller.post(
                "/v1/embeddings", "{\"model\":\"sim-embed\",\"input\":[\"a red ship\",\"taxes\"],\"dimensions\":64}"));
        JsonNode base64 = json(caller.post(
                "/v1/embeddings",
                "{\"model\":\"sim-embed\",\"input\":\"a red ship\",\"dimensions\":64,\"encoding_format\":\"base64\"}"));

        assertThat(floats.get("object").asText()).isEqualTo("list");
        assertThat(floats.get("data")).hasSize(2);
        assertThat(floats.at("/data/1/index").asInt()).isEqualTo(1);
        assertThat(floats.at("/data/0/embedding")).hasSize(64);
        assertThat(floats.at("/usage/prompt_tokens").asInt()).isEqualTo(4);
        byte[] bytes = Base64.getDecoder().decode(base64.at("/data/0/embedding").asText());
        float[] numbers = new float[64];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(numbers);
        for (int i = 0; i < 64; i++) {
            assertThat(numbers[i])
                    .isEqualTo((float) floats.at("/data/0/embedding/" + i).asDouble());
        }
    }

    @Test
    void embeddingsOfTokenNumbersCountThem() throws Exception {
        JsonNode body =
                json(caller.post("/v1/embeddings", "{\"model\":\"sim-embed\",\"input\":[[1,22,333],[44,55,66]]}"));

        assertThat(body.get("data")).hasSize(2);
        assertThat(body.at("/usage/total_tokens").asInt()).isEqualTo(6);
    }

    @Test
    void textsThatShareWordsHaveSimilarEmbeddings() {
        float[] ship = Meaning.vector("the red ship sails today", 256);

        assertThat(dot(ship, Meaning.vector("the red ship sails tomorrow", 256)))
                .isGreaterThan(0.6);
        assertThat(dot(ship, Meaning.vector("quarterly tax filing rules", 256))).isLessThan(0.4);
    }

    @Test
    void modelsAreListedWithTheirPrices() throws Exception {
        simulator.script("{\"models\":{\"mine\":{\"prices\":{\"input\":1,\"cached_input\":0.5,\"output\":2}}}}");
        JsonNode list = json(caller.get("/v1/models"));

        assertThat(list.get("data").findValuesAsText("id"))
                .containsExactly("mine", "sim-embed", "sim-large", "sim-small");
        assertThat(json(caller.get("/v1/models/mine"))
                        .at("/usd_per_million/output")
                        .asDouble())
                .isEqualTo(2.0);
        assertThat(caller.get("/v1/models/other").statusCode()).isEqualTo(404);
    }

    private static double dot(float[] left, float[] right) {
        double sum = 0;
        for (int i = 0; i < left.length; i++) {
            sum += left[i] * right[i];
        }
        return sum;
    }
}
