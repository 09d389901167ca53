package dev.longshore.worker.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.attempt.AttemptOutcome;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A provider's API in both directions: a normal request into its own, and its answers and errors back. It
/// knows words, not wires: [HttpDialect] makes the call.
public interface Translation {
    /// What is posted.
    ///
    /// @param path after the provider's base URL, with a slash in front; it may have a query
    /// @param json the body
    /// @param stream reads the answer to this one request, which asks for a stream; null where it does not
    record Request(String path, byte[] json, @Nullable StreamReader stream) {
        public static Request of(String path, JsonNode body, @Nullable StreamReader stream) {
            return new Request(path, body.toString().getBytes(StandardCharsets.UTF_8), stream);
        }
    }

    /// Whether a chat asks for a stream.
    static boolean asksForStream(JsonNode input) {
        return input.path("stream").booleanValue();
    }

    /// @param input the job's input, which may be changed
    /// @throws Inexpressible when the API has no way to say it
    Request request(Ask ask, ObjectNode input) throws Inexpressible;

    /// What an answer says, whatever its status. Some providers say 200 and mean an error. What came as a stream has
    /// been put together by then.
    AttemptOutcome outcome(Ask ask, Received received);

    /// The headers that the API wants.
    ///
    /// @param key the API key, or null for servers that want none
    Map<String, String> headers(@Nullable String key);

    /// The header that carries the provider's own id of a call.
    String requestIdHeader();
}
