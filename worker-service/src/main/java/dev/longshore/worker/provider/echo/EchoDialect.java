package dev.longshore.worker.provider.echo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.attempt.Answer;
import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.attempt.AttemptOutcome.Answered;
import dev.longshore.attempt.AttemptOutcome.Refused;
import dev.longshore.attempt.ErrorCode;
import dev.longshore.attempt.Reply;
import dev.longshore.attempt.Usage;
import dev.longshore.worker.provider.Ask;
import dev.longshore.worker.provider.Dialect;
import dev.longshore.worker.provider.Timeouts;
import dev.longshore.worker.provider.TokenSink;
import dev.longshore.worker.provider.Translation;
import dev.longshore.worker.slots.StopSign;
import java.time.Duration;
import java.time.InstantSource;

/// Calls nobody and answers each chat at once with the text that was said last, in the shape of Chat
/// Completions. Everything around the call is as with any provider: attempts, prices, limits, webhooks. So a
/// pipeline can be tried out, and Longshore measured, without a provider.
public final class EchoDialect implements Dialect {
    /// The rule of thumb for English; nobody bills for it.
    private static final int CHARS_PER_TOKEN = 4;

    private static final int OK = 200;

    private final ObjectMapper json;
    private final InstantSource clock;

    public EchoDialect(ObjectMapper json, InstantSource clock) {
        this.json = json;
        this.clock = clock;
    }

    @Override
    public AttemptOutcome call(Ask ask, Timeouts timeouts, StopSign stop, TokenSink tokens) {
        return switch (ask.operation()) {
            case CHAT -> chat(ask, tokens);
            case EMBED ->
                new Refused(ErrorCode.INVALID_REQUEST, "A provider of dialect 'echo' answers chats only.", Reply.NONE);
        };
    }

    private AttemptOutcome chat(Ask ask, TokenSink tokens) {
        long startedNanos = System.nanoTime();
        String said;
        try {
            JsonNode input = json.readTree(ask.input());
            said = lastWords(input);
            if (Translation.asksForStream(input) && !said.isEmpty()) {
                tokens.token(said);
            }
        } catch (JsonProcessingException _) {
            return new Refused(ErrorCode.INVALID_REQUEST, "The job's input is not JSON.", Reply.NONE);
        }
        Usage usage = new Usage(tokens(ask.input()), 0, tokens(said));
        String result = completion(ask, said, usage).toString();
        Duration taken = Duration.ofNanos(System.nanoTime() - startedNanos);
        return new Answered(new Answer(result, usage, ask.model(), taken, new Reply(OK, null, null, taken)));
    }

    /// The text of the last message, its parts one after the other; empty when there is none.
    private static String lastWords(JsonNode input) {
        JsonNode messages = input.path("messages");
        JsonNode content = messages.path(messages.size() - 1).path("content");
        if (!content.isArray()) {
            return content.asText();
        }
        StringBuilder text = new StringBuilder();
        content.forEach(part -> text.append(part.path("text").asText()));
        return text.toString();
    }

    private ObjectNode completion(Ask ask, String said, Usage usage) {
        ObjectNode completion = json.createObjectNode()
                .put("id", "echo-" + ask.jobId() + "-" + ask.claim())
                .put("object", "chat.completion")
                .put("created", clock.instant().getEpochSecond())
                .put("model", ask.model());
        ObjectNode choice = completion.putArray("choices").addObject().put("index", 0);
        choice.putObject("message").put("role", "assistant").put("content", said);
        choice.put("finish_reason", "stop");
        completion
                .putObject("usage")
                .put("prompt_tokens", usage.inputTokens())
                .put("completion_tokens", usage.outputTokens())
                .put("total_tokens", usage.inputTokens() + usage.outputTokens());
        return completion;
    }

    private static int tokens(String text) {
        return Math.ceilDiv(text.length(), CHARS_PER_TOKEN);
    }
}
