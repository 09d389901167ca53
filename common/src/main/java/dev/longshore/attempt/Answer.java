package dev.longshore.attempt;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A good answer in the normal form.
///
/// @param result the JSON to be stored: a Chat Completions or Embeddings response, whichever provider answered
/// @param modelVersion the exact model that the provider says has answered
/// @param latency from sending the request to having read the whole answer
public record Answer(String result, Usage usage, @Nullable String modelVersion, Duration latency, Reply reply) {}
