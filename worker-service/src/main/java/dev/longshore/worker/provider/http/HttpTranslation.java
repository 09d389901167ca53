package dev.longshore.worker.provider.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.settings.HttpSettings;
import dev.longshore.settings.Template;
import dev.longshore.settings.UrlPath;
import dev.longshore.tokens.TokenCounter;
import dev.longshore.worker.provider.Ask;
import dev.longshore.worker.provider.Ask.Operation;
import dev.longshore.worker.provider.DescribedApi;
import dev.longshore.worker.provider.Inexpressible;
import dev.longshore.worker.provider.Received;
import dev.longshore.worker.provider.RequestTemplate;
import dev.longshore.worker.provider.Translation;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An API as its operator describes it.
public final class HttpTranslation implements Translation {
    private record Recipe(UrlPath path, RequestTemplate request) {}

    private final ObjectMapper json;
    private final DescribedApi api;
    private final Map<Operation, Recipe> recipes = new EnumMap<>(Operation.class);
    private final HttpAnswers answers;
    private final String requestIdHeader;

    /// @param clock dates answers
    /// @param tokens counts for APIs that do not report what a call used
    public HttpTranslation(ObjectMapper json, InstantSource clock, TokenCounter tokens, HttpSettings described) {
        this.json = json;
        api = new DescribedApi(described.error(), described.keyHeader());
        HttpSettings.Chat chat = described.chat();
        HttpSettings.Embed embed = described.embed();
        describe(Operation.CHAT, chat.path(), chat.request(), chat.leaveOut());
        describe(Operation.EMBED, embed.path(), embed.request(), embed.leaveOut());
        answers = new HttpAnswers(chat.response(), embed.response(), tokens, clock);
        requestIdHeader = described.requestIdHeader();
    }

    private void describe(
            Operation operation, Optional<UrlPath> path, Optional<Template> request, Optional<List<String>> leaveOut) {
        if (path.isPresent() && request.isPresent()) {
            Set<String> leftOut = Set.copyOf(leaveOut.orElse(List.of()));
            recipes.put(operation, new Recipe(path.get(), new RequestTemplate(request.get(), leftOut)));
        }
    }

    @Override
    public Request request(Ask ask, ObjectNode input) throws Inexpressible {
        Recipe recipe = recipes.get(ask.operation());
        if (recipe == null) {
            throw new Inexpressible("", "the operator has not described how the provider does this operation.");
        }
        return Request.of(DescribedApi.path(recipe.path, ask.model(), ""), recipe.request.fill(ask, input), null);
    }

    @Override
    public AttemptOutcome outcome(Ask ask, Received received) {
        if (!api.isGood(received)) {
            return api.failure(received);
        }
        if (!received.isJson()) {
            return received.noJson();
        }
        return switch (ask.operation()) {
            case CHAT -> answers.chat(ask, input(ask), received);
            case EMBED -> answers.embeddings(ask, input(ask), received);
        };
    }

    @Override
    public Map<String, String> headers(@Nullable String key) {
        return api.headers(key);
    }

    @Override
    public String requestIdHeader() {
        return requestIdHeader;
    }

    private JsonNode input(Ask ask) {
        try {
            return json.readTree(ask.input());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the input was read before the call was made", e);
        }
    }
}
