package dev.longshore.cli.commands;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How a job is to be run, whatever it is. What is not given is left to the request, or to the server.
final class JobOptions {
    @Option(names = "--lane", paramLabel = "LANE", description = "interactive, standard or batch.")
    @Nullable
    String lane;

    @Option(names = "--priority", paramLabel = "N", description = "-100 to 100: seconds of head start inside the lane.")
    @Nullable
    Integer priority;

    @Option(
            names = "--deadline",
            paramLabel = "TIME",
            converter = Span.Converter.class,
            description = "The job's whole life, waiting included: 90, 5m, 2h.")
    @Nullable
    Span deadline;

    @Option(
            names = "--delay",
            paramLabel = "TIME",
            converter = Span.Converter.class,
            description = "Do not start before so long: 90, 5m, 2h.")
    @Nullable
    Span delay;

    @Option(
            names = "--run-at",
            paramLabel = "TIME",
            converter = Moment.Converter.class,
            description = "Do not start before: 2026-11-21T08:00:00Z.")
    @Nullable
    Moment runAt;

    @Option(
            names = "--label",
            paramLabel = "K=V",
            description = "A label to find the job by; may be given several times.")
    Map<String, String> labels = new LinkedHashMap<>();

    @Option(names = "--max-cost", paramLabel = "USD", description = "Refuse the job if it may cost more.")
    @Nullable
    BigDecimal maxCost;

    @Option(
            names = "--webhook",
            paramLabel = "URL",
            description = "Tell this URL, or this endpoint (we_...), when the job is over.")
    @Nullable
    String webhook;

    /// Puts what was given over what the request says.
    void into(ObjectNode request, Instant now) {
        if (delay != null && runAt != null) {
            throw new Misuse("--delay and --run-at say the same thing twice: give one of them");
        }
        if (lane != null) {
            request.put("lane", lane);
        }
        if (priority != null) {
            request.put("priority", priority);
        }
        if (deadline != null) {
            request.put("deadline_seconds", deadline.seconds());
        }
        if (delay != null) {
            request.remove("run_at");
            request.put("delay_seconds", delay.seconds());
        }
        if (runAt != null) {
            request.remove("delay_seconds");
            request.put("run_at", runAt.text(now, 1));
        }
        if (maxCost != null) {
            request.put("max_cost_usd", maxCost);
        }
        if (webhook != null) {
            request.putObject("webhook").put(webhook.startsWith("we_") ? "endpoint_id" : "url", webhook);
        }
        if (!labels.isEmpty()) {
            ObjectNode all = request.withObjectProperty("labels");
            labels.forEach(all::put);
        }
    }
}
