package dev.longshore.simulator.tongue;

import org.jspecify.annotations.Nullable;

/// The words of an error.
///
/// @param code the house's own name for the kind of error, null where it has none
public record Complaint(int status, @Nullable String code, String message) {

    /// The same with what a script wants otherwise.
    public Complaint with(@Nullable Integer newStatus, @Nullable String newCode, @Nullable String newMessage) {
        return new Complaint(
                newStatus == null ? status : newStatus,
                newCode == null ? code : newCode,
                newMessage == null ? message : newMessage);
    }
}
