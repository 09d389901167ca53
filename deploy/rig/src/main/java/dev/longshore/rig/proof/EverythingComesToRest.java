package dev.longshore.rig.proof;

import java.util.ArrayList;
import java.util.List;

/// I12, first half: when faults stop, the backlog drains and every buffer returns to empty.
final class EverythingComesToRest implements Check {
    @Override
    public String name() {
        return "I12";
    }

    @Override
    public String promise() {
        return "after the faults all drains, every buffer is empty";
    }

    @Override
    public String extent(Evidence evidence) {
        return evidence.rest().gauges().size() + " gauges, "
                + evidence.rest().unread().size() + " lanes";
    }

    @Override
    public List<Violation> find(Evidence evidence) {
        List<Violation> found = new ArrayList<>();
        Rest rest = evidence.rest();
        if (!rest.stuck().isEmpty()) {
            found.add(Violation.of(this, rest.stuck()));
        }
        for (Ledger.Run run : evidence.ledger().runs()) {
            found.add(Violation.of(this, "still live: " + run, run.job()));
        }
        rest.unread().forEach((lane, tickets) -> {
            if (tickets != 0) {
                found.add(Violation.of(this, tickets + " unread tickets on lane " + lane));
            }
        });
        rest.gauges().forEach((gauge, value) -> {
            if (value != 0) {
                found.add(Violation.of(this, gauge + " is " + value + " at rest"));
            }
        });
        if (rest.openCalls() != 0) {
            found.add(Violation.of(this, rest.openCalls() + " calls are open at the provider"));
        }
        if (rest.untold() != 0) {
            found.add(Violation.of(this, rest.untold() + " rows of the outbox were not told"));
        }
        if (rest.claimed() != 0) {
            found.add(Violation.of(this, rest.claimed() + " notices are claimed and not sent"));
        }
        return found;
    }
}
