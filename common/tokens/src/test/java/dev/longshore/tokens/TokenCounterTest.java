package dev.longshore.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenCounterTest {
    private final TokenCounter counter = new TokenCounter();

    @Test
    void aMessageCostsItsTextAndALittle() throws IOException {
        // "hello world" is two tokens in o200k_base; four for the message and three for the answer's start.
        assertThat(counter.chat(json("{'messages':[{'role':'user','content':'hello world'}]}")))
                .isEqualTo(9);
    }

    @Test
    void partsImagesAndToolCallsCount() throws IOException {
        int text = counter.chat(json("{'messages':[{'content':[{'type':'text','text':'hello world'}]}]}"));
        int image = counter.chat(json("{'messages':[{'content':[{'type':'image_url','image_url':{}}]}]}"));
        int tools = counter.chat(json("{'messages':[{'tool_calls':[{'function':{'name':'find'}}]}]}"));
        assertThat(text).isEqualTo(9);
        assertThat(image).isEqualTo(92);
        assertThat(tools).isGreaterThan(12);
    }

    @Test
    void anAnswerCountsAllItsChoices() throws IOException {
        String message = "{'message':{'content':'hello world'}}";
        assertThat(counter.answer(json("{'choices':[" + message + "," + message + "]}")))
                .isEqualTo(4);
        assertThat(counter.answer(json("{}"))).isZero();
    }

    @Test
    void embeddingsAddUpOrTheLongestCounts() throws IOException {
        JsonNode two = json("{'input':['hello world','hello']}");
        assertThat(counter.embeddings(two)).isEqualTo(3);
        assertThat(counter.longestEmbedding(two)).isEqualTo(2);
        assertThat(counter.embeddings(json("{'input':'hello world'}"))).isEqualTo(2);
        assertThat(counter.embeddings(json("{'input':[1,2,3]}"))).isEqualTo(3);
        assertThat(counter.embeddings(json("{'input':[[1,2,3],[4]]}"))).isEqualTo(4);
    }

    @Test
    void aTextNeverHasMoreTokensThanBytes() throws IOException {
        Random random = new Random(7);
        for (int i = 0; i < 200; i++) {
            StringBuilder text = new StringBuilder();
            random.ints(1 + random.nextInt(300), 32, 0x2FFF)
                    .filter(point -> point != '"' && point != '\\' && Character.isDefined(point))
                    .forEach(text::appendCodePoint);
            JsonNode input = new ObjectMapper().createObjectNode().put("input", text.toString());
            assertThat(counter.embeddings(input))
                    .isLessThanOrEqualTo(text.toString().getBytes(StandardCharsets.UTF_8).length);
        }
    }

    /// The example of OpenAI's cookbook for counting chats, with the numbers that its API reported.
    @Test
    void aChatCostsWhatOpenAiSaysItDoes() throws IOException {
        JsonNode chat = new ObjectMapper().readTree("""
                {"messages": [
                  {"role": "system", "content": "You are a helpful, pattern-following assistant that translates corporate jargon into plain English."},
                  {"role": "system", "name": "example_user", "content": "New synergies will help drive top-line growth."},
                  {"role": "system", "name": "example_assistant", "content": "Things working well together will increase revenue."},
                  {"role": "system", "name": "example_user", "content": "Let's circle back when we have more bandwidth to touch base on opportunities for increased leverage."},
                  {"role": "system", "name": "example_assistant", "content": "Let's talk later when we're less busy about how to do better."},
                  {"role": "user", "content": "This late pivot means we don't have time to boil the ocean for the client deliverable."}
                ]}
                """);

        assertThat(counter.of("gpt-4o-mini").chat(chat)).isEqualTo(124);
        assertThat(counter.of("gpt-4-0613").chat(chat)).isEqualTo(129);
    }

    @Test
    void eachModelIsCountedByItsOwnTokenizer() throws IOException {
        JsonNode input = json("{'input':'\u304a\u8a95\u751f\u65e5\u304a\u3081\u3067\u3068\u3046'}");

        assertThat(counter.of("text-embedding-3-small").embeddings(input)).isEqualTo(9);
        assertThat(counter.of("gpt-4o").embeddings(input)).isEqualTo(8);
        assertThat(counter.of("claude-haiku-4-5").embeddings(input)).isEqualTo(8);
    }

    @ParameterizedTest
    @CsvSource({
        "gpt-4o, o200k_base",
        "gpt-4o-mini-2024-07-18, o200k_base",
        "GPT-4.1-nano, o200k_base",
        "gpt-5-mini, o200k_base",
        "o1, o200k_base",
        "o3-mini, o200k_base",
        "openai/gpt-4o, o200k_base",
        "ft:gpt-4o-mini-2024-07-18:acme::abc123, o200k_base",
        "gpt-4, cl100k_base",
        "gpt-4-turbo, cl100k_base",
        "gpt-3.5-turbo-0125, cl100k_base",
        "gpt-35-turbo, cl100k_base",
        "ft:gpt-3.5-turbo, cl100k_base",
        "text-embedding-3-large, cl100k_base",
        "claude-haiku-4-5, estimate",
        "gemini-2.5-flash, estimate",
        "meta-llama/Llama-3.1-8B-Instruct, estimate",
        "sim-small, estimate",
        "gpt-40, estimate",
        "gpt-4x, estimate",
        "o1x, estimate",
        "ft:, estimate",
        "openai/, estimate",
        "'', estimate",
    })
    void theMethodIsTheTokenizerOnlyWhereItIsKnown(String model, String method) {
        assertThat(counter.of(model).method()).isEqualTo(method);
    }

    @Test
    void nothingIsKnownOfAModelThatIsNotNamed() {
        assertThat(counter.method()).isEqualTo("estimate");
        assertThat(counter.of("gpt-4o").of("sim-small").method()).isEqualTo("estimate");
    }

    private static JsonNode json(String text) throws IOException {
        return new ObjectMapper().readTree(text.replace('\'', '"'));
    }
}
