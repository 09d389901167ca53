package dev.longshore.simulator.tongue.anthropic;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.simulator.tongue.ChatAnswer;
import dev.longshore.simulator.tongue.Finish;
import dev.longshore.simulator.tongue.Flow;
import dev.longshore.simulator.tongue.Json;
import dev.longshore.simulator.tongue.Sse;
import dev.longshore.simulator.tongue.Stamp;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/// Tells a message block by block.
final class MessageEvents {

    private final ChatAnswer answer;
    private final MessageJson json;
    private final List<Buffer> events = new ArrayList<>();
    private int block;

    MessageEvents(ChatAnswer answer, Stamp stamp) {
        this.answer = answer;
        this.json = new MessageJson(answer, stamp);
    }

    Flow flow() {
        tell("message_start", Json.object().set("message", json.open()));
        if (json.thinks()) {
            start(json.thinking("", ""));
            for (String piece : Sse.pieces(answer.thoughts())) {
                delta(Json.object().put("type", "thinking_delta").put("thinking", piece));
            }
            delta(Json.object().put("type", "signature_delta").put("signature", json.signature()));
            stop();
        }
        if (json.says()) {
            boolean calls = answer.finish() == Finish.TOOL;
            start(calls ? json.toolUse(Json.object()) : json.text(""));
            for (String piece : Sse.pieces(answer.text())) {
                delta(
                        calls
                                ? Json.object().put("type", "input_json_delta").put("partial_json", piece)
                                : Json.object().put("type", "text_delta").put("text", piece));
            }
            stop();
        }
        ObjectNode last = Json.object();
        last.putObject("delta").put("stop_reason", json.stopReason()).putNull("stop_sequence");
        last.set("usage", json.usage(answer.outputTokens()));
        tell("message_delta", last);
        return new Flow(events, event("message_stop", Json.object()));
    }

    private void start(ObjectNode empty) {
        tell("content_block_start", index().set("content_block", empty));
        if (block == 0) {
            tell("ping", Json.object());
        }
    }

    private void delta(ObjectNode delta) {
        tell("content_block_delta", index().set("delta", delta));
    }

    private void stop() {
        tell("content_block_stop", index());
        block++;
    }

    private ObjectNode index() {
        return Json.object().put("index", block);
    }

    private void tell(String type, ObjectNode said) {
        events.add(event(type, said));
    }

    private static Buffer event(String type, ObjectNode said) {
        ObjectNode event = Json.object().put("type", type);
        event.setAll(said);
        return Sse.named(type, Json.write(event));
    }
}
