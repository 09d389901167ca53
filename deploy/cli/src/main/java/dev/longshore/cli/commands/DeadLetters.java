package dev.longshore.cli.commands;

import com.fasterxml.jackson.databind.JsonNode;
import dev.longshore.cli.job.Job;
import dev.longshore.cli.server.Query;
import dev.longshore.cli.show.Table;
import dev.longshore.cli.show.Times;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "dead-letters",
        description = "Lists the jobs that failed for good and were neither replayed nor discarded, newest first.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  longshore dead-letters --error-code PROVIDER_UNAVAILABLE --failed-after 2h",
            "  longshore dead-letters replay --all-matching --error-code PROVIDER_UNAVAILABLE"
        })
final class DeadLetters implements Callable<Integer> {
    private final Session session;

    @Mixin
    DeadLetterFilter filter = new DeadLetterFilter();

    @Mixin
    PageOptions page = new PageOptions();

    DeadLetters(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws InterruptedException {
        Instant now = session.surroundings().clock().instant();
        page.show(
                session,
                new Query("/v1/dead-letters").with("", filter.fields(now)),
                "job_id",
                new Table("JOB", "FAILED", "OPERATION", "LANE", "MODEL", "ATTEMPT", "CODE", "MESSAGE"),
                (table, job) -> row(table, job, now));
        return ExitStatus.DONE.code();
    }

    private static void row(Table table, JsonNode json, Instant now) {
        Job job = new Job(json);
        table.row(
                job.id(),
                job.time("finished_at")
                        .map(failed -> Times.between(failed, now) + " ago")
                        .orElse(""),
                job.operation(),
                job.lane(),
                job.model(),
                job.attempt() + "/" + job.maxAttempts(),
                job.error().code(),
                job.error().message());
    }
}
