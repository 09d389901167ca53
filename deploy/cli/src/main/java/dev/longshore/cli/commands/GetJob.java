package dev.longshore.cli.commands;

import dev.longshore.cli.follow.Follower;
import dev.longshore.cli.job.Job;
import dev.longshore.cli.job.ResultText;
import dev.longshore.cli.server.Query;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "get",
        description = "Shows a job as it is now. With --wait the exit status tells how it ended.",
        footerHeading = "%nExample:%n",
        footer = "  longshore get job_0199c5d2 --wait 30 --quiet > answer.txt")
final class GetJob implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "JOB", description = "The job's id.")
    String job = "";

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            converter = Span.Converter.class,
            description = "Wait until it is over, at most so long: 90, 5m, 2h.")
    @Nullable
    Span wait;

    GetJob(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (wait == null) {
            show(new Job(session.server().get("/v1/jobs/" + Query.segment(job)).body()));
            return ExitStatus.DONE.code();
        }
        try (var _ = session.sayWhenInterrupted(job)) {
            Job last =
                    new Follower(session.server(), session.surroundings(), session.voice()).await(job, wait.duration());
            show(last);
            return ExitStatus.of(last.standing()).code();
        }
    }

    private void show(Job found) {
        if (session.json()) {
            session.voice().json(found.json());
            return;
        }
        if (!session.quiet()) {
            JobCard.lines(
                            found,
                            session.surroundings().clock().instant(),
                            session.voice().paint())
                    .forEach(session.voice()::say);
        }
        String text = ResultText.of(found);
        if (!text.isEmpty()) {
            session.voice().text(text);
        }
    }
}
