package dev.longshore.cli.commands;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "discard",
        description = "Takes dead letters off the list; the jobs stay failed.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  longshore dead-letters discard job_0199c5d2",
            "  longshore dead-letters discard --all-matching --operation chat --failed-before 7d"
        })
final class DiscardDeadLetters implements Callable<Integer> {
    private final Session session;

    @Mixin
    DeadLetterOrder order = new DeadLetterOrder();

    DiscardDeadLetters(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws InterruptedException {
        return order.give(session, "discard", "discarded");
    }
}
