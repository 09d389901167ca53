package dev.longshore.cli.commands;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "replay",
        description = "Runs dead letters again, with the same ids and fresh attempts.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  longshore dead-letters replay job_0199c5d2 job_0199c5d3",
            "  longshore dead-letters replay --all-matching --error-code PROVIDER_UNAVAILABLE --failed-after 2h"
        })
final class ReplayDeadLetters implements Callable<Integer> {
    private final Session session;

    @Mixin
    DeadLetterOrder order = new DeadLetterOrder();

    ReplayDeadLetters(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws InterruptedException {
        return order.give(session, "replay", "replayed");
    }
}
