package dev.longshore.simulator.tongue.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.longshore.simulator.tongue.Ask;
import dev.longshore.simulator.tongue.BadAsk;
import dev.longshore.simulator.tongue.Bodies;
import dev.longshore.simulator.tongue.Conversation;
import dev.longshore.simulator.tongue.Json;
import dev.longshore.simulator.tongue.Vectors;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Reads the body of an embeddings request: one text, several, or the same as token numbers.
final class EmbeddingReader {

    /// OpenAI's limit on the inputs of one call.
    private static final int MOST_INPUTS = 2048;

    private String model = "";
    private final List<String> inputs = new ArrayList<>();
    private boolean base64;
    private int dimensions;

    private EmbeddingReader() {}

    static Ask.Embedding read(byte[] body) throws BadAsk {
        EmbeddingReader reader = new EmbeddingReader();
        try (JsonParser parser = Json.FACTORY.createParser(body)) {
            reader.body(parser);
        } catch (IOException _) {
            throw Bodies.unreadable();
        }
        if (reader.model.isEmpty()) {
            throw Missing.of("model");
        }
        if (reader.inputs.isEmpty()) {
            throw Missing.of("input");
        }
        if (reader.dimensions < 0 || reader.dimensions > Vectors.MOST_DIMENSIONS) {
            throw new BadAsk(
                    "Invalid value for 'dimensions': must be between 1 and " + Vectors.MOST_DIMENSIONS + ".",
                    "dimensions",
                    "invalid_value");
        }
        return Conversation.embedding(reader.model, reader.inputs, reader.base64, reader.dimensions);
    }

    private void body(JsonParser parser) throws IOException, BadAsk {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw Bodies.unreadable();
        }
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            switch (name) {
                case "model" -> model = parser.getValueAsString("");
                case "encoding_format" -> base64 = parser.getValueAsString("").equals("base64");
                case "dimensions" -> {
                    if (token == JsonToken.VALUE_NUMBER_INT) {
                        dimensions = parser.getValueAsInt() < 1 ? -1 : parser.getValueAsInt();
                    }
                }
                case "input" -> input(parser);
                default -> parser.skipChildren();
            }
        }
    }

    private void input(JsonParser parser) throws IOException, BadAsk {
        switch (parser.currentToken()) {
            case VALUE_STRING -> inputs.add(parser.getText());
            case START_ARRAY -> {
                StringBuilder tokens = new StringBuilder();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    element(parser, tokens);
                }
                if (!tokens.isEmpty()) {
                    inputs.add(tokens.toString());
                }
            }
            default -> throw wrong();
        }
        if (inputs.size() > MOST_INPUTS || inputs.stream().anyMatch(String::isEmpty)) {
            throw wrong();
        }
    }

    private static BadAsk wrong() {
        return new BadAsk("'$.input' is invalid. Please check the API reference.", null, null);
    }

    private void element(JsonParser parser, StringBuilder tokens) throws IOException, BadAsk {
        switch (parser.currentToken()) {
            case VALUE_STRING -> inputs.add(parser.getText());
            case VALUE_NUMBER_INT -> number(parser, tokens);
            case START_ARRAY -> {
                StringBuilder inner = new StringBuilder();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    number(parser, inner);
                }
                inputs.add(inner.toString());
            }
            default -> throw wrong();
        }
    }

    /// Four characters a token number, so that the estimate of a quarter of the characters comes out right.
    private static void number(JsonParser parser, StringBuilder tokens) throws IOException, BadAsk {
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
            throw wrong();
        }
        String digits = Long.toString(parser.getLongValue(), Character.MAX_RADIX);
        tokens.append("    ", 0, Math.max(1, 4 - digits.length())).append(digits);
    }
}
