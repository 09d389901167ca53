package dev.longshore.simulator.tongue.openai;

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

/// Writes chat answers as OpenAI does, whole or as a stream of events.
final class ChatJson {

    private static final Buffer DONE = Buffer.buffer("data: [DONE]\n\n");

    private static final String FINGERPRINT = "fp_paper";

    private ChatJson() {}

    static Buffer whole(ChatAnswer answer, Stamp stamp) {
        StringBuilder json = new StringBuilder(512);
        head(json, "chat.completion", answer, stamp).append(",\"choices\":[");
        if (answer.finish() != Finish.NOTHING) {
            json.append("{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":");
            Json.nullable(json, speaks(answer) ? answer.text() : null).append(",\"refusal\":");
            Json.nullable(json, answer.finish() == Finish.DECLINED ? answer.text() : null)
                    .append(",\"annotations\":[]");
            if (answer.finish() == Finish.TOOL) {
                call(json.append(",\"tool_calls\":[{"), answer, stamp, answer.text())
                        .append("}]");
            }
            json.append("},\"logprobs\":null,\"finish_reason\":");
            Json.quote(json, finishReason(answer)).append('}');
        }
        json.append("],");
        usage(json, answer).append(",\"service_tier\":\"default\",\"system_fingerprint\":\"" + FINGERPRINT + "\"}");
        return Buffer.buffer(json.toString());
    }

    /// One event a piece: role, pieces of text, finish, usage if it was asked for.
    static Flow flow(ChatAnswer answer, Stamp stamp) {
        StringBuilder head = new StringBuilder(160);
        head(head.append("data: "), "chat.completion.chunk", answer, stamp);
        head.append(",\"service_tier\":\"default\",\"system_fingerprint\":\"" + FINGERPRINT + "\",\"choices\":[");
        boolean includeUsage = answer.ask().includeUsage();
        String tail = includeUsage ? "],\"usage\":null}\n\n" : "]}\n\n";
        List<Buffer> events = new ArrayList<>();
        if (answer.finish() != Finish.NOTHING) {
            events.add(event(head, delta("{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}", null), tail));
            if (answer.finish() == Finish.TOOL) {
                StringBuilder opening = new StringBuilder("{\"tool_calls\":[{\"index\":0,");
                events.add(event(
                        head,
                        delta(call(opening, answer, stamp, "").append("}]}").toString(), null),
                        tail));
            }
            for (String piece : Sse.pieces(answer.text())) {
                events.add(event(head, delta(piece(answer.finish(), piece), null), tail));
            }
            events.add(event(head, delta("{}", finishReason(answer)), tail));
        } else {
            events.add(event(head, "", tail));
        }
        if (includeUsage) {
            StringBuilder usage = new StringBuilder("],");
            events.add(event(head, "", usage(usage, answer).append("}\n\n").toString()));
        }
        return new Flow(events, DONE);
    }

    private static boolean speaks(ChatAnswer answer) {
        return answer.finish() != Finish.DECLINED && answer.finish() != Finish.TOOL;
    }

    private static StringBuilder call(StringBuilder json, ChatAnswer answer, Stamp stamp, String arguments) {
        json.append("\"id\":\"call_").append(stamp.id()).append("\",\"type\":\"function\",\"function\":{\"name\":");
        Json.nullable(json, answer.tool()).append(",\"arguments\":");
        return Json.quote(json, arguments).append('}');
    }

    private static String piece(Finish finish, String text) {
        return switch (finish) {
            case TOOL ->
                Json.quote(new StringBuilder("{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":"), text)
                        .append("}}]}")
                        .toString();
            case DECLINED ->
                Json.quote(new StringBuilder("{\"refusal\":"), text).append('}').toString();
            case DONE, LENGTH, WITHHELD, NOTHING, FAILED ->
                Json.quote(new StringBuilder("{\"content\":"), text).append('}').toString();
        };
    }

    private static String finishReason(ChatAnswer answer) {
        return switch (answer.finish()) {
            case LENGTH -> "length";
            case TOOL -> "tool_calls";
            case WITHHELD -> "content_filter";
            case DONE, DECLINED, NOTHING, FAILED -> "stop";
        };
    }

    private static StringBuilder head(StringBuilder json, String object, ChatAnswer answer, Stamp stamp) {
        json.append("{\"id\":\"chatcmpl-")
                .append(stamp.id())
                .append("\",\"object\":\"")
                .append(object);
        json.append("\",\"created\":").append(stamp.seconds()).append(",\"model\":");
        return Json.quote(json, answer.model());
    }

    private static StringBuilder usage(StringBuilder json, ChatAnswer answer) {
        return json.append("\"usage\":{\"prompt_tokens\":")
                .append(answer.inputTokens())
                .append(",\"completion_tokens\":")
                .append(answer.outputTokens())
                .append(",\"total_tokens\":")
                .append(answer.totalTokens())
                .append(",\"prompt_tokens_details\":{\"cached_tokens\":")
                .append(answer.cachedTokens())
                .append(",\"audio_tokens\":0},\"completion_tokens_details\":{\"reasoning_tokens\":")
                .append(answer.thoughtTokens())
                .append(",\"audio_tokens\":0,")
                .append("\"accepted_prediction_tokens\":0,\"rejected_prediction_tokens\":0}}");
    }

    private static String delta(String delta, @Nullable String finishReason) {
        StringBuilder json = new StringBuilder("{\"index\":0,\"delta\":").append(delta);
        return Json.nullable(json.append(",\"logprobs\":null,\"finish_reason\":"), finishReason)
                .append('}')
                .toString();
    }

    private static Buffer event(StringBuilder head, String choice, String tail) {
        return Buffer.buffer(head + choice + tail);
    }
}
