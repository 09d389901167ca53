package dev.longshore.worker.provider.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import dev.longshore.worker.provider.chat.ToolCall;
import java.util.List;

/// The messages of a chat as input items, each where it was said: calls to tools and their results are items of
/// their own.
final class ResponsesInput {
    /// Where thoughts of an answer come back, encrypted by OpenAI, to be sent again with the results of tools.
    static final String REASONING_ITEMS = "reasoning_items";

    private ResponsesInput() {}

    static ArrayNode of(JsonNode chat) throws Inexpressible {
        ArrayNode items = JsonNodeFactory.instance.arrayNode();
        List<ChatMessage> messages = ChatMessage.read(chat, ResponsesRequest.API);
        for (int i = 0; i < messages.size(); i++) {
            switch (messages.get(i)) {
                case Instruction(var role, var says) -> content(items.addObject(), role, says);
                case Asked(var says) -> content(items.addObject(), "user", says);
                case Said said -> said(items, said, "/messages/" + i);
                case Result(var call, var says, var at) ->
                    items.addObject()
                            .put("type", "function_call_output")
                            .put("call_id", call)
                            .put(
                                    "output",
                                    Part.text(says, at + "/content", "the results of tools", ResponsesRequest.API));
            }
        }
        return items;
    }

    private static void said(ArrayNode items, Said said, String at) throws Inexpressible {
        said.written().path(REASONING_ITEMS).forEach(items::add);
        String text = Part.text(said.says(), at + "/content", "what a model said", ResponsesRequest.API);
        if (!text.isEmpty()) {
            items.addObject().put("role", "assistant").put("content", text);
        }
        for (ToolCall call : said.calls()) {
            items.addObject()
                    .put("type", "function_call")
                    .put("call_id", call.id())
                    .put("name", call.function())
                    .put("arguments", call.arguments().isBlank() ? "{}" : call.arguments());
        }
    }

    private static void content(ObjectNode message, String role, List<Part> says) throws Inexpressible {
        ArrayNode content = message.put("role", role).putArray("content");
        for (Part part : says) {
            switch (part) {
                case Text(var text, var _, var _) ->
                    content.addObject().put("type", "input_text").put("text", text);
                case Image(var url, var detail, var _) ->
                    content.addObject()
                            .put("type", "input_image")
                            .put("image_url", url)
                            .put("detail", detail);
                case Attachment(var file, var _) -> {
                    ObjectNode attached = content.addObject().put("type", "input_file");
                    file.properties().forEach(field -> attached.set(field.getKey(), field.getValue()));
                }
                case Sound sound ->
                    throw new Inexpressible(sound.at(), ResponsesRequest.API.name() + " takes no sound.");
                // One of this API's own.
                case Other(var written, var _) -> content.add(written);
            }
        }
    }
}
