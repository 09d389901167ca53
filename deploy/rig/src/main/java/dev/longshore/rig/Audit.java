package dev.longshore.rig;

import dev.longshore.rig.Books.Attempt;
import dev.longshore.rig.Books.Outcome;
import dev.longshore.simulator.Call;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Holds a system at rest to its promises, from outside: what the database says, what the API says and
/// what the provider saw must be one story.
public final class Audit {
    /// Attempts of whose call nobody can know whether the provider saw it.
    private static final Set<String> PERHAPS_CALLED = Set.of("unknown", "interrupted");

    /// Of more jobs than this the API is asked about some only, spread over all of them.
    private static final int MOST_QUESTIONS = 1_000;

    private final Cluster cluster;

    Audit(Cluster cluster) {
        this.cluster = cluster;
    }

    private record Try(String jobId, int epoch) {}

    /// Everything about these jobs that contradicts a promise; empty if nothing does.
    ///
    /// @param promised ids that were answered with 202
    public List<String> violations(Collection<String> promised) {
        List<String> found = new ArrayList<>();
        Set<String> jobs = Set.copyOf(promised);
        cluster.books()
                .runs()
                .forEach(run -> found.add("still live: " + run + (jobs.contains(run.jobId()) ? "" : ", of others")));

        List<Outcome> outcomes = cluster.books().outcomes(jobs);
        Map<String, Outcome> ends = new HashMap<>();
        for (Outcome outcome : outcomes) {
            if (ends.put(outcome.jobId(), outcome) != null) {
                found.add("two outcomes: " + outcome);
            }
        }
        for (String job : jobs) {
            Outcome end = ends.get(job);
            if (end == null) {
                found.add("accepted and lost: " + job);
            }
        }
        for (int i = 0; i < outcomes.size(); i += 1 + outcomes.size() / MOST_QUESTIONS) {
            compareWithApi(outcomes.get(i), found);
        }
        compareWithProvider(jobs, ends, found);
        return found;
    }

    private void compareWithApi(Outcome end, List<String> found) {
        try {
            Client.Answer answer = cluster.client().get(cluster.anyApi(), "/v1/jobs/" + end.jobId());
            String status = answer.body().path("status").asText();
            // Another tenant's job is not for this client to see.
            if (answer.status() != 404 && !status.equals(end.status())) {
                found.add("the API says " + answer.status() + " " + status + ", the database says " + end);
            }
        } catch (IOException e) {
            found.add("the API cannot be asked: " + e);
        }
    }

    private void compareWithProvider(Set<String> jobs, Map<String, Outcome> ends, List<String> found) {
        List<Attempt> attempts = cluster.books().attempts(jobs);
        Set<Try> recorded = new HashSet<>();
        Map<String, Long> answered = new HashMap<>();
        for (Attempt attempt : attempts) {
            recorded.add(new Try(attempt.jobId(), attempt.epoch()));
            if (attempt.outcome().equals("answered")) {
                answered.merge(attempt.jobId(), 1L, Long::sum);
            }
        }
        Set<Try> seen = new HashSet<>();
        for (Call call : cluster.simulator().calls()) {
            String job = call.jobId();
            String epoch = call.attempt();
            if (job == null || epoch == null || !jobs.contains(job)) {
                continue;
            }
            Try made = new Try(job, Integer.parseInt(epoch));
            if (!seen.add(made)) {
                found.add("called twice under one claim: " + made);
            }
            if (!recorded.contains(made)) {
                found.add("called but not recorded: " + made);
            }
        }
        for (Attempt attempt : attempts) {
            boolean wasSeen = seen.contains(new Try(attempt.jobId(), attempt.epoch()));
            if (!wasSeen && !PERHAPS_CALLED.contains(attempt.outcome())) {
                found.add("recorded but never called: " + attempt);
            }
        }
        for (Outcome end : ends.values()) {
            long expected = end.status().equals("complete") ? 1 : 0;
            if (answered.getOrDefault(end.jobId(), 0L) != expected) {
                found.add(answered.getOrDefault(end.jobId(), 0L) + " answered attempts: " + end + " of "
                        + attempts.stream()
                                .filter(attempt -> attempt.jobId().equals(end.jobId()))
                                .collect(Collectors.toList()));
            }
        }
    }
}
