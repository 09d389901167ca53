package dev.longshore.worker.provider.anthropic;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.worker.provider.Heard;
import dev.longshore.worker.provider.SseEvent;
import dev.longshore.worker.provider.StreamReader;
import dev.longshore.worker.provider.chat.GrowingTexts;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Puts a streamed Message together: it starts without content, each block of which comes in pieces.
final class AnthropicStream implements StreamReader {
    /// Where the pieces of the input of a tool wait until they are all there. No field of the API.
    private static final String PARTIAL = "partial_json";

    /// What is counted as output, letter by letter.
    private static final Set<String> PRODUCED = Set.of("text", "thinking", PARTIAL);

    private final ObjectMapper json;
    private final GrowingTexts texts = new GrowingTexts();
    private final SortedMap<Integer, ObjectNode> blocks = new TreeMap<>();
    private final ObjectNode message;
    private JsonNode whole = MissingNode.getInstance();

    AnthropicStream(ObjectMapper json) {
        this.json = json;
        message = json.createObjectNode();
    }

    @Override
    public String read(SseEvent event) throws JsonProcessingException {
        JsonNode data = event.json(json);
        switch (data.path("type").asText(event.type())) {
            case "message_start" -> put(message, data.path("message"));
            case "content_block_start" -> put(block(data), data.path("content_block"));
            case "content_block_delta" -> {
                return delta(block(data), data.path("delta"));
            }
            case "message_delta" -> {
                put(message, data.path("delta"));
                // Counts are of the whole message so far; those that did not change may be left out.
                put(message.withObject("/usage"), data.path("usage"));
            }
            case "message_stop" -> whole = message();
            case "error" -> whole = data;
            default -> {
                // A ping, or something newer than this.
            }
        }
        return "";
    }

    @Override
    public JsonNode whole() {
        return whole;
    }

    /// The input is told at the start, the output at the end.
    @Override
    public Heard heard() {
        JsonNode usage = message.path("usage");
        return new Heard(usage.has("input_tokens") ? AnthropicAnswers.usage(usage) : null, texts.all(PRODUCED));
    }

    private ObjectNode block(JsonNode data) {
        return blocks.computeIfAbsent(data.path("index").asInt(), _ -> json.createObjectNode());
    }

    private static void put(ObjectNode into, JsonNode values) {
        values.properties().forEach(field -> {
            if (!field.getValue().isNull()) {
                into.set(field.getKey(), field.getValue());
            }
        });
    }

    /// @return what the model says with it
    private String delta(ObjectNode block, JsonNode delta) {
        switch (delta.path("type").asText("")) {
            case "text_delta" -> {
                texts.add(block, "text", delta.path("text").asText(""));
                return delta.path("text").asText("");
            }
            case "thinking_delta" ->
                texts.add(block, "thinking", delta.path("thinking").asText(""));
            case "signature_delta" ->
                texts.add(block, "signature", delta.path("signature").asText(""));
            case "input_json_delta" ->
                texts.add(block, PARTIAL, delta.path("partial_json").asText(""));
            case "citations_delta" -> {
                if (block.path("citations") instanceof ArrayNode citations) {
                    citations.add(delta.path("citation"));
                } else {
                    block.putArray("citations").add(delta.path("citation"));
                }
            }
            default -> {
                // Something newer than this.
            }
        }
        return "";
    }

    private ObjectNode message() {
        texts.settle();
        ArrayNode content = message.putArray("content");
        for (ObjectNode block : blocks.values()) {
            JsonNode input = block.remove(PARTIAL);
            if (input != null && !input.textValue().isEmpty()) {
                block.set("input", input(input));
            }
            content.add(block);
        }
        return message;
    }

    /// Where the model ran out of tokens, its input may be cut off: it stays the text that it is, as OpenAI's does.
    private JsonNode input(JsonNode text) {
        try {
            return json.readTree(text.textValue());
        } catch (JsonProcessingException _) {
            return text;
        }
    }
}
