package dev.longshore.worker.provider.gemini;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.worker.provider.DataUri;
import dev.longshore.worker.provider.Inexpressible;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The messages of a chat as contents: system messages apart, and what one side said in a row as one.
final class GeminiContents {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final ObjectMapper json;
    private final ArrayNode system = NODES.arrayNode();
    private final ArrayNode contents = NODES.arrayNode();

    /// The result of a tool names the call by its id; the API wants the function's name.
    private final Map<String, String> functionsByCall = new HashMap<>();

    GeminiContents(ObjectMapper json) {
        this.json = json;
    }

    void putInto(ObjectNode request) {
        if (!system.isEmpty()) {
            request.putObject("systemInstruction").set("parts", system);
        }
        request.set("contents", contents);
    }

    void addAll(JsonNode chat) throws Inexpressible {
        for (int i = 0; i < chat.size(); i++) {
            add(chat.get(i), "/messages/" + i);
        }
    }

    private void add(JsonNode message, String at) throws Inexpressible {
        if (message.hasNonNull("name")) {
            throw new Inexpressible(at + "/name", "Google's API knows no names of those who speak.");
        }
        JsonNode content = message.path("content");
        switch (message.path("role").asText("")) {
            case "system", "developer" -> parts(system, content, at + "/content");
            case "user" -> parts(from("user"), content, at + "/content");
            case "tool" -> result(message, at);
            case "assistant" -> said(from("model"), message, at);
            default ->
                throw new Inexpressible(
                        at + "/role", "it is one of 'system', 'developer', 'user', 'assistant' and 'tool'.");
        }
    }

    private ArrayNode from(String role) {
        JsonNode last = contents.path(contents.size() - 1);
        if (role.equals(last.path("role").textValue())) {
            return (ArrayNode) last.path("parts");
        }
        return contents.addObject().put("role", role).putArray("parts");
    }

    private void said(ArrayNode parts, JsonNode message, String at) throws Inexpressible {
        if (message.hasNonNull("function_call")) {
            throw new Inexpressible(at + "/function_call", "use 'tool_calls', which have taken its place.");
        }
        if (message.hasNonNull("audio")) {
            throw new Inexpressible(at + "/audio", "an earlier answer in sound cannot be sent back to this API.");
        }
        parts(parts, message.path("content"), at + "/content");
        if (message.hasNonNull("refusal")) {
            text(parts, message.path("refusal").asText());
        }
        JsonNode calls = message.path("tool_calls");
        for (int i = 0; i < calls.size(); i++) {
            JsonNode call = calls.get(i);
            JsonNode function = call.path("function");
            functionsByCall.put(call.path("id").asText(), function.path("name").asText());
            ObjectNode part = parts.addObject();
            ObjectNode made = part.putObject("functionCall");
            made.set("name", function.path("name"));
            made.set(
                    "args",
                    object(function.path("arguments").asText(""), at + "/tool_calls/" + i + "/function/arguments"));
            JsonNode signature = call.path("extra_content").path("google").path("thought_signature");
            if (signature.isTextual()) {
                part.set("thoughtSignature", signature);
            }
        }
    }

    private JsonNode object(String arguments, String at) throws Inexpressible {
        try {
            JsonNode parsed = arguments.isBlank() ? NODES.objectNode() : json.readTree(arguments);
            if (parsed.isObject()) {
                return parsed;
            }
        } catch (JsonProcessingException _) {
            // Told below.
        }
        throw new Inexpressible(at, "Google's API takes a JSON object.");
    }

    private void result(JsonNode message, String at) throws Inexpressible {
        String call = message.path("tool_call_id").asText();
        String function = functionsByCall.get(call);
        if (function == null) {
            throw new Inexpressible(at + "/tool_call_id", "no earlier message made a call '" + call + "'.");
        }
        StringBuilder text = new StringBuilder();
        JsonNode content = message.path("content");
        if (content.isTextual()) {
            text.append(content.textValue());
        }
        for (JsonNode part : content) {
            if (!"text".equals(part.path("type").textValue())) {
                throw new Inexpressible(at + "/content", "Google's API takes the results of tools as text.");
            }
            text.append(part.path("text").asText());
        }
        ObjectNode response =
                from("user").addObject().putObject("functionResponse").put("name", function);
        response.set("response", response(text.toString()));
    }

    /// A result that is a JSON object is one; anything else becomes one.
    private JsonNode response(String text) {
        try {
            JsonNode parsed = json.readTree(text);
            if (parsed.isObject()) {
                return parsed;
            }
        } catch (JsonProcessingException _) {
            // It is text.
        }
        return NODES.objectNode().put("result", text);
    }

    private static void parts(ArrayNode parts, JsonNode content, String at) throws Inexpressible {
        if (content.isTextual()) {
            text(parts, content.textValue());
            return;
        }
        for (int i = 0; i < content.size(); i++) {
            JsonNode part = content.get(i);
            String where = at + "/" + i;
            switch (part.path("type").asText("")) {
                case "text" -> text(parts, part.path("text").asText());
                case "refusal" -> text(parts, part.path("refusal").asText());
                case "image_url" -> {
                    JsonNode image = part.path("image_url");
                    if (image.hasNonNull("detail")
                            && !"auto".equals(image.path("detail").textValue())) {
                        throw new Inexpressible(where + "/image_url/detail", "Google's API takes images as they are.");
                    }
                    parts.add(media(image.path("url").asText("")));
                }
                case "file" -> parts.add(file(part.path("file"), where + "/file"));
                case "input_audio" -> parts.add(audio(part.path("input_audio")));
                default ->
                    throw new Inexpressible(where + "/type", "it is one of text, image_url, input_audio and file.");
            }
        }
    }

    private static void text(ArrayNode parts, String text) {
        if (!text.isEmpty()) {
            parts.addObject().put("text", text);
        }
    }

    private static ObjectNode media(String url) {
        Optional<DataUri> data = DataUri.read(url);
        ObjectNode part = NODES.objectNode();
        if (data.isPresent()) {
            inline(part, data.get().mediaType(), data.get().base64());
        } else {
            part.putObject("fileData").put("fileUri", url);
        }
        return part;
    }

    private static ObjectNode file(JsonNode file, String at) throws Inexpressible {
        Optional<DataUri> data = DataUri.read(file.path("file_data").asText(""));
        if (data.isEmpty()) {
            throw new Inexpressible(
                    at, "a file must be inside the request, as 'file_data' with a data URI: its id is another's.");
        }
        return inline(NODES.objectNode(), data.get().mediaType(), data.get().base64());
    }

    private static ObjectNode audio(JsonNode audio) {
        String format = audio.path("format").asText("wav").toLowerCase(Locale.ROOT);
        return inline(NODES.objectNode(), "audio/" + format, audio.path("data").asText());
    }

    private static ObjectNode inline(ObjectNode part, String mediaType, String base64) {
        part.putObject("inlineData").put("mimeType", mediaType).put("data", base64);
        return part;
    }
}
