package dev.longshore.rig.chaos;

import java.util.Locale;
import java.util.Optional;

/// Whose faults; what `--faults` chooses from.
enum FaultGroup {
    PROCESS,
    KAFKA,
    POSTGRES,
    PROVIDER,
    CLIENT,
    NETWORK,
    RECEIVER;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<FaultGroup> of(String word) {
        for (FaultGroup group : values()) {
            if (group.word().equals(word)) {
                return Optional.of(group);
            }
        }
        return Optional.empty();
    }
}
