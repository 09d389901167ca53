package dev.longshore.worker.provider.anthropic;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.worker.provider.DataUri;
import dev.longshore.worker.provider.Inexpressible;
import java.util.Optional;

/// The messages of a chat as the Messages API wants them: system messages apart and first, as Anthropic's own
/// layer for OpenAI's clients does it, and what one side said in a row as one message.
final class AnthropicMessages {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final ObjectMapper json;
    private final ArrayNode system = NODES.arrayNode();
    private final ArrayNode messages = NODES.arrayNode();

    AnthropicMessages(ObjectMapper json) {
        this.json = json;
    }

    void putInto(ObjectNode request) {
        if (!system.isEmpty()) {
            request.set("system", system);
        }
        request.set("messages", messages);
    }

    void addAll(JsonNode chat) throws Inexpressible {
        for (int i = 0; i < chat.size(); i++) {
            add(chat.get(i), "/messages/" + i);
        }
    }

    private void add(JsonNode message, String at) throws Inexpressible {
        if (message.hasNonNull("name")) {
            throw new Inexpressible(at + "/name", "Anthropic's API knows no names of those who speak.");
        }
        JsonNode content = message.path("content");
        switch (message.path("role").asText("")) {
            case "system", "developer" -> blocks(system, content, at + "/content");
            case "user" -> blocks(from("user"), content, at + "/content");
            case "tool" -> {
                ObjectNode result = from("user").addObject().put("type", "tool_result");
                result.set("tool_use_id", message.path("tool_call_id"));
                blocks(result.putArray("content"), content, at + "/content");
            }
            case "assistant" -> said(from("assistant"), message, at);
            default ->
                throw new Inexpressible(
                        at + "/role", "it is one of 'system', 'developer', 'user', 'assistant' and 'tool'.");
        }
    }

    /// The blocks of the message that is being gathered, a new one if somebody else speaks now.
    private ArrayNode from(String role) {
        JsonNode last = messages.path(messages.size() - 1);
        if (role.equals(last.path("role").textValue())) {
            return (ArrayNode) last.path("content");
        }
        return messages.addObject().put("role", role).putArray("content");
    }

    private void said(ArrayNode blocks, JsonNode message, String at) throws Inexpressible {
        if (message.hasNonNull("function_call")) {
            throw new Inexpressible(at + "/function_call", "use 'tool_calls', which have taken its place.");
        }
        if (message.hasNonNull("audio")) {
            throw new Inexpressible(at + "/audio", "Anthropic's models do not speak.");
        }
        // As an earlier answer of ours carried it: with tools, the API wants its own thoughts back.
        message.path("thinking_blocks").forEach(blocks::add);
        blocks(blocks, message.path("content"), at + "/content");
        if (message.hasNonNull("refusal")) {
            text(blocks, message.path("refusal").asText());
        }
        JsonNode calls = message.path("tool_calls");
        for (int i = 0; i < calls.size(); i++) {
            JsonNode call = calls.get(i);
            ObjectNode block = blocks.addObject().put("type", "tool_use");
            block.set("id", call.path("id"));
            block.set("name", call.path("function").path("name"));
            block.set("input", arguments(call, at + "/tool_calls/" + i + "/function/arguments"));
        }
    }

    private JsonNode arguments(JsonNode call, String at) throws Inexpressible {
        String arguments = call.path("function").path("arguments").asText("");
        try {
            JsonNode parsed = arguments.isBlank() ? NODES.objectNode() : json.readTree(arguments);
            if (parsed.isObject()) {
                return parsed;
            }
        } catch (JsonProcessingException _) {
            // Told below.
        }
        throw new Inexpressible(at, "Anthropic's API takes a JSON object.");
    }

    private static void blocks(ArrayNode blocks, JsonNode content, String at) throws Inexpressible {
        if (content.isTextual()) {
            text(blocks, content.textValue());
            return;
        }
        for (int i = 0; i < content.size(); i++) {
            JsonNode part = content.get(i);
            String where = at + "/" + i;
            switch (part.path("type").asText("")) {
                case "image_url" -> blocks.add(image(part.path("image_url"), where + "/image_url"));
                case "file" -> blocks.add(document(part.path("file"), where + "/file"));
                case "refusal" -> text(blocks, part.path("refusal").asText());
                case "input_audio" ->
                    throw new Inexpressible(where, "Anthropic's models do not hear; they take text, images and PDFs.");
                // Text is the same in both, with `cache_control` or without; whatever else it is, is Anthropic's own.
                default -> blocks.add(part);
            }
        }
    }

    /// Empty text says nothing, and the API refuses it.
    private static void text(ArrayNode blocks, String text) {
        if (!text.isEmpty()) {
            blocks.addObject().put("type", "text").put("text", text);
        }
    }

    private static ObjectNode image(JsonNode image, String at) throws Inexpressible {
        if (image.hasNonNull("detail") && !"auto".equals(image.path("detail").textValue())) {
            throw new Inexpressible(at + "/detail", "Anthropic's API takes images as they are.");
        }
        String url = image.path("url").asText("");
        Optional<DataUri> data = DataUri.read(url);
        ObjectNode block = NODES.objectNode().put("type", "image");
        block.set(
                "source",
                data.isPresent()
                        ? base64(data.get())
                        : NODES.objectNode().put("type", "url").put("url", url));
        return block;
    }

    private static ObjectNode document(JsonNode file, String at) throws Inexpressible {
        Optional<DataUri> data = DataUri.read(file.path("file_data").asText(""));
        if (data.isEmpty()) {
            throw new Inexpressible(
                    at, "a file must be inside the request, as 'file_data' with a data URI: its id is another's.");
        }
        ObjectNode block = NODES.objectNode().put("type", "document");
        block.set("source", base64(data.get()));
        if (file.hasNonNull("filename")) {
            block.set("title", file.path("filename"));
        }
        return block;
    }

    private static ObjectNode base64(DataUri data) {
        return NODES.objectNode()
                .put("type", "base64")
                .put("media_type", data.mediaType())
                .put("data", data.base64());
    }
}
