package dev.longshore.worker.provider.openai;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.tokens.TokenCounter;
import dev.longshore.worker.provider.Ask;
import dev.longshore.worker.provider.Ask.Operation;
import dev.longshore.worker.provider.OwnCount;
import dev.longshore.worker.provider.Received;
import dev.longshore.worker.provider.Translation;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// OpenAI's API, or that of any server with its Chat Completions and Embeddings routes. It is the normal form
/// itself, so that next to nothing is translated.
public final class OpenAiTranslation implements Translation {
    private final ObjectMapper json;
    private final OwnCount own;

    /// @param tokens counts for servers that do not report what a call used
    public OpenAiTranslation(ObjectMapper json, TokenCounter tokens) {
        this.json = json;
        own = new OwnCount(json, tokens);
    }

    /// The caller's request with the provider's name of the model in it; everything else travels on
    /// untouched.
    @Override
    public Request request(Ask ask, ObjectNode input) {
        String path = switch (ask.operation()) {
            case CHAT -> "/chat/completions";
            case EMBED -> "/embeddings";
        };
        if (ask.operation() == Operation.CHAT && Translation.asksForStream(input)) {
            // Whoever reads the answer later sees no stream, but it has to be known what it cost.
            input.withObject("/stream_options").put("include_usage", true);
            return Request.of(path, input.put("model", ask.model()), new OpenAiStream(json));
        }
        if (ask.model().equals(input.path("model").textValue())) {
            return new Request(path, ask.input().getBytes(StandardCharsets.UTF_8), null);
        }
        return Request.of(path, input.put("model", ask.model()), null);
    }

    @Override
    public AttemptOutcome outcome(Ask ask, Received received) {
        return OpenAiAnswers.read(ask.operation(), received, answer -> own.of(ask, answer));
    }

    @Override
    public Map<String, String> headers(@Nullable String key) {
        return key == null ? Map.of() : Map.of("authorization", "Bearer " + key);
    }

    @Override
    public String requestIdHeader() {
        return "x-request-id";
    }
}
