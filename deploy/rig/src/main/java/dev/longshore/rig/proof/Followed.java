package dev.longshore.rig.proof;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one reader of a job's live events was told, over all its connections.
///
/// @param told in the order in which it came
/// @param result the job as it was told last, over and with its result; null when it never was
/// @param shown the job as the API shows it when all is over; null when it could not be asked
public record Followed(
        String job,
        List<Piece> told,
        @Nullable JsonNode result,
        @Nullable JsonNode shown) {
    public Followed {
        told = List.copyOf(told);
    }

    /// One event.
    ///
    /// @param number its id
    /// @param kind `status`, `result`, `done`
    /// @param status the job's, where it says one
    /// @param connection on which of the reader's connections it came, from 1
    public record Piece(long number, String kind, @Nullable String status, int connection) {}
}
