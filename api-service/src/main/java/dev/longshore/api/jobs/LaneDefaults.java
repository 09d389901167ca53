package dev.longshore.api.jobs;

import java.time.Duration;

/// What holds for a lane's jobs unless they say otherwise.
record LaneDefaults(Duration deadline, int maxAttempts) {}
