package dev.longshore.simulator;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes chat answers as OpenAI does, whole or as a stream of events.
final class ChatJson {

    static final Buffer DONE = Buffer.buffer("data: [DONE]\n\n");

    private static final String FINGERPRINT = "fp_paper";

    private ChatJson() {}

    static Buffer whole(String id, long createdSeconds, ChatAnswer answer) {
        StringBuilder json = new StringBuilder(512);
        head(json, id, "chat.completion", createdSeconds, answer.model()).append(",\"choices\":[");
        if (answer.withChoice()) {
            json.append("{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":");
            nullable(json, answer.text()).append(",\"refusal\":");
            nullable(json, answer.refusal()).append(",\"annotations\":[]},\"logprobs\":null,\"finish_reason\":");
            Json.quote(json, answer.finishReason()).append('}');
        }
        json.append("],");
        usage(json, answer).append(",\"service_tier\":\"default\",\"system_fingerprint\":\"" + FINGERPRINT + "\"}");
        return Buffer.buffer(json.toString());
    }

    /// One event an element: role, pieces of text, finish, usage if it was asked for. [#DONE] is not among them.
    static List<Buffer> events(String id, long createdSeconds, ChatAnswer answer, boolean includeUsage) {
        StringBuilder head = new StringBuilder(160);
        head(head.append("data: "), id, "chat.completion.chunk", createdSeconds, answer.model());
        head.append(",\"service_tier\":\"default\",\"system_fingerprint\":\"" + FINGERPRINT + "\",\"choices\":[");
        String tail = includeUsage ? "],\"usage\":null}\n\n" : "]}\n\n";
        List<Buffer> events = new ArrayList<>();
        if (answer.withChoice()) {
            events.add(event(head, delta("{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}", null), tail));
            boolean declined = answer.refusal() != null;
            String text = declined ? answer.refusal() : answer.text();
            for (String piece : pieces(text == null ? "" : text)) {
                StringBuilder part = new StringBuilder(declined ? "{\"refusal\":" : "{\"content\":");
                events.add(event(head, delta(Json.quote(part, piece).append('}').toString(), null), tail));
            }
            events.add(event(head, delta("{}", answer.finishReason()), tail));
        } else {
            events.add(event(head, "", tail));
        }
        if (includeUsage) {
            StringBuilder usage = new StringBuilder("],");
            events.add(event(head, "", usage(usage, answer).append("}\n\n").toString()));
        }
        return events;
    }

    /// Cuts a text before its spaces, so that pieces are about as long as tokens and join to the same text again.
    static List<String> pieces(String text) {
        List<String> pieces = new ArrayList<>();
        int from = 0;
        while (from < text.length()) {
            int space = text.indexOf(' ', from + 1);
            int to = space < 0 ? text.length() : space;
            pieces.add(text.substring(from, to));
            from = to;
        }
        return pieces;
    }

    static StringBuilder head(StringBuilder json, String id, String object, long createdSeconds, String model) {
        json.append("{\"id\":\"").append(id).append("\",\"object\":\"").append(object);
        json.append("\",\"created\":").append(createdSeconds).append(",\"model\":");
        return Json.quote(json, model);
    }

    private static StringBuilder usage(StringBuilder json, ChatAnswer answer) {
        return json.append("\"usage\":{\"prompt_tokens\":")
                .append(answer.promptTokens())
                .append(",\"completion_tokens\":")
                .append(answer.completionTokens())
                .append(",\"total_tokens\":")
                .append((long) answer.promptTokens() + answer.completionTokens())
                .append(",\"prompt_tokens_details\":{\"cached_tokens\":")
                .append(answer.cachedTokens())
                .append(
                        ",\"audio_tokens\":0},\"completion_tokens_details\":{\"reasoning_tokens\":0,\"audio_tokens\":0,")
                .append("\"accepted_prediction_tokens\":0,\"rejected_prediction_tokens\":0}}");
    }

    private static String delta(String delta, @Nullable String finishReason) {
        StringBuilder json = new StringBuilder("{\"index\":0,\"delta\":").append(delta);
        return nullable(json.append(",\"logprobs\":null,\"finish_reason\":"), finishReason)
                .append('}')
                .toString();
    }

    private static Buffer event(StringBuilder head, String choice, String tail) {
        return Buffer.buffer(head + choice + tail);
    }

    private static StringBuilder nullable(StringBuilder json, @Nullable String text) {
        return text == null ? json.append("null") : Json.quote(json, text);
    }
}
