package dev.longshore.rig.proof;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// I8, fifth part: an endpoint that answered 410 is disabled and left alone, and no other is.
final class TheGoneAreSwitchedOff implements Check {
    private static final int GONE = 410;

    @Override
    public String name() {
        return "I8e";
    }

    @Override
    public String promise() {
        return "who is gone is switched off, and nobody else";
    }

    @Override
    public String extent(Evidence evidence) {
        long off = evidence.mail().endpoints().stream()
                .filter(endpoint -> endpoint.disabledAt() != null)
                .count();
        return evidence.mail().endpoints().size() + " endpoints, " + off + " switched off";
    }

    @Override
    public List<Violation> find(Evidence evidence) {
        List<Violation> found = new ArrayList<>();
        for (Endpoint endpoint : evidence.mail().endpoints()) {
            List<Heard> heard = evidence.mail().heard().stream()
                    .filter(one -> one.address().equals(endpoint.url()))
                    .toList();
            boolean gone = heard.stream().anyMatch(one -> one.answered() == GONE);
            Instant off = endpoint.disabledAt();
            if (off == null) {
                if (gone) {
                    found.add(Violation.of(this, "it has answered 410 and is enabled: " + endpoint.url()));
                }
                continue;
            }
            if (!gone) {
                found.add(Violation.of(this, "it is disabled and never answered 410: " + endpoint.url()));
            }
            // What was claimed before may still come, though its worker was frozen meanwhile.
            long last = off.plus(evidence.bounds().claim()).toEpochMilli();
            heard.stream()
                    .filter(one -> one.at() > last)
                    .forEach(one -> found.add(Violation.of(this, "called after it was switched off: " + one)));
        }
        return found;
    }
}
