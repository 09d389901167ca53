package dev.longshore.rig.chaos;

/// One fault of a schedule.
///
/// @param number from 1, in the order of their beginnings
/// @param target what of its kind is struck
/// @param beginMs after the start of the run
/// @param endMs after the start of the run
record Planned(int number, FaultKind kind, String target, long beginMs, long endMs) {
    @Override
    public String toString() {
        return "%6.1f s to %6.1f s  %s, %s".formatted(beginMs / 1_000.0, endMs / 1_000.0, kind.words(), target);
    }
}
