package dev.longshore.standalone.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// What the sample work came to.
final class Report {
    private static final int ANSWER_WIDTH = 110;

    private Report() {}

    /// One answer of each kind, then the sums.
    static String of(Collection<DemoJob> jobs, double seconds) {
        Map<String, DemoJob> examples = new LinkedHashMap<>();
        for (DemoJob job : jobs) if (job.isComplete()) examples.putIfAbsent(job.label("kind"), job);
        var text = new StringBuilder("\nSome results:\n");
        examples.forEach((kind, job) ->
                text.append("  %-10s %-16s %s%n".formatted(kind, job.label("ticket"), shortened(job.answer()))));
        long complete = jobs.stream().filter(DemoJob::isComplete).count();
        text.append("%n%d of %d jobs complete in %.1f s; %.0f provider calls, %.0f of them again after a fault%n"
                .formatted(complete, jobs.size(), seconds, calls(jobs), calls(jobs) - jobs.size()));
        text.append("%.0f tokens in, %.0f tokens out, %.6f US dollars at the demo's prices%n"
                .formatted(
                        sum(jobs, job -> job.at("/usage/input_tokens").asDouble()),
                        sum(jobs, job -> job.at("/usage/output_tokens").asDouble()),
                        sum(jobs, job -> job.path("cost_usd").asDouble())));
        for (DemoJob job : jobs) {
            if (!job.isComplete()) {
                text.append("  %s is %s %s%n".formatted(job.id(), job.status(), job.isOver() ? job.failure() : ""));
            }
        }
        return text.toString();
    }

    private static double calls(Collection<DemoJob> jobs) {
        return sum(jobs, job -> Math.max(1, job.at("/metadata/attempts").asDouble()));
    }

    private static double sum(Collection<DemoJob> jobs, ToDoubleFunction<JsonNode> part) {
        return jobs.stream().map(DemoJob::json).mapToDouble(part).sum();
    }

    private static String shortened(String text) {
        return text.length() <= ANSWER_WIDTH ? text : text.substring(0, ANSWER_WIDTH - 1) + "…";
    }
}
