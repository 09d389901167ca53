package dev.longshore.worker.provider;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.longshore.attempt.Usage;
import dev.longshore.tokens.TokenCounter;

/// What a call used by our own count, for providers that do not tell.
public record OwnCount(ObjectMapper json, TokenCounter tokens) {
    /// @param answer in the normal form; no matter for embeddings, which cost their input
    public Usage of(Ask ask, JsonNode answer) {
        JsonNode input = input(ask);
        return switch (ask.operation()) {
            case CHAT ->
                new Usage(
                        tokens.of(ask.model()).chat(input),
                        0,
                        tokens.of(ask.model()).answer(answer));
            case EMBED -> new Usage(tokens.of(ask.model()).embeddings(input), 0, 0);
        };
    }

    /// What a stream had used when it broke off: as told, but no less output than was heard. What is told first is
    /// often the input alone.
    Usage of(Ask ask, Heard heard) {
        TokenCounter own = tokens.of(ask.model());
        Usage told = heard.told();
        int output = own.plain(heard.output());
        return told == null
                ? new Usage(own.chat(input(ask)), 0, output)
                : new Usage(told.inputTokens(), told.cachedInputTokens(), Math.max(told.outputTokens(), output));
    }

    private JsonNode input(Ask ask) {
        try {
            return json.readTree(ask.input());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the input was read before the call was made", e);
        }
    }
}
