package dev.longshore.worker.provider.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.attempt.AttemptOutcome.Refused;
import dev.longshore.attempt.ErrorCode;
import dev.longshore.attempt.Usage;
import dev.longshore.worker.provider.Received;
import dev.longshore.worker.provider.chat.Completion;
import dev.longshore.worker.provider.chat.Spoken;
import dev.longshore.worker.provider.chat.TokenCount;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Writes a response of the Responses API down as a chat completion.
final class ResponsesAnswers {
    private ResponsesAnswers() {}

    /// @param count our own count of a call's tokens, given the completion
    static AttemptOutcome read(Received received, Function<JsonNode, Usage> count) {
        JsonNode body = received.body();
        JsonNode output = body.path("output");
        if (!output.isArray()) {
            return received.malformed("The provider's answer has no output.");
        }
        Spoken said = said(output);
        String finish = finish(body, said);
        if (finish.isEmpty()) {
            return received.malformed("The provider's answer is not whole: it is "
                    + body.path("status").asText("nothing") + ".");
        }
        if (finish.equals("content_filter") && said.isSilent()) {
            return new Refused(
                    ErrorCode.CONTENT_FILTER_TRIGGERED,
                    "The provider's content filter withheld the answer.",
                    received.reply());
        }
        Completion completion =
                new Completion(body.path("id"), body.path("created_at").asLong(), body.path("model"));
        completion.choice(said, finish);
        JsonNode told = body.path("usage");
        Usage usage = isTold(told) ? asTold(told) : count.apply(completion.written());
        completion.usage(usage, TokenCount.of(told.path("output_tokens_details").path("reasoning_tokens")));
        completion.own("service_tier", body.path("service_tier"));
        return completion.answered(received, usage);
    }

    private static Spoken said(JsonNode output) {
        Spoken said = new Spoken();
        List<String> thoughts = new ArrayList<>();
        ArrayNode reasoning = JsonNodeFactory.instance.arrayNode();
        for (JsonNode item : output) {
            switch (item.path("type").asText("")) {
                case "message" -> {
                    for (JsonNode part : item.path("content")) {
                        switch (part.path("type").asText("")) {
                            case "output_text" -> said.text(part.path("text").asText(""));
                            case "refusal" -> said.refusal(part.path("refusal").asText(""));
                            default -> {
                                // Nothing that is said.
                            }
                        }
                    }
                }
                case "reasoning" -> {
                    item.path("summary")
                            .forEach(part -> thoughts.add(part.path("text").asText("")));
                    item.path("content")
                            .forEach(part -> thoughts.add(part.path("text").asText("")));
                    if (item.hasNonNull("encrypted_content")) {
                        reasoning.add(item);
                    }
                }
                case "function_call" ->
                    said.call(
                            item.path("call_id"),
                            item.path("name"),
                            item.path("arguments").asText(""));
                default -> {
                    // What tools of OpenAI's own did on the way has no place in a chat completion.
                }
            }
        }
        said.thought(String.join("\n\n", thoughts));
        if (!reasoning.isEmpty()) {
            said.own(ResponsesInput.REASONING_ITEMS, reasoning);
        }
        return said;
    }

    /// @return empty for an answer that is not over, or failed without saying why
    private static String finish(JsonNode body, Spoken said) {
        return switch (body.path("status").asText("")) {
            case "completed" -> said.calls() > 0 ? "tool_calls" : "stop";
            case "incomplete" ->
                switch (body.path("incomplete_details").path("reason").asText("")) {
                    case "content_filter" -> "content_filter";
                    default -> "length";
                };
            default -> "";
        };
    }

    private static boolean isTold(JsonNode usage) {
        JsonNode input = usage.path("input_tokens");
        return input.canConvertToInt() && input.intValue() >= 0;
    }

    private static Usage asTold(JsonNode usage) {
        int input = TokenCount.of(usage.path("input_tokens"));
        int cached = TokenCount.of(usage.path("input_tokens_details").path("cached_tokens"));
        return new Usage(input, Math.min(cached, input), TokenCount.of(usage.path("output_tokens")));
    }
}
