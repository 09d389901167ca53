package dev.longshore.job;

import org.jspecify.annotations.Nullable;

/// How far a claimed job is.
///
/// @param epoch the claim that tells
/// @param share from 0 to 1
/// @param message what it does just now, for people
public record ProgressStep(
        JobId job, int epoch, double share, @Nullable String message) {}
