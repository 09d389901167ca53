package dev.longshore.cli.commands;

import com.fasterxml.jackson.databind.JsonNode;
import dev.longshore.cli.server.Query;
import dev.longshore.cli.show.Table;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "attempts",
        description = "Lists each call of a provider that was made for a job, with what it cost and why it failed.",
        footerHeading = "%nExample:%n",
        footer = "  longshore attempts job_0199c5d2")
final class ListAttempts implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "JOB", description = "The job's id.")
    String job = "";

    ListAttempts(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws InterruptedException {
        new PageOptions()
                .show(
                        session,
                        new Query("/v1/jobs/" + Query.segment(job) + "/attempts"),
                        "epoch",
                        new Table(
                                "ATTEMPT",
                                "STATUS",
                                "MODEL",
                                "PROVIDER",
                                "STARTED",
                                "TOOK",
                                "HTTP",
                                "TOKENS",
                                "COST",
                                "REQUEST ID",
                                "ERROR"),
                        ListAttempts::row);
        return ExitStatus.DONE.code();
    }

    private static void row(Table table, JsonNode attempt) {
        JsonNode usage = attempt.path("usage");
        JsonNode error = attempt.path("error");
        JsonNode latency = attempt.path("latency_ms");
        table.row(
                attempt.path("attempt").asText() + (attempt.path("charged").asBoolean(true) ? "" : " (free)"),
                attempt.path("status").asText(""),
                attempt.path("model").asText(""),
                attempt.path("provider").asText(""),
                attempt.path("started_at").asText(""),
                latency.isNumber() ? latency.asText() + " ms" : "",
                attempt.path("http_status").asText(""),
                usage.path("input_tokens").asText("0") + "+"
                        + usage.path("output_tokens").asText("0"),
                attempt.path("cost_usd").isNumber()
                        ? "$" + attempt.path("cost_usd").decimalValue().toPlainString()
                        : "",
                attempt.path("provider_request_id").asText(""),
                error.isObject()
                        ? error.path("code").asText("") + ": "
                                + error.path("message").asText("")
                        : "");
    }
}
