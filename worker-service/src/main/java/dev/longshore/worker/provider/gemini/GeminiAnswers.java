package dev.longshore.worker.provider.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.attempt.AttemptOutcome.Refused;
import dev.longshore.attempt.ErrorCode;
import dev.longshore.attempt.Usage;
import dev.longshore.worker.provider.Received;
import java.time.Instant;

/// Writes what `generateContent` answers down as a chat completion.
final class GeminiAnswers {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private GeminiAnswers() {}

    /// @param jobId for the ids of calls to tools, which the API may leave out
    static AttemptOutcome read(String jobId, Received received, Instant now) {
        JsonNode body = received.body();
        JsonNode candidates = body.path("candidates");
        String blocked = body.path("promptFeedback").path("blockReason").asText("");
        if (candidates.isEmpty() && !blocked.isEmpty()) {
            return refused("The provider's filter did not let the request through: " + blocked + ".", received);
        }
        if (!candidates.isArray() || candidates.isEmpty()) {
            return received.malformed("The provider's answer has no candidates.");
        }
        ArrayNode choices = NODES.arrayNode();
        for (int i = 0; i < candidates.size(); i++) {
            JsonNode candidate = candidates.get(i);
            String finish = candidate.path("finishReason").asText("");
            boolean says = !candidate.path("content").path("parts").isEmpty();
            if (finish.isEmpty()) {
                return received.malformed("The provider's answer ends without a reason.");
            }
            String meaning = finish(finish);
            if (!says && meaning.equals("content_filter")) {
                return refused("The provider's filter withheld the answer: " + finish + ".", received);
            }
            if (meaning.isEmpty()) {
                return received.malformed("The provider's answer ended with " + finish + ".");
            }
            choices.add(choice(i, candidate, meaning, jobId));
        }
        Usage usage = usage(body.path("usageMetadata"));
        ObjectNode completion = NODES.objectNode();
        completion.set(
                "id", body.hasNonNull("responseId") ? body.path("responseId") : NODES.textNode("chatcmpl-" + jobId));
        completion.put("object", "chat.completion").put("created", now.getEpochSecond());
        completion.set("model", body.path("modelVersion"));
        completion.set("choices", choices);
        completion.set("usage", usage(usage, body.path("usageMetadata")));
        return received.answered(completion.toString(), usage, body.path("modelVersion"));
    }

    private static Refused refused(String message, Received received) {
        return new Refused(ErrorCode.CONTENT_FILTER_TRIGGERED, message, received.reply());
    }

    private static ObjectNode choice(int index, JsonNode candidate, String finish, String jobId) {
        StringBuilder text = new StringBuilder();
        StringBuilder thoughts = new StringBuilder();
        ArrayNode calls = NODES.arrayNode();
        boolean says = false;
        for (JsonNode part : candidate.path("content").path("parts")) {
            if (part.has("functionCall")) {
                call(calls, part, jobId + "-" + index);
            } else if (part.path("thought").asBoolean()) {
                thoughts.append(part.path("text").asText());
            } else if (part.has("text")) {
                says = true;
                text.append(part.path("text").asText());
            }
        }
        ObjectNode message = NODES.objectNode().put("role", "assistant");
        message.set("content", says ? NODES.textNode(text.toString()) : NODES.nullNode());
        message.putNull("refusal");
        if (!thoughts.isEmpty()) {
            message.put("reasoning_content", thoughts.toString());
        }
        if (!calls.isEmpty()) {
            message.set("tool_calls", calls);
        }
        ObjectNode choice = NODES.objectNode().put("index", index);
        choice.set("message", message);
        return choice.put("finish_reason", !calls.isEmpty() && finish.equals("stop") ? "tool_calls" : finish)
                .putNull("logprobs");
    }

    private static void call(ArrayNode calls, JsonNode part, String prefix) {
        JsonNode made = part.path("functionCall");
        ObjectNode call = calls.addObject();
        call.set(
                "id",
                made.hasNonNull("id") ? made.path("id") : NODES.textNode("call_" + prefix + "-" + (calls.size() - 1)));
        ObjectNode function = call.put("type", "function").putObject("function");
        function.set("name", made.path("name"));
        function.put("arguments", made.has("args") ? made.path("args").toString() : "{}");
        if (part.hasNonNull("thoughtSignature")) {
            // To be sent back with the results of tools, where Google's layer for OpenAI's clients puts it, too.
            call.putObject("extra_content").putObject("google").set("thought_signature", part.path("thoughtSignature"));
        }
    }

    /// @return empty for an end that is a failure of the model's
    private static String finish(String reason) {
        return switch (reason) {
            case "STOP" -> "stop";
            case "MAX_TOKENS" -> "length";
            case "SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY" ->
                "content_filter";
            default -> "";
        };
    }

    /// What the model thought is output that is paid for, though it is told apart.
    private static Usage usage(JsonNode usage) {
        int input = tokens(usage.path("promptTokenCount")) + tokens(usage.path("toolUsePromptTokenCount"));
        return new Usage(
                input,
                Math.min(tokens(usage.path("cachedContentTokenCount")), input),
                tokens(usage.path("candidatesTokenCount")) + tokens(usage.path("thoughtsTokenCount")));
    }

    private static int tokens(JsonNode count) {
        return count.canConvertToInt() ? Math.clamp(count.intValue(), 0, Integer.MAX_VALUE / 4) : 0;
    }

    private static ObjectNode usage(Usage usage, JsonNode told) {
        ObjectNode written = NODES.objectNode()
                .put("prompt_tokens", usage.inputTokens())
                .put("completion_tokens", usage.outputTokens())
                .put("total_tokens", (long) usage.inputTokens() + usage.outputTokens());
        written.putObject("prompt_tokens_details").put("cached_tokens", usage.cachedInputTokens());
        written.putObject("completion_tokens_details").put("reasoning_tokens", tokens(told.path("thoughtsTokenCount")));
        return written;
    }
}
