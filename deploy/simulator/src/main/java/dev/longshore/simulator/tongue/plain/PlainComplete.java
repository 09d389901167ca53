package dev.longshore.simulator.tongue.plain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.simulator.tongue.Ask;
import dev.longshore.simulator.tongue.BadAsk;
import dev.longshore.simulator.tongue.Bodies;
import dev.longshore.simulator.tongue.ChatAnswer;
import dev.longshore.simulator.tongue.Conversation;
import dev.longshore.simulator.tongue.Finish;
import dev.longshore.simulator.tongue.House;
import dev.longshore.simulator.tongue.Json;
import dev.longshore.simulator.tongue.Stamp;
import dev.longshore.simulator.tongue.Tongue;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/// One prompt, one text.
record PlainComplete(House house) implements Tongue<ChatAnswer> {

    /// The model of those who name none.
    private static final String MODEL = "plain";

    @Override
    public String route() {
        return "plain";
    }

    @Override
    public Ask<ChatAnswer> read(HttpServerRequest request, byte[] body) throws BadAsk {
        JsonNode asked = Bodies.object(body);
        if (!asked.path("prompt").isTextual()) {
            throw new BadAsk("A prompt is needed, as a text.");
        }
        Conversation conversation = new Conversation();
        conversation.user(asked.path("prompt").textValue());
        int most = Bodies.limit(asked.path("max_tokens"));
        return conversation.ask(asked.path("model").asText(MODEL), false, false, most, false);
    }

    @Override
    public Buffer whole(ChatAnswer answer, Stamp stamp) {
        ObjectNode json = Json.object();
        ObjectNode output = json.putObject("output");
        if (answer.finish() != Finish.NOTHING) {
            output.put("text", answer.text());
            output.putObject("tokens").put("in", answer.inputTokens()).put("out", answer.outputTokens());
        }
        return Json.write(json);
    }
}
