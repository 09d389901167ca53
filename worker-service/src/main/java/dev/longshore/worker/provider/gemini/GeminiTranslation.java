package dev.longshore.worker.provider.gemini;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.tokens.TokenCounter;
import dev.longshore.worker.provider.Ask;
import dev.longshore.worker.provider.Inexpressible;
import dev.longshore.worker.provider.OwnCount;
import dev.longshore.worker.provider.Received;
import dev.longshore.worker.provider.Translation;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Google's Gemini API: `generateContent` and `batchEmbedContents`, from and to the shapes of Chat Completions and
/// Embeddings.
public final class GeminiTranslation implements Translation {
    private final ObjectMapper json;
    private final InstantSource clock;
    private final OwnCount own;

    /// @param clock dates answers, which the API does not
    /// @param tokens counts what embeddings use, which the API does not tell
    public GeminiTranslation(ObjectMapper json, InstantSource clock, TokenCounter tokens) {
        this.json = json;
        this.clock = clock;
        own = new OwnCount(json, tokens);
    }

    @Override
    public Request request(Ask ask, ObjectNode input) throws Inexpressible {
        // Tuned models are named `tunedModels/...`, others by their name alone.
        String model = ask.model().contains("/") ? ask.model() : "models/" + ask.model();
        return switch (ask.operation()) {
            case CHAT -> {
                ObjectNode chat = new GeminiRequest(json).chat(ask, input);
                yield Translation.asksForStream(input)
                        ? Request.of(path(model, "streamGenerateContent?alt=sse"), chat, new GeminiStream(json))
                        : Request.of(path(model, "generateContent"), chat, null);
            }
            case EMBED -> Request.of(path(model, "batchEmbedContents"), GeminiEmbeddings.request(model, input), null);
        };
    }

    private static String path(String model, String method) {
        return "/" + URLEncoder.encode(model, StandardCharsets.UTF_8).replace("%2F", "/") + ":" + method;
    }

    @Override
    public AttemptOutcome outcome(Ask ask, Received received) {
        if (!received.isSuccess() || received.body().path("error").isObject()) {
            return GeminiErrors.classify(received);
        }
        if (!received.isJson()) {
            return received.noJson();
        }
        return switch (ask.operation()) {
            case CHAT -> GeminiAnswers.read(ask.jobId(), received, clock.instant());
            case EMBED -> GeminiEmbeddings.read(ask, received, own.of(ask, received.body()));
        };
    }

    @Override
    public Map<String, String> headers(@Nullable String key) {
        return key == null ? Map.of() : Map.of("x-goog-api-key", key);
    }

    /// The API sends none; a proxy in front of it may.
    @Override
    public String requestIdHeader() {
        return "x-request-id";
    }
}
