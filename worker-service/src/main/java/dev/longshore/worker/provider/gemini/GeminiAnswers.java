package dev.longshore.worker.provider.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.attempt.AttemptOutcome.Refused;
import dev.longshore.attempt.ErrorCode;
import dev.longshore.attempt.Usage;
import dev.longshore.worker.provider.Received;
import dev.longshore.worker.provider.chat.Completion;
import dev.longshore.worker.provider.chat.Spoken;
import dev.longshore.worker.provider.chat.TokenCount;
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
        JsonNode id = body.hasNonNull("responseId") ? body.path("responseId") : NODES.textNode("chatcmpl-" + jobId);
        Completion completion = new Completion(id, now.getEpochSecond(), body.path("modelVersion"));
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
            Spoken said = said(candidate, jobId + "-" + i);
            completion.choice(said, said.calls() > 0 && meaning.equals("stop") ? "tool_calls" : meaning);
        }
        JsonNode told = body.path("usageMetadata");
        Usage usage = usage(told);
        completion.usage(usage, TokenCount.of(told.path("thoughtsTokenCount")));
        return completion.answered(received, usage);
    }

    private static Refused refused(String message, Received received) {
        return new Refused(ErrorCode.CONTENT_FILTER_TRIGGERED, message, received.reply());
    }

    private static Spoken said(JsonNode candidate, String prefix) {
        Spoken said = new Spoken();
        for (JsonNode part : candidate.path("content").path("parts")) {
            if (part.has("functionCall")) {
                call(said, part, prefix);
            } else if (part.path("thought").asBoolean()) {
                said.thought(part.path("text").asText());
            } else if (part.has("text")) {
                said.text(part.path("text").asText());
            }
        }
        return said;
    }

    private static void call(Spoken said, JsonNode part, String prefix) {
        JsonNode made = part.path("functionCall");
        ObjectNode call = said.call(
                made.hasNonNull("id") ? made.path("id") : NODES.textNode("call_" + prefix + "-" + said.calls()),
                made.path("name"),
                made.has("args") ? made.path("args").toString() : "{}");
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
    static Usage usage(JsonNode told) {
        int input = TokenCount.sum(told.path("promptTokenCount"), told.path("toolUsePromptTokenCount"));
        return new Usage(
                input,
                Math.min(TokenCount.of(told.path("cachedContentTokenCount")), input),
                TokenCount.sum(told.path("candidatesTokenCount"), told.path("thoughtsTokenCount")));
    }
}
