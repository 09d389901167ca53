package dev.longshore.cli.commands;

import com.fasterxml.jackson.databind.JsonNode;
import dev.longshore.cli.job.Json;
import dev.longshore.cli.server.Query;
import dev.longshore.cli.show.Table;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "timeline",
        description = "Lists all that happened to a job: when, what it became, why, and who made it happen.",
        footerHeading = "%nExample:%n",
        footer = "  longshore timeline job_0199c5d2")
final class ShowTimeline implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "JOB", description = "The job's id.")
    String job = "";

    ShowTimeline(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws InterruptedException {
        new PageOptions()
                .show(
                        session,
                        new Query("/v1/jobs/" + Query.segment(job) + "/timeline"),
                        "time",
                        new Table("TIME", "STATUS", "REASON", "WHO", "DETAIL"),
                        ShowTimeline::row);
        return ExitStatus.DONE.code();
    }

    private static void row(Table table, JsonNode entry) {
        JsonNode detail = entry.path("detail");
        table.row(
                entry.path("time").asText(""),
                entry.path("status").asText(""),
                entry.path("reason").asText(""),
                entry.path("who").asText(""),
                detail.isContainerNode() ? Json.line(detail) : detail.asText(""));
    }
}
