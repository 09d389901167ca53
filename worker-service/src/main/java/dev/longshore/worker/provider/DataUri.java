package dev.longshore.worker.provider;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What OpenAI's API takes for an image or a file inside a request: `data:image/png;base64,...` (RFC 2397).
///
/// @param mediaType such as `image/png`
/// @param base64 the bytes, as they were written
public record DataUri(String mediaType, String base64) {
    private static final Pattern SHAPE =
            Pattern.compile("data:([a-z0-9.+-]+/[a-z0-9.+-]+)(?:;[^;,]*)*;base64,", Pattern.CASE_INSENSITIVE);

    /// @return empty when it is something else
    public static Optional<DataUri> read(String uri) {
        Matcher start = SHAPE.matcher(uri);
        return start.lookingAt()
                ? Optional.of(new DataUri(start.group(1), uri.substring(start.end())))
                : Optional.empty();
    }
}
