package dev.longshore.api.view;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// One page of a list, newest first.
///
/// @param next what to send as `after` for the next page
public record Page<T>(
        List<T> data,
        @JsonProperty("has_more") boolean hasMore,

        @Schema(description = "send it as `after` for the next page") @Nullable
        String next) {

    /// Cuts a page out of what was read.
    ///
    /// @param rows up to one more than the limit, so that it is known whether there is more
    public static <T> Page<T> of(List<T> rows, int limit, Function<T, String> id) {
        boolean more = rows.size() > limit;
        List<T> data = more ? List.copyOf(rows.subList(0, limit)) : rows;
        return new Page<>(data, more, more ? id.apply(data.getLast()) : null);
    }
}
