package dev.longshore.simulator.tongue.openai;

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

/// Tells a response as it grows, each event with its number.
final class ResponseEvents {

    private final ChatAnswer answer;
    private final ResponseJson json;
    private final List<Buffer> events = new ArrayList<>();
    private int number;
    private int outputs;

    ResponseEvents(ChatAnswer answer, Stamp stamp) {
        this.answer = answer;
        this.json = new ResponseJson(answer, stamp);
    }

    Flow flow() {
        tell("response.created", Json.object().set("response", json.open("in_progress")));
        tell("response.in_progress", Json.object().set("response", json.open("in_progress")));
        if (answer.thoughtTokens() > 0) {
            tell("response.output_item.added", output(json.reasoning()));
            tell("response.output_item.done", output(json.reasoning()));
            outputs++;
        }
        if (json.says()) {
            tell("response.output_item.added", output(json.item("in_progress", false)));
            if (answer.finish() == Finish.TOOL) {
                call();
            } else {
                message();
            }
            tell("response.output_item.done", output(json.item("completed", true)));
        }
        return new Flow(events, event("response." + json.status(), Json.object().set("response", json.whole())));
    }

    private void call() {
        for (String piece : Sse.pieces(answer.text())) {
            tell("response.function_call_arguments.delta", item().put("delta", piece));
        }
        tell("response.function_call_arguments.done", item().put("arguments", answer.text()));
    }

    private void message() {
        boolean declined = answer.finish() == Finish.DECLINED;
        String kind = declined ? "response.refusal" : "response.output_text";
        tell("response.content_part.added", content().set("part", json.part(false)));
        for (String piece : Sse.pieces(answer.text())) {
            tell(kind + ".delta", content().put("delta", piece));
        }
        tell(kind + ".done", content().put(declined ? "refusal" : "text", answer.text()));
        tell("response.content_part.done", content().set("part", json.part(true)));
    }

    private ObjectNode output(ObjectNode item) {
        ObjectNode event = Json.object().put("output_index", outputs);
        event.set("item", item);
        return event;
    }

    private ObjectNode item() {
        return Json.object().put("item_id", json.itemId()).put("output_index", outputs);
    }

    private ObjectNode content() {
        return item().put("content_index", 0);
    }

    private void tell(String type, ObjectNode said) {
        events.add(event(type, said));
    }

    private Buffer event(String type, ObjectNode said) {
        ObjectNode event = Json.object().put("type", type);
        event.setAll(said);
        return Sse.named(type, Json.write(event.put("sequence_number", number++)));
    }
}
