package dev.longshore.worker.provider.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.worker.provider.Heard;
import dev.longshore.worker.provider.SseEvent;
import dev.longshore.worker.provider.StreamReader;
import dev.longshore.worker.provider.chat.GrowingTexts;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Puts the chunks of a chat completion together, each choice by its number, and each of its calls to tools by its own.
/// Fields that only one server has come along.
final class OpenAiStream implements StreamReader {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /// Fields whose pieces are parts of one text; any other is whole each time it comes.
    private static final Set<String> GROWING =
            Set.of("content", "refusal", "reasoning_content", "reasoning", "arguments", "transcript", "data");

    /// Those of them that are counted as output, letter by letter.
    private static final Set<String> PRODUCED =
            Set.of("content", "refusal", "reasoning_content", "reasoning", "arguments");

    /// Fields of a chunk that are not those of the whole.
    private static final Set<String> PUT_TOGETHER = Set.of("object", "choices");

    private final ObjectMapper json;
    private final GrowingTexts texts = new GrowingTexts();
    private final ObjectNode completion = NODES.objectNode().put("object", "chat.completion");
    private final SortedMap<Integer, ObjectNode> choices = new TreeMap<>();
    private final Map<ObjectNode, SortedMap<Integer, ObjectNode>> callsByMessage = new IdentityHashMap<>();
    private JsonNode whole = MissingNode.getInstance();
    private boolean over;

    OpenAiStream(ObjectMapper json) {
        this.json = json;
    }

    @Override
    public String read(SseEvent event) throws JsonProcessingException {
        if (event.data().equals("[DONE]")) {
            end();
            return "";
        }
        JsonNode chunk = event.json(json);
        if (chunk.hasNonNull("error")) {
            whole = chunk;
            over = true;
            return "";
        }
        chunk.properties().forEach(field -> {
            if (!field.getValue().isNull() && !PUT_TOGETHER.contains(field.getKey())) {
                completion.set(field.getKey(), field.getValue());
            }
        });
        String said = "";
        for (JsonNode part : chunk.path("choices")) {
            int index = part.path("index").asInt();
            choice(choices.computeIfAbsent(index, OpenAiStream::choice), part);
            said += index == 0 ? part.path("delta").path("content").asText("") : "";
        }
        return said;
    }

    @Override
    public boolean isOver() {
        return over;
    }

    @Override
    public JsonNode whole() {
        return whole;
    }

    /// Most servers tell what was used with the last chunk only.
    @Override
    public Heard heard() {
        return new Heard(OpenAiAnswers.told(completion), texts.all(PRODUCED));
    }

    private void end() {
        over = true;
        if (choices.values().stream().allMatch(choice -> choice.hasNonNull("finish_reason"))) {
            texts.settle();
            callsByMessage.forEach(OpenAiStream::putCalls);
            ArrayNode all = completion.putArray("choices");
            choices.values().forEach(all::add);
            whole = completion;
        }
    }

    private static void putCalls(ObjectNode message, SortedMap<Integer, ObjectNode> calls) {
        ArrayNode all = message.putArray("tool_calls");
        calls.values().forEach(all::add);
        if (message.path("content").asText("").isEmpty()) {
            // A stream may begin with an empty text before it is known that none will come.
            message.putNull("content");
        }
    }

    private static ObjectNode choice(int index) {
        ObjectNode choice = NODES.objectNode().put("index", index);
        choice.putObject("message").put("role", "assistant").putNull("content").putNull("refusal");
        return choice.putNull("logprobs").putNull("finish_reason");
    }

    private void choice(ObjectNode choice, JsonNode part) {
        part.properties().forEach(field -> {
            if (field.getKey().equals("delta")) {
                message((ObjectNode) choice.path("message"), field.getValue());
            } else {
                merge(choice, field.getKey(), field.getValue());
            }
        });
    }

    private void message(ObjectNode message, JsonNode delta) {
        delta.properties().forEach(field -> {
            if (field.getKey().equals("tool_calls")) {
                field.getValue().forEach(call -> call(message, call));
            } else {
                merge(message, field.getKey(), field.getValue());
            }
        });
    }

    private void call(ObjectNode message, JsonNode part) {
        SortedMap<Integer, ObjectNode> calls = callsByMessage.computeIfAbsent(message, _ -> new TreeMap<>());
        // Servers that send each call at once may leave out its number.
        int last = calls.isEmpty() ? 0 : calls.lastKey();
        int next = calls.isEmpty() ? 0 : last + 1;
        int index = part.path("index").asInt(part.hasNonNull("id") ? next : last);
        ObjectNode call = calls.computeIfAbsent(index, _ -> NODES.objectNode().put("type", "function"));
        part.properties().forEach(field -> {
            if (!field.getKey().equals("index")) {
                merge(call, field.getKey(), field.getValue());
            }
        });
    }

    private void merge(ObjectNode into, String field, JsonNode value) {
        JsonNode there = into.path(field);
        switch (value) {
            case ObjectNode object -> {
                ObjectNode inner = there instanceof ObjectNode already ? already : into.putObject(field);
                object.properties().forEach(part -> merge(inner, part.getKey(), part.getValue()));
            }
            case ArrayNode array -> (there instanceof ArrayNode already ? already : into.putArray(field)).addAll(array);
            default -> {
                if (value.isTextual() && GROWING.contains(field)) {
                    texts.add(into, field, value.textValue());
                } else if (!value.isNull() && !(value.asText().isEmpty() && into.hasNonNull(field))) {
                    into.set(field, value);
                }
            }
        }
    }
}
