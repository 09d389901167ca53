package dev.longshore.rig.proof;

/// The life of one process of a service.
///
/// @param service `api-1`, `worker-2`
/// @param from milliseconds since 1970
/// @param to milliseconds since 1970; [Long#MAX_VALUE] while it lives
/// @param byUs whether we ended it, or it lives
/// @param worked whether it ever did its work; else it was still starting
/// @param how its exit status, for people
public record Stay(String service, long from, long to, boolean byUs, boolean worked, String how) {}
