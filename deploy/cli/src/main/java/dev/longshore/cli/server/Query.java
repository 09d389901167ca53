package dev.longshore.cli.server;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A path with its parameters.
public final class Query {
    private final String path;
    private final Map<String, String> parameters = new LinkedHashMap<>();

    /// @param path with its ids in place, see [#segment]
    public Query(String path) {
        this.path = path;
    }

    /// One part of a path, escaped: ids come from people.
    public static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /// Adds a parameter; what is null is left out.
    public Query with(String name, @Nullable Object value) {
        if (value != null) {
            parameters.put(name, value.toString());
        }
        return this;
    }

    /// Adds a parameter for each entry.
    public Query with(String prefix, Map<String, String> values) {
        values.forEach((name, value) -> with(prefix + name, value));
        return this;
    }

    @Override
    public String toString() {
        StringBuilder whole = new StringBuilder(path);
        char before = '?';
        for (var parameter : parameters.entrySet()) {
            whole.append(before).append(segment(parameter.getKey())).append('=').append(segment(parameter.getValue()));
            before = '&';
        }
        return whole.toString();
    }
}
