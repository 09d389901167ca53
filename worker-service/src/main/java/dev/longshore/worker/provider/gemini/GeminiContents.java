package dev.longshore.worker.provider.gemini;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.worker.provider.DataUri;
import dev.longshore.worker.provider.Inexpressible;
import dev.longshore.worker.provider.chat.ChatMessage;
import dev.longshore.worker.provider.chat.ChatMessage.Asked;
import dev.longshore.worker.provider.chat.ChatMessage.Instruction;
import dev.longshore.worker.provider.chat.ChatMessage.Result;
import dev.longshore.worker.provider.chat.ChatMessage.Said;
import dev.longshore.worker.provider.chat.Part;
import dev.longshore.worker.provider.chat.Part.Attachment;
import dev.longshore.worker.provider.chat.Part.Image;
import dev.longshore.worker.provider.chat.Part.Other;
import dev.longshore.worker.provider.chat.Part.Sound;
import dev.longshore.worker.provider.chat.Part.Text;
import dev.longshore.worker.provider.chat.Sides;
import dev.longshore.worker.provider.chat.ToolCall;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The messages of a chat as contents: system messages apart, and what one side said in a row as one.
final class GeminiContents {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final ObjectMapper json;
    private final ArrayNode system = NODES.arrayNode();
    private final Sides sides = new Sides("parts");

    /// The result of a tool names the call by its id; the API wants the function's name.
    private final Map<String, String> functionsByCall = new HashMap<>();

    GeminiContents(ObjectMapper json) {
        this.json = json;
    }

    void putInto(ObjectNode request) {
        if (!system.isEmpty()) {
            request.putObject("systemInstruction").set("parts", system);
        }
        request.set("contents", sides.messages());
    }

    void addAll(JsonNode chat) throws Inexpressible {
        for (ChatMessage message : ChatMessage.read(chat, GeminiRequest.API)) {
            switch (message) {
                case Instruction(var _, var says) -> parts(system, says);
                case Asked(var says) -> parts(sides.saidBy("user"), says);
                case Result result -> result(result);
                case Said said -> said(sides.saidBy("model"), said);
            }
        }
    }

    private void said(ArrayNode parts, Said said) throws Inexpressible {
        parts(parts, said.says());
        for (ToolCall call : said.calls()) {
            functionsByCall.put(call.id(), call.function());
            ObjectNode part = parts.addObject();
            part.putObject("functionCall")
                    .put("name", call.function())
                    .set("args", call.argumentsAsObject(json, GeminiRequest.API));
            JsonNode signature =
                    call.written().path("extra_content").path("google").path("thought_signature");
            if (signature.isTextual()) {
                part.set("thoughtSignature", signature);
            }
        }
    }

    private void result(Result result) throws Inexpressible {
        String function = functionsByCall.get(result.call());
        if (function == null) {
            throw new Inexpressible(
                    result.at() + "/tool_call_id", "no earlier message made a call '" + result.call() + "'.");
        }
        String text = Part.text(result.says(), result.at() + "/content", "the results of tools", GeminiRequest.API);
        sides.saidBy("user")
                .addObject()
                .putObject("functionResponse")
                .put("name", function)
                .set("response", response(text));
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

    private static void parts(ArrayNode parts, List<Part> says) throws Inexpressible {
        for (Part part : says) {
            switch (part) {
                case Text text -> {
                    if (!text.text().isEmpty()) {
                        parts.addObject().put("text", text.text());
                    }
                }
                case Image image -> {
                    image.mustBeTakenAsItIs(GeminiRequest.API);
                    Optional<DataUri> data = image.data();
                    if (data.isPresent()) {
                        inline(parts, data.get().mediaType(), data.get().base64());
                    } else {
                        parts.addObject().putObject("fileData").put("fileUri", image.url());
                    }
                }
                case Attachment file ->
                    inline(parts, file.data().mediaType(), file.data().base64());
                case Sound sound -> inline(parts, "audio/" + sound.format(), sound.base64());
                case Other other ->
                    throw new Inexpressible(
                            other.at() + "/type", "it is one of text, image_url, input_audio and file.");
            }
        }
    }

    private static void inline(ArrayNode parts, String mediaType, String base64) {
        parts.addObject().putObject("inlineData").put("mimeType", mediaType).put("data", base64);
    }
}
