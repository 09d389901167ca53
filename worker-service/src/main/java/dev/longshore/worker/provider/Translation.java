package dev.longshore.worker.provider;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.attempt.AttemptOutcome;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A provider's API in both directions: a normal request into its own, and its answers and errors back. It
/// knows words, not wires: [HttpDialect] makes the call.
public interface Translation {
    /// What is posted.
    ///
    /// @param path after the provider's base URL, with a slash in front
    /// @param json the body
    record Request(String path, byte[] json) {}

    /// @param input the job's input, which may be changed
    /// @throws Inexpressible when the API has no way to say it
    Request request(Ask ask, ObjectNode input) throws Inexpressible;

    /// What an answer says, whatever its status. Some providers say 200 and mean an error.
    AttemptOutcome outcome(Ask ask, Received received);

    /// The headers that the API wants.
    ///
    /// @param key the API key, or null for servers that want none
    Map<String, String> headers(@Nullable String key);

    /// The header that carries the provider's own id of a call.
    String requestIdHeader();
}
