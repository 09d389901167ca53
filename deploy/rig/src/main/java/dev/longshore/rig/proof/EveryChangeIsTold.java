package dev.longshore.rig.proof;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Every change of a job's status is told on the event topic under its number, at least once, and what never happened
/// is not told.
final class EveryChangeIsTold implements Check {
    private record Place(String job, long number) {}

    @Override
    public String name() {
        return "events";
    }

    @Override
    public String promise() {
        return "each change of status is told on the topic, nothing else";
    }

    @Override
    public String extent(Evidence evidence) {
        Set<Place> once = new HashSet<>();
        long again = evidence.events().stream()
                .filter(event -> !once.add(new Place(event.job(), event.number())))
                .count();
        return evidence.ledger().steps().size() + " changes, " + once.size() + " told, " + again + " told again";
    }

    @Override
    public List<Violation> find(Evidence evidence) {
        List<Violation> found = new ArrayList<>();
        Map<String, Ledger.Job> jobs = new HashMap<>();
        evidence.ledger().jobs().forEach(job -> jobs.put(job.id(), job));
        Map<Place, Ledger.Step> steps = new HashMap<>();
        evidence.ledger().steps().forEach(step -> steps.put(new Place(step.job(), step.number()), step));
        Set<Place> told = new HashSet<>();
        Set<Event> wrong = new HashSet<>();
        for (Event event : evidence.events()) {
            Place place = new Place(event.job(), event.number());
            Ledger.Step step = steps.get(place);
            Ledger.Job job = jobs.get(event.job());
            if (step == null || !step.type().equals(event.type())) {
                // Said once, however often it was told.
                if (wrong.add(event)) {
                    found.add(Violation.of(this, "told and never happened: " + event, event.job()));
                }
                continue;
            }
            told.add(place);
            if (!event.inPlace() || job == null || job.tenant() != event.tenant()) {
                found.add(Violation.of(this, "told of the wrong tenant or job: " + event + ", " + job, event.job()));
            }
        }
        steps.forEach((place, step) -> {
            if (step.sure() && !told.contains(place)) {
                found.add(Violation.of(this, "never told: " + step, step.job()));
            }
        });
        return found;
    }
}
