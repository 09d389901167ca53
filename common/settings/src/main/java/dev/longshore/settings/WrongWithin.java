package dev.longshore.settings;

import java.util.List;

/// What is wrong inside a single value that has an inside.
final class WrongWithin extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /// @param below the property name of the place, counted from the value: `.prompt`, `[0].text`, or empty
    record Fault(String below, String expected, String found) {}

    private final transient List<Fault> faults;

    WrongWithin(List<Fault> faults) {
        super("wrong within");
        this.faults = List.copyOf(faults);
    }

    List<Fault> faults() {
        return faults;
    }
}
