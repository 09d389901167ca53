package dev.longshore.cli.commands;

import com.fasterxml.jackson.databind.JsonNode;
import dev.longshore.cli.job.Job;
import dev.longshore.cli.server.Query;
import dev.longshore.cli.show.Table;
import dev.longshore.cli.show.Times;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "list",
        description = "Lists jobs, newest first.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  longshore list --status waiting --lane batch --created-after 2h",
            "  longshore list -q --label team=search --all | xargs -n 1 longshore cancel"
        })
final class ListJobs implements Callable<Integer> {
    private final Session session;

    @Option(
            names = "--status",
            paramLabel = "STATUS",
            description = "waiting, queued, processing, awaiting_review, complete, failed or cancelled.")
    @Nullable
    String status;

    @Option(names = "--lane", paramLabel = "LANE", description = "interactive, standard or batch.")
    @Nullable
    String lane;

    @Option(names = "--operation", paramLabel = "NAME", description = "Such as chat, or chat@1.")
    @Nullable
    String operation;

    @Option(names = "--batch", paramLabel = "ID", description = "Only jobs of this batch.")
    @Nullable
    String batch;

    @Option(
            names = "--label",
            paramLabel = "K=V",
            description = "Only jobs with this label; may be given several times.")
    Map<String, String> labels = new LinkedHashMap<>();

    @Option(
            names = "--created-after",
            paramLabel = "TIME",
            converter = Moment.Converter.class,
            description = "A time (2026-11-21T08:00:00Z), or how long ago (2h).")
    @Nullable
    Moment createdAfter;

    @Option(
            names = "--created-before",
            paramLabel = "TIME",
            converter = Moment.Converter.class,
            description = "Likewise.")
    @Nullable
    Moment createdBefore;

    @Mixin
    PageOptions page = new PageOptions();

    ListJobs(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws InterruptedException {
        Instant now = session.surroundings().clock().instant();
        Query query = new Query("/v1/jobs")
                .with("status", status)
                .with("lane", lane)
                .with("operation", operation)
                .with("batch_id", batch)
                .with("created_after", createdAfter == null ? null : createdAfter.text(now, -1))
                .with("created_before", createdBefore == null ? null : createdBefore.text(now, -1))
                .with("label.", labels);
        page.show(
                session,
                query,
                "job_id",
                new Table("JOB", "STATUS", "OPERATION", "LANE", "MODEL", "ATTEMPT", "AGE", "WAITS FOR / ERROR"),
                (table, job) -> row(table, job, now));
        return ExitStatus.DONE.code();
    }

    private static void row(Table table, JsonNode json, Instant now) {
        Job job = new Job(json);
        table.row(
                job.id(),
                job.status(),
                job.operation(),
                job.lane(),
                job.model(),
                job.attempt() + "/" + job.maxAttempts(),
                job.time("created_at")
                        .map(created -> Times.between(created, now))
                        .orElse(""),
                job.waiting().map(Job.Waiting::reason).orElse(job.error().code()));
    }
}
