package dev.longshore.simulator.tongue.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import dev.longshore.simulator.tongue.Ask;
import dev.longshore.simulator.tongue.BadAsk;
import dev.longshore.simulator.tongue.Bodies;
import dev.longshore.simulator.tongue.ChatAnswer;
import dev.longshore.simulator.tongue.Conversation;
import dev.longshore.simulator.tongue.Finish;
import dev.longshore.simulator.tongue.Flow;
import dev.longshore.simulator.tongue.House;
import dev.longshore.simulator.tongue.Json;
import dev.longshore.simulator.tongue.Stamp;
import dev.longshore.simulator.tongue.Tongue;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Set;

/// `generateContent` and `streamGenerateContent`. Fields are read by their names in JSON, and where the API takes them
/// by their names in Protocol Buffers too, by those.
record GeminiContents(House house, String model, boolean stream) implements Tongue<ChatAnswer> {

    @Override
    public String route() {
        return "contents";
    }

    @Override
    public Ask<ChatAnswer> read(HttpServerRequest request, byte[] body) throws BadAsk {
        JsonNode asked = Bodies.object(body);
        if (stream && !"sse".equals(request.getParam("alt"))) {
            throw new BadAsk("Streams are told as server-sent events only: ask with alt=sse.");
        }
        if (!asked.path("contents").isArray() || asked.path("contents").isEmpty()) {
            throw new BadAsk("* GenerateContentRequest.contents: contents is not specified");
        }
        Conversation conversation = new Conversation();
        JsonNode system = either(asked, "systemInstruction", "system_instruction");
        if (!system.isMissingNode()) {
            conversation.said("system", Bodies.text(system.path("parts")));
        }
        asked.path("contents").forEach(content -> content(conversation, content));
        for (JsonNode tool : asked.path("tools")) {
            either(tool, "functionDeclarations", "function_declarations")
                    .forEach(function ->
                            conversation.declare(function.path("name").asText("")));
        }
        if ("NONE".equals(asked.at("/toolConfig/functionCallingConfig/mode").textValue())) {
            conversation.forbidTools();
        }
        JsonNode wanted = either(asked, "generationConfig", "generation_config");
        return conversation.ask(
                model,
                stream,
                true,
                Bodies.limit(either(wanted, "maxOutputTokens", "max_output_tokens")),
                "application/json"
                        .equals(either(wanted, "responseMimeType", "response_mime_type")
                                .textValue()));
    }

    private static JsonNode either(JsonNode object, String name, String other) {
        return object.has(name) ? object.path(name) : object.path(other);
    }

    /// Whoever says nothing of their role is the user, in whose name the results of functions come too.
    private static void content(Conversation conversation, JsonNode content) {
        String text = Bodies.text(content.path("parts"));
        if (content.path("role").asText("user").equals("model")) {
            conversation.said("model", text);
            return;
        }
        boolean results = false;
        for (JsonNode part : content.path("parts")) {
            JsonNode result = either(part, "functionResponse", "function_response");
            if (!result.isMissingNode()) {
                conversation.tool(result.path("response").toString());
                results = true;
            }
        }
        if (!results || !text.isEmpty()) {
            conversation.user(text);
        }
    }

    @Override
    public Buffer whole(ChatAnswer answer, Stamp stamp) {
        return Json.write(new ContentJson(answer, stamp).whole());
    }

    @Override
    public Flow flow(ChatAnswer answer, Stamp stamp) {
        return new ContentJson(answer, stamp).flow();
    }

    @Override
    public Set<Finish> tells() {
        return Set.of(Finish.WITHHELD);
    }
}
