package dev.longshore.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

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

    private static JsonNode json(String text) throws IOException {
        return new ObjectMapper().readTree(text.replace('\'', '"'));
    }
}
