package dev.longshore.cli.commands;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "watch",
        description = "Shows what happens to a job until it is over, then its result.",
        footerHeading = "%nExample:%n",
        footer = {
            "  longshore watch job_0199c5d2 --timeout 5m",
            "",
            "The result goes to the output, all else to the error stream. A lost connection is made again, and goes on",
            "after the last event that was seen. Tokens that did not count in the end are wiped off the screen, or marked",
            "where that is not possible; --quiet prints the result alone."
        })
final class WatchJob implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "JOB", description = "The job's id.")
    String job = "";

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = Span.Converter.class,
            description = "Watch no longer than this: 90, 5m, 2h.")
    @Nullable
    Span timeout;

    WatchJob(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws InterruptedException {
        return new Stay(session).watching(job, true, timeout == null ? null : timeout.duration());
    }
}
