package dev.longshore.cli.commands;

import com.fasterxml.jackson.databind.JsonNode;
import dev.longshore.cli.job.Job;
import dev.longshore.cli.show.Harmless;
import dev.longshore.cli.show.Paint;
import dev.longshore.cli.show.Times;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// A job on one page.
final class JobCard {
    private final Job job;
    private final Instant now;
    private final List<String> lines = new ArrayList<>();

    private JobCard(Job job, Instant now) {
        this.job = job;
        this.now = now;
    }

    /// All that is known of it but its result.
    static List<String> lines(Job job, Instant now, Paint paint) {
        JobCard card = new JobCard(job, now);
        card.lines.add(paint.heading(Harmless.line(job.id())) + "  " + paint.status(Harmless.line(job.status())));
        card.fill();
        return card.lines;
    }

    private void fill() {
        JsonNode json = job.json();
        field("operation", job.operation());
        field("lane", job.lane());
        field("model", job.model() + brackets(json.at("/metadata/provider").asText("")));
        field("attempt", job.attempt() + " of " + job.maxAttempts());
        job.waiting()
                .ifPresent(waiting -> field(
                        "waiting",
                        waiting.reason()
                                + waiting.until()
                                        .map(until -> " until " + until)
                                        .orElse("")
                                + (waiting.detail().isEmpty() ? "" : ": " + waiting.detail())));
        field("place", job.queuePosition() > 0 ? Long.toString(job.queuePosition()) : "");
        field(
                "labels",
                json.path("labels").properties().stream()
                        .map(label -> label.getKey() + "=" + label.getValue().asText())
                        .collect(Collectors.joining(" ")));
        field("batch", job.text("batch_id"));
        time("created", "created_at");
        time("started", "started_at");
        time("finished", "finished_at");
        if (!job.isOver()) {
            time("deadline", "deadline_at");
        }
        JsonNode usage = json.path("usage");
        field(
                "tokens",
                usage.isObject()
                        ? usage.path("input_tokens").asText("0") + " in, "
                                + usage.path("output_tokens").asText("0") + " out"
                        : "");
        if (json.path("cost_usd").asDouble() > 0) {
            field("cost", "$" + json.path("cost_usd").decimalValue().toPlainString());
        }
        Job.Failure error = job.error();
        field("error", error.code().isEmpty() ? "" : error.code() + ": " + error.message());
    }

    private void time(String name, String field) {
        job.time(field)
                .ifPresent(time -> field(
                        name,
                        time
                                + (time.isAfter(now)
                                        ? " (in " + Times.between(now, time) + ")"
                                        : " (" + Times.between(time, now) + " ago)")));
    }

    private void field(String name, String value) {
        if (!value.isBlank()) {
            lines.add("  %-11s%s".formatted(name, Harmless.line(value)));
        }
    }

    private static String brackets(String text) {
        return text.isEmpty() ? "" : " (" + text + ")";
    }
}
