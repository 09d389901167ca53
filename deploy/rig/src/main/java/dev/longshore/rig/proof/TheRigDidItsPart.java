package dev.longshore.rig.proof;

import java.util.List;
import java.util.stream.Stream;

/// What was found while the run was on, and what the rig itself failed to do: a run that was not what it
/// claims to have been proves nothing.
final class TheRigDidItsPart implements Check {
    @Override
    public String name() {
        return "rig";
    }

    @Override
    public String promise() {
        return "every fault was injected and mended, every look was clean";
    }

    @Override
    public String extent(Evidence evidence) {
        return evidence.outages().size() + " faults";
    }

    @Override
    public List<Violation> find(Evidence evidence) {
        return Stream.concat(evidence.seen().stream(), evidence.slips().stream().map(slip -> Violation.of(this, slip)))
                .toList();
    }
}
