package dev.longshore.simulator.tongue;

/// What tells one answer from all others.
///
/// @param id unlike any other call's, of letters and digits
/// @param atMs when the call came in, in milliseconds since 1970
public record Stamp(String id, long atMs) {

    /// Of answers that are no calls.
    public static final Stamp NONE = new Stamp("0", 0);

    /// When the call came in, in seconds since 1970.
    public long seconds() {
        return atMs / 1000;
    }
}
