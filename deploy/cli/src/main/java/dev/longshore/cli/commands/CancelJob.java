package dev.longshore.cli.commands;

import dev.longshore.cli.job.Job;
import dev.longshore.cli.job.Standing;
import dev.longshore.cli.server.Query;
import dev.longshore.cli.server.Reply;
import dev.longshore.cli.show.Harmless;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "cancel",
        description = "Cancels a job. One that is over stays as it is.",
        footerHeading = "%nExample:%n",
        footer = "  longshore cancel job_0199c5d2")
final class CancelJob implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "JOB", description = "The job's id.")
    String job = "";

    CancelJob(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws InterruptedException {
        Reply reply = session.server().post("/v1/jobs/" + Query.segment(job) + "/cancel");
        Job now = new Job(reply.body());
        if (session.json()) {
            session.voice().json(reply.body());
        } else if (now.standing() == Standing.CANCELLED) {
            session.voice()
                    .talk(Harmless.line(now.id()) + " is "
                            + session.voice().paint().status("cancelled"));
        } else if (now.isOver()) {
            session.voice()
                    .complain(Harmless.line(now.id()) + " was over before: it is "
                            + session.voice().paint().status(now.status()));
        } else {
            session.voice().talk(Harmless.line(now.id()) + " is being stopped by its worker");
        }
        return ExitStatus.DONE.code();
    }
}
