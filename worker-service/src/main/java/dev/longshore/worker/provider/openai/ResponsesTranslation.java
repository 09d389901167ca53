package dev.longshore.worker.provider.openai;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.tokens.TokenCounter;
import dev.longshore.worker.provider.Ask;
import dev.longshore.worker.provider.Ask.Operation;
import dev.longshore.worker.provider.Inexpressible;
import dev.longshore.worker.provider.OwnCount;
import dev.longshore.worker.provider.Received;
import dev.longshore.worker.provider.StreamReader;
import dev.longshore.worker.provider.Translation;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// OpenAI's Responses API, from and to the shape of Chat Completions, for models that are served there only. All
/// else is as it is with Chat Completions.
public final class ResponsesTranslation implements Translation {
    private final OpenAiTranslation others;
    private final ObjectMapper json;
    private final OwnCount own;

    /// @param tokens counts for servers that do not report what a call used
    public ResponsesTranslation(ObjectMapper json, TokenCounter tokens) {
        others = new OpenAiTranslation(json, tokens);
        this.json = json;
        own = new OwnCount(json, tokens);
    }

    @Override
    public Request request(Ask ask, ObjectNode input) throws Inexpressible {
        if (ask.operation() != Operation.CHAT) {
            return others.request(ask, input);
        }
        StreamReader stream = Translation.asksForStream(input) ? new ResponsesStream(json) : null;
        return Request.of("/responses", ResponsesRequest.of(ask, input), stream);
    }

    @Override
    public AttemptOutcome outcome(Ask ask, Received received) {
        return OpenAiAnswers.read(received, good -> switch (ask.operation()) {
            case CHAT -> ResponsesAnswers.read(good, completion -> own.of(ask, completion));
            case EMBED -> OpenAiAnswers.embeddings(good, answer -> own.of(ask, answer));
        });
    }

    @Override
    public Map<String, String> headers(@Nullable String key) {
        return others.headers(key);
    }

    @Override
    public String requestIdHeader() {
        return others.requestIdHeader();
    }
}
