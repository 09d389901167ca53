package dev.longshore.simulator.tongue;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/// The ways JSON is handled here: by mapping for scripts and reports, as trees for most tongues, and by hand for chat
/// completions and embeddings, with which loads are tested and where every microsecond counts.
public final class Json {

    /// Maps scripts and reports, and reads and writes trees.
    public static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
            .enable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    /// Reads calls in one pass.
    public static final JsonFactory FACTORY = new ObjectMapper().getFactory();

    private Json() {}

    /// A value as JSON.
    public static Buffer write(Object value) {
        try {
            return Buffer.buffer(MAPPER.writeValueAsBytes(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a value of our own cannot be written as JSON", e);
        }
    }

    /// Appends a text as a JSON string, quotes included.
    public static StringBuilder quote(StringBuilder json, CharSequence text) {
        json.append('"');
        JsonStringEncoder.getInstance().quoteAsString(text, json);
        return json.append('"');
    }

    /// Appends a text as a JSON string, or null.
    public static StringBuilder nullable(StringBuilder json, @Nullable String text) {
        return text == null ? json.append("null") : quote(json, text);
    }

    /// An empty object, to be filled.
    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /// A text that is a JSON object as that object, any other as the only member of one.
    public static ObjectNode asObject(String text) {
        try {
            if (MAPPER.readTree(text) instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException _) {
            // It is a text.
        }
        return object().put("text", text);
    }
}
