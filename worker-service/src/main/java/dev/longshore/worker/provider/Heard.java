package dev.longshore.worker.provider;

import dev.longshore.attempt.Usage;
import org.jspecify.annotations.Nullable;

/// What a stream has told so far of what is paid for.
///
/// @param told the tokens used by then as the provider counts them; null while it has told none
/// @param output all that the model has produced by then, in any order: words, thoughts, what it calls tools with
public record Heard(@Nullable Usage told, String output) {}
