package dev.longshore.rig.proof;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// I8, first part: for each change of a job that an endpoint or the job's own webhook wants to hear of there is one
/// notice, and for nothing else is there any.
final class EachChangeHasItsNotices implements Check {
    /// A statement that began before an endpoint was switched off may be under way for so long.
    private static final Duration LONGEST_STATEMENT = Duration.ofSeconds(30);

    /// Where a notice belongs.
    private record Place(
            String job,
            long number,
            @Nullable String endpoint,
            @Nullable String url) {}

    /// What is wanted there.
    private record Wanted(Ledger.Step step, boolean surely) {}

    @Override
    public String name() {
        return "I8";
    }

    @Override
    public String promise() {
        return "one notice for each wanted change and receiver";
    }

    @Override
    public String extent(Evidence evidence) {
        long own = evidence.mail().notices().stream()
                .filter(notice -> notice.endpoint() == null)
                .count();
        return evidence.mail().notices().size() + " notices, " + own + " of them to URLs of jobs";
    }

    @Override
    public List<Violation> find(Evidence evidence) {
        Map<Place, Wanted> wanted = wanted(evidence);
        List<Violation> found = new ArrayList<>();
        Set<Place> written = new HashSet<>();
        for (Notice notice : evidence.mail().notices()) {
            Place place = new Place(
                    notice.job(),
                    notice.number(),
                    notice.endpoint(),
                    notice.endpoint() == null ? notice.address() : null);
            Wanted why = wanted.get(place);
            if (why == null) {
                found.add(Violation.of(this, "nobody wanted to hear of it: " + notice, notice.job()));
            } else if (!why.step().type().equals(notice.type())) {
                found.add(Violation.of(this, notice + " is of " + why.step(), notice.job()));
            } else if (!written.add(place)) {
                found.add(Violation.of(this, "a second notice: " + notice, notice.job()));
            }
        }
        wanted.forEach((place, why) -> {
            if (why.surely() && !written.contains(place)) {
                found.add(Violation.of(this, "there is no notice of " + why.step() + " for " + place, place.job()));
            }
        });
        return found;
    }

    private static Map<Place, Wanted> wanted(Evidence evidence) {
        Mail mail = evidence.mail();
        Map<String, Ledger.Job> jobs = new HashMap<>();
        evidence.ledger().jobs().forEach(job -> jobs.put(job.id(), job));
        Map<String, Endpoint> endpoints = mail.endpointsById();
        Map<Place, Wanted> wanted = new HashMap<>();
        for (Ledger.Step step : evidence.ledger().steps()) {
            Ledger.Job job = jobs.get(step.job());
            if (job == null) {
                continue;
            }
            for (Endpoint endpoint : mail.endpoints()) {
                if (endpoint.wants(job, step)) {
                    add(wanted, step, endpoint);
                }
            }
            Wish wish = mail.wishes().get(job.order());
            if (wish != null && wish.events().contains(step.type())) {
                Endpoint named = wish.endpoint() == null ? null : endpoints.get(wish.endpoint());
                if (named != null) {
                    add(wanted, step, named);
                } else {
                    wanted.put(new Place(job.id(), step.number(), null, wish.url()), new Wanted(step, step.sure()));
                }
            }
        }
        return wanted;
    }

    /// What comes true in a transaction that begins when the endpoint is off already is not told to it.
    private static void add(Map<Place, Wanted> wanted, Ledger.Step step, Endpoint endpoint) {
        Instant off = endpoint.disabledAt();
        if (off == null || step.at().isBefore(off.plus(LONGEST_STATEMENT))) {
            boolean surely = step.sure() && (off == null || step.at().isBefore(off));
            wanted.put(new Place(step.job(), step.number(), endpoint.id(), null), new Wanted(step, surely));
        }
    }
}
