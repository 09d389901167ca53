package dev.longshore.rig.proof;

import java.util.List;

/// No service ends but by our hand, whatever is broken around it.
final class NoProcessEndsByItself implements Check {
    @Override
    public String name() {
        return "alive";
    }

    @Override
    public String promise() {
        return "no service ends but by our hand";
    }

    @Override
    public String extent(Evidence evidence) {
        return evidence.stays().size() + " processes";
    }

    @Override
    public List<Violation> find(Evidence evidence) {
        return evidence.stays().stream()
                .filter(stay -> !stay.byUs())
                .map(stay -> Violation.of(this, "ended by itself: " + stay))
                .toList();
    }
}
