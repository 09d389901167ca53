package dev.longshore.worker.provider.anthropic;

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
import java.util.List;
import java.util.Optional;

/// The messages of a chat as the Messages API wants them: system messages apart and first, as Anthropic's own
/// layer for OpenAI's clients does it, and what one side said in a row as one message.
final class AnthropicMessages {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final ObjectMapper json;
    private final ArrayNode system = NODES.arrayNode();
    private final Sides sides = new Sides("content");

    AnthropicMessages(ObjectMapper json) {
        this.json = json;
    }

    void putInto(ObjectNode request) {
        if (!system.isEmpty()) {
            request.set("system", system);
        }
        request.set("messages", sides.messages());
    }

    void addAll(JsonNode chat) throws Inexpressible {
        for (ChatMessage message : ChatMessage.read(chat, AnthropicRequest.API)) {
            switch (message) {
                case Instruction(var _, var says) -> blocks(system, says);
                case Asked(var says) -> blocks(sides.saidBy("user"), says);
                case Result(var call, var says, var _) -> {
                    ObjectNode result = sides.saidBy("user").addObject().put("type", "tool_result");
                    blocks(result.put("tool_use_id", call).putArray("content"), says);
                }
                case Said said -> said(sides.saidBy("assistant"), said);
            }
        }
    }

    private void said(ArrayNode blocks, Said said) throws Inexpressible {
        // As an earlier answer of ours carried it: with tools, the API wants its own thoughts back.
        said.written().path("thinking_blocks").forEach(blocks::add);
        blocks(blocks, said.says());
        for (ToolCall call : said.calls()) {
            blocks.addObject()
                    .put("type", "tool_use")
                    .put("id", call.id())
                    .put("name", call.function())
                    .set("input", call.argumentsAsObject(json, AnthropicRequest.API));
        }
    }

    private static void blocks(ArrayNode blocks, List<Part> says) throws Inexpressible {
        for (Part part : says) {
            switch (part) {
                // Text is the same in both, with `cache_control` or without.
                case Text text -> blocks.add(text.written());
                case Image image -> blocks.add(image(image));
                case Attachment file -> blocks.add(document(file));
                case Sound sound ->
                    throw new Inexpressible(
                            sound.at(), "Anthropic's models do not hear; they take text, images and PDFs.");
                // It is Anthropic's own.
                case Other other -> blocks.add(other.written());
            }
        }
    }

    private static ObjectNode image(Image image) throws Inexpressible {
        image.mustBeTakenAsItIs(AnthropicRequest.API);
        Optional<DataUri> data = image.data();
        ObjectNode block = NODES.objectNode().put("type", "image");
        block.set(
                "source",
                data.isPresent()
                        ? base64(data.get())
                        : NODES.objectNode().put("type", "url").put("url", image.url()));
        return block;
    }

    private static ObjectNode document(Attachment attachment) throws Inexpressible {
        ObjectNode block = NODES.objectNode().put("type", "document");
        block.set("source", base64(attachment.data()));
        if (attachment.file().hasNonNull("filename")) {
            block.set("title", attachment.file().path("filename"));
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
