package dev.longshore.simulator.tongue.gemini;

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
import org.jspecify.annotations.Nullable;

/// Writes an answer down as one candidate, or none.
final class ContentJson {

    private final ChatAnswer answer;
    private final Stamp stamp;

    ContentJson(ChatAnswer answer, Stamp stamp) {
        this.answer = answer;
        this.stamp = stamp;
    }

    ObjectNode whole() {
        return switch (answer.finish()) {
            case DONE, DECLINED, FAILED -> response(text(answer.text()), "STOP");
            case LENGTH -> response(text(answer.text()), "MAX_TOKENS");
            case TOOL -> response(call(), "STOP");
            case WITHHELD -> {
                ObjectNode blocked = response(null, "");
                blocked.putObject("promptFeedback").put("blockReason", "PROHIBITED_CONTENT");
                yield blocked;
            }
            case NOTHING -> response(null, "");
        };
    }

    /// Only the last chunk says why the answer finishes.
    Flow flow() {
        List<Buffer> pieces = new ArrayList<>();
        boolean speaks = !whole().path("candidates").isEmpty() && answer.finish() != Finish.TOOL;
        if (speaks) {
            for (String piece : Sse.pieces(answer.text())) {
                pieces.add(Sse.data(response(text(piece), "")));
            }
        }
        String reason = whole().at("/candidates/0/finishReason").asText("");
        return new Flow(pieces, Sse.data(speaks ? response(text(""), reason) : whole()));
    }

    private ObjectNode response(@Nullable ObjectNode part, String finishReason) {
        ObjectNode response = Json.object();
        if (part != null) {
            ObjectNode candidate = response.putArray("candidates").addObject();
            candidate
                    .putObject("content")
                    .put("role", "model")
                    .putArray("parts")
                    .add(part);
            if (!finishReason.isEmpty()) {
                candidate.put("finishReason", finishReason);
            }
            candidate.put("index", 0);
        }
        response.set("usageMetadata", usage());
        return response.put("modelVersion", answer.model()).put("responseId", stamp.id());
    }

    private static ObjectNode text(String text) {
        return Json.object().put("text", text);
    }

    private ObjectNode call() {
        ObjectNode part = Json.object();
        part.putObject("functionCall").put("name", answer.tool()).set("args", Json.asObject(answer.text()));
        return part;
    }

    /// Thoughts are counted apart from what is said.
    private ObjectNode usage() {
        ObjectNode usage = Json.object().put("promptTokenCount", answer.inputTokens());
        if (answer.cachedTokens() > 0) {
            usage.put("cachedContentTokenCount", answer.cachedTokens());
        }
        usage.put("candidatesTokenCount", answer.outputTokens() - answer.thoughtTokens());
        if (answer.thoughtTokens() > 0) {
            usage.put("thoughtsTokenCount", answer.thoughtTokens());
        }
        return usage.put("totalTokenCount", answer.totalTokens());
    }
}
