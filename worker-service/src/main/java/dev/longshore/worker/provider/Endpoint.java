package dev.longshore.worker.provider;

import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Where a provider is, and what goes with every call there.
public final class Endpoint {
    private final String base;
    private final String query;
    private final List<Map<String, String>> headersByKey;

    /// @param baseUrl up to the version segment; a query, such as Azure's `?api-version=...`, goes with every call
    /// @param keys the API keys, of which each call names one; none for servers that want none
    /// @param headers sent with every call; they win over the API's own
    /// @param ofApi the API's own headers for a key, or for none
    public Endpoint(
            URI baseUrl,
            List<String> keys,
            Map<String, String> headers,
            Function<@Nullable String, Map<String, String>> ofApi) {
        String url = baseUrl.toString();
        int question = url.indexOf('?');
        base = (question < 0 ? url : url.substring(0, question)).replaceAll("/+$", "");
        query = question < 0 ? "" : url.substring(question);
        headersByKey = keys.isEmpty()
                ? List.of(all(ofApi.apply(null), headers))
                : keys.stream().map(key -> all(ofApi.apply(key), headers)).toList();
    }

    private static Map<String, String> all(Map<String, String> ofApi, Map<String, String> headers) {
        Map<String, String> all = new HashMap<>(ofApi);
        all.putAll(headers);
        return Map.copyOf(all);
    }

    /// @param path with a slash in front; may have a query of its own
    public URI at(String path) {
        return URI.create(base + path + (path.contains("?") ? query.replaceFirst("\\?", "&") : query));
    }

    /// What goes with a call; may be added to.
    ///
    /// @param key which of the keys, from 0
    /// @param claim which claim of the job
    public Map<String, String> headers(int key, String jobId, int claim) {
        Map<String, String> headers = new HashMap<>(headersByKey.get(key));
        // Not part of any API: they let a provider's log, or the simulator's, be held against ours.
        headers.put("x-longshore-job-id", jobId);
        headers.put("x-longshore-attempt", Integer.toString(claim));
        return headers;
    }
}
