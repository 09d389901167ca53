package dev.longshore.settings;

import java.util.List;
import java.util.stream.Collectors;

/// The settings are wrong, so nothing can be started with them. The message lists what is wrong, one line each.
public final class WrongSettings extends RuntimeException {

    private final transient List<Complaint> complaints;

    WrongSettings(List<Complaint> complaints) {
        super(complaints.stream().map(Complaint::toString).collect(Collectors.joining(System.lineSeparator())));
        this.complaints = List.copyOf(complaints);
    }

    /// What is wrong, in the order of the file; at least one.
    public List<Complaint> complaints() {
        return complaints;
    }
}
