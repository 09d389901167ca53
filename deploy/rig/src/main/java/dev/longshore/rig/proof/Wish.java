package dev.longshore.rig.proof;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The webhook that came with an order; it names a URL or an endpoint.
public record Wish(@Nullable String url, @Nullable String endpoint, Set<String> events) {}
