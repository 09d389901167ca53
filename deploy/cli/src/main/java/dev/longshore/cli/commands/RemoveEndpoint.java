package dev.longshore.cli.commands;

import dev.longshore.cli.server.Query;
import dev.longshore.cli.server.Reply;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "remove",
        description = "Removes an endpoint, such as one that an unfinished listen --register left.",
        footerHeading = "%nExample:%n",
        footer = "  longshore webhooks remove we_0199c5d2")
final class RemoveEndpoint implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "ENDPOINT", description = "The endpoint's id.")
    String endpoint = "";

    RemoveEndpoint(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws InterruptedException {
        Reply reply = session.server().delete("/v1/webhook-endpoints/" + Query.segment(endpoint));
        if (session.json()) {
            session.voice().json(reply.body());
        } else {
            session.voice().talk("removed");
        }
        return ExitStatus.DONE.code();
    }
}
