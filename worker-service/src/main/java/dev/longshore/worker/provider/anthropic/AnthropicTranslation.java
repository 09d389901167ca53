package dev.longshore.worker.provider.anthropic;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.worker.provider.Ask;
import dev.longshore.worker.provider.Ask.Operation;
import dev.longshore.worker.provider.Inexpressible;
import dev.longshore.worker.provider.Received;
import dev.longshore.worker.provider.StreamReader;
import dev.longshore.worker.provider.Translation;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Anthropic's Messages API, from and to the shape of Chat Completions.
public final class AnthropicTranslation implements Translation {
    /// The version that requests and answers here are written for.
    private static final String VERSION = "2023-06-01";

    private final ObjectMapper json;
    private final InstantSource clock;

    /// @param clock dates answers, which the API does not
    public AnthropicTranslation(ObjectMapper json, InstantSource clock) {
        this.json = json;
        this.clock = clock;
    }

    @Override
    public Request request(Ask ask, ObjectNode input) throws Inexpressible {
        if (ask.operation() != Operation.CHAT) {
            throw new Inexpressible("operation", "Anthropic's API answers chats only, it has no embeddings.");
        }
        StreamReader stream = Translation.asksForStream(input) ? new AnthropicStream(json) : null;
        return Request.of("/messages", new AnthropicRequest(json).of(ask, input), stream);
    }

    @Override
    public AttemptOutcome outcome(Ask ask, Received received) {
        if (!received.isSuccess() || "error".equals(received.body().path("type").textValue())) {
            return AnthropicErrors.classify(received);
        }
        return received.isJson() ? AnthropicAnswers.read(received, clock.instant()) : received.noJson();
    }

    @Override
    public Map<String, String> headers(@Nullable String key) {
        Map<String, String> headers = new HashMap<>(Map.of("anthropic-version", VERSION));
        if (key != null) {
            headers.put("x-api-key", key);
        }
        return headers;
    }

    @Override
    public String requestIdHeader() {
        return "request-id";
    }
}
