package dev.longshore.rig.proof;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// I8, fourth part: whatever other receivers do, one that is well hears of a change soon. Outages of the system
/// itself, and what they may have left behind, are not counted; those of receivers are.
final class TheDeadDelayNobody implements Check {
    private record Waited(Notice notice, long calm, boolean excused) {}

    @Override
    public String name() {
        return "I8d";
    }

    @Override
    public String promise() {
        return "receivers that are ill do not delay those that are well";
    }

    @Override
    public String extent(Evidence evidence) {
        List<Waited> waits = waits(evidence);
        return "longest in ms "
                + waits.stream().mapToLong(Waited::calm).max().orElse(0) + " of " + waits.size() + ", "
                + waits.stream().filter(Waited::excused).count() + " in outages, bound "
                + evidence.bounds().longestDelivery().toMillis();
    }

    @Override
    public List<Violation> find(Evidence evidence) {
        List<Violation> found = new ArrayList<>();
        for (Waited waited : waits(evidence)) {
            if (waited.calm() > evidence.bounds().longestDelivery().toMillis()) {
                found.add(Violation.of(
                        this,
                        "tried for the first time after " + waited.calm() + " ms: " + waited.notice(),
                        waited.notice().job()));
            }
        }
        return found;
    }

    private static List<Waited> waits(Evidence evidence) {
        Mail mail = evidence.mail();
        Map<String, Long> first = new HashMap<>();
        mail.heard().forEach(heard -> first.merge(heard.id(), heard.at(), Math::min));
        List<Outage> excuses =
                Outage.ofTheSystem(evidence.outages(), evidence.bounds().claim());
        List<Waited> waits = new ArrayList<>();
        for (Notice notice : mail.notices()) {
            Long heard = first.get(notice.id());
            if (heard != null && mail.role(notice.address()) == Role.ALWAYS_WELL) {
                long from = notice.happenedAt().toEpochMilli();
                waits.add(new Waited(
                        notice,
                        Outage.outside(excuses, from, heard),
                        // A moment of no length lies within an outage if one that begins there has no calm.
                        Outage.outside(excuses, from, from + 1) == 0));
            }
        }
        return waits;
    }
}
