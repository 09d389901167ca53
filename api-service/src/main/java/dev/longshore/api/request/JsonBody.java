package dev.longshore.api.request;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.problem.Problem;
import dev.longshore.problem.ProblemCode;
import dev.longshore.problem.Refusal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Reads JSON from outside, strictly: one object, valid UTF-8, no name twice, nothing behind it, and not
/// nested so deeply that reading it again would be dangerous.
///
/// @param root the whole body
/// @param raw the text of the one field that is kept as it came in; null when it was not there or was no
///     object
public record JsonBody(ObjectNode root, @Nullable String raw) {
    /// Honest requests nest less than ten deep; parsers and validators behind us recurse.
    public static final int DEEPEST = 100;

    private static final int LONGEST_NUMBER = 500;
    private static final int LONGEST_NAME = 10_000;

    /// Values, names and brackets. In memory the least of them takes ten times its place in the body.
    private static final long MOST_TOKENS = 1_000_000;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .maxNumberLength(LONGEST_NUMBER)
                            .maxNameLength(LONGEST_NAME)
                            .maxTokenCount(MOST_TOKENS)
                            // The body's own limit bounds strings.
                            .maxStringLength(Integer.MAX_VALUE)
                            .build())
                    // Names of labels and tools are the callers' own: they must not pile up in a shared
                    // table.
                    .configure(JsonFactory.Feature.INTERN_FIELD_NAMES, false)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            // What is too large or too fine for a double must not change its value on the way to the
            // fingerprint.
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private static final ObjectReader TREE = MAPPER.readerFor(JsonNode.class);

    /// Reads a body of which no part is kept as text.
    ///
    /// @throws Refusal when it is no such JSON
    public static ObjectNode read(byte[] body) {
        return read(body, "").root();
    }

    /// @param kept the name of the field to keep as text
    /// @throws Refusal when it is no such JSON
    public static JsonBody read(byte[] body, String kept) {
        checkEncoding(body);
        try (JsonParser parser = MAPPER.createParser(body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw invalid("The body must be one JSON object.");
            }
            ObjectNode root = MAPPER.createObjectNode();
            @Nullable String raw = null;
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                JsonToken token = parser.nextToken();
                long start = parser.currentTokenLocation().getByteOffset();
                JsonNode value = TREE.readValue(parser);
                if (root.replace(name, value) != null) {
                    throw invalid("The name '" + Faults.shown(name) + "' occurs twice.");
                }
                if (token == JsonToken.START_OBJECT && name.equals(kept)) {
                    int end = (int) parser.currentLocation().getByteOffset();
                    raw = new String(body, (int) start, end - (int) start, StandardCharsets.UTF_8);
                }
            }
            if (parser.currentToken() != JsonToken.END_OBJECT || parser.nextToken() != null) {
                throw invalid("There is something behind the JSON object.");
            }
            return new JsonBody(root, raw);
        } catch (StreamConstraintsException e) {
            throw invalid(
                    e.getMessage() != null && e.getMessage().contains("nesting")
                            ? "The JSON is nested more than " + DEEPEST + " deep."
                            : "The JSON has a number or a name that is too long, or too many values.");
        } catch (JsonProcessingException e) {
            throw invalid(describe(e));
        } catch (IOException e) {
            // The bytes are in memory: what fails here is what they say.
            throw invalid("The body is not valid JSON.");
        }
    }

    private static String describe(JsonProcessingException e) {
        String where = e.getLocation() == null
                ? ""
                : " (line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr() + ")";
        if (e.getOriginalMessage() != null && e.getOriginalMessage().startsWith("Duplicate field")) {
            return "A name occurs twice in one object" + where + ".";
        }
        return (e instanceof JsonParseException ? "The body is not valid JSON" : "The body cannot be read as JSON")
                + where + ".";
    }

    /// The parser guesses among five encodings and lets some malformed UTF-8 pass; only valid UTF-8 is
    /// wanted here.
    private static void checkEncoding(byte[] body) {
        if (body.length == 0) {
            throw invalid("The body is empty; it must be one JSON object.");
        }
        for (int i = 0; i < Math.min(4, body.length); i++) {
            if (body[i] == 0) {
                throw invalid("The body is not UTF-8.");
            }
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
        } catch (CharacterCodingException _) {
            throw invalid("The body is not UTF-8.");
        }
    }

    private static Refusal invalid(String message) {
        return new Refusal(Problem.of(ProblemCode.INVALID_JSON, message));
    }
}
