package dev.longshore.worker.provider;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;

/// Reads one answer that comes as a stream of events, and puts together what the API would have answered without a
/// stream, so that one reading of answers serves both.
public interface StreamReader {
    /// @return what the model says with this event, of its first answer where it gives several; most often a
    ///     word, or nothing
    /// @throws JsonProcessingException when it makes no sense
    String read(SseEvent event) throws JsonProcessingException;

    /// Whether the end has come, or an error in its place, so that there is nothing more to wait for. A stream may
    /// also end without saying so.
    default boolean isOver() {
        return !whole().isMissingNode();
    }

    /// The whole answer, or the error that came in its place, as the API sends them without a stream; a missing
    /// node as long as it is not whole.
    JsonNode whole();

    /// What has come so far, for a stream that does not come to its end.
    Heard heard();
}
