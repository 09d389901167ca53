package dev.longshore.rig.proof;

/// A request as a receiver heard it.
///
/// @param at milliseconds since 1970, when its last byte had come
/// @param address where it went
/// @param id the header `webhook-id`; empty when there was none, as with the others
/// @param answered the status of the answer; 0 for none
public record Heard(
        long at, String address, String id, String timestamp, String signatures, byte[] body, int answered) {
    /// Whether the receiver took it.
    public boolean isTaken() {
        return answered >= 200 && answered < 300;
    }

    @Override
    public String toString() {
        return id + " at " + at + " to " + address + ", of " + body.length + " bytes, answered " + answered;
    }
}
