package dev.longshore.rig.proof;

import java.util.List;

/// No service that does its work ends but by our hand, whatever is broken around it. One that is only
/// starting may give up, and whoever runs it starts it again; how often that happened is said.
final class NoProcessEndsByItself implements Check {
    @Override
    public String name() {
        return "alive";
    }

    @Override
    public String promise() {
        return "no service at work ends but by our hand";
    }

    @Override
    public String extent(Evidence evidence) {
        long failed = evidence.stays().stream()
                .filter(stay -> !stay.byUs() && !stay.worked())
                .count();
        return evidence.stays().size() + " processes, " + failed + " starts given up";
    }

    @Override
    public List<Violation> find(Evidence evidence) {
        return evidence.stays().stream()
                .filter(stay -> !stay.byUs() && stay.worked())
                .map(stay -> Violation.of(this, "ended by itself: " + stay))
                .toList();
    }
}
