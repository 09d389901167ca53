package dev.longshore.simulator.tongue;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/// API keys as they arrive, and the little of them that may be shown.
public final class Keys {

    private static final int SHOWN = 4;

    private Keys() {}

    /// The key of the `Authorization` header, or null if it holds none.
    public static @Nullable String bearer(HttpServerRequest request) {
        return behind("Bearer ", request.getHeader(HttpHeaders.AUTHORIZATION));
    }

    /// What stands behind the name of the scheme, or null if the header names another.
    public static @Nullable String behind(String scheme, @Nullable String header) {
        return header != null && header.regionMatches(true, 0, scheme, 0, scheme.length())
                ? header.substring(scheme.length()).strip()
                : null;
    }

    /// The key of a header of its own, or else the bearer's.
    public static @Nullable String headerOrBearer(HttpServerRequest request, String name) {
        String key = request.getHeader(name);
        return key == null ? bearer(request) : key.strip();
    }

    /// The last four characters.
    public static String tail(String key) {
        return key.substring(Math.max(0, key.length() - SHOWN));
    }

    /// The key as an error may quote it.
    public static String mask(String key) {
        return "..." + tail(key);
    }
}
