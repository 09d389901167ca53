package dev.longshore.worker.attempt;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.longshore.tokens.TokenCounter;
import dev.longshore.worker.provider.Ask.Operation;
import dev.longshore.worker.throttle.Load;
import java.io.IOException;

/// How much a call weighs before it is made: its input in tokens, and the longest answer that it allows.
public final class Weighing {
    /// Four letters a token is what English has; it only sorts calls by size and is no bill.
    private static final int CHARACTERS_PER_TOKEN = 4;

    private final ObjectMapper json;
    private final TokenCounter tokens;

    public Weighing(ObjectMapper json, TokenCounter tokens) {
        this.json = json;
        this.tokens = tokens;
    }

    /// @param model the provider's own name of the model
    /// @param counted whether the tokens are to be counted rather than estimated, which takes longer
    /// @param usualOutput what an answer has where the request sets no bound
    /// @param mostOutput what an answer can have
    Load of(Operation operation, String model, String input, boolean counted, int usualOutput, int mostOutput) {
        int inputTokens = counted ? count(operation, model, input) : input.length() / CHARACTERS_PER_TOKEN;
        return switch (operation) {
            case EMBED -> new Load(inputTokens, 0);
            case CHAT -> new Load(inputTokens, Math.min(mostOutput, asked(input, usualOutput)));
        };
    }

    private int count(Operation operation, String model, String input) {
        try {
            JsonNode request = json.readTree(input);
            return switch (operation) {
                case CHAT -> tokens.of(model).chat(request);
                case EMBED -> tokens.of(model).embeddings(request);
            };
        } catch (JsonProcessingException _) {
            return input.length() / CHARACTERS_PER_TOKEN;
        }
    }

    /// The bound that the request sets, read without building the whole of it.
    private int asked(String input, int otherwise) {
        if (!input.contains("max_tokens") && !input.contains("max_completion_tokens")) {
            return otherwise;
        }
        try (JsonParser parser = json.createParser(input)) {
            int asked = otherwise;
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return asked;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                boolean bound = name.equals("max_tokens") || name.equals("max_completion_tokens");
                if (bound && value == JsonToken.VALUE_NUMBER_INT) {
                    asked = Math.clamp(parser.getValueAsLong(), 0, Integer.MAX_VALUE);
                }
                parser.skipChildren();
            }
            return asked;
        } catch (IOException _) {
            return otherwise;
        }
    }
}
