package dev.longshore.api.errors;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The routes that speak as OpenAI's do: their clients know the codes of errors in small letters.
final class OpenAiRoutes {
    private static final List<String> ROOTS = List.of("/v1/models");

    private OpenAiRoutes() {}

    static boolean has(@Nullable String path) {
        return path != null && ROOTS.stream().anyMatch(root -> path.equals(root) || path.startsWith(root + "/"));
    }
}
