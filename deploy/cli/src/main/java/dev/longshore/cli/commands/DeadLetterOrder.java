package dev.longshore.cli.commands;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.cli.job.Json;
import dev.longshore.cli.server.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// An order about dead letters: some by their ids, or all that a filter matches.
final class DeadLetterOrder {
    @Parameters(arity = "0..*", paramLabel = "JOB", description = "The ids of the jobs.")
    List<String> jobs = new ArrayList<>();

    @Option(names = "--all-matching", description = "All that match the filters; without any filter, all there are.")
    boolean allMatching;

    @Mixin
    DeadLetterFilter filter = new DeadLetterFilter();

    /// Gives the order and says how many jobs it was about.
    ///
    /// @param what `replay` or `discard`
    /// @param count the field of the answer that has the number
    int give(Session session, String what, String count) throws InterruptedException {
        Map<String, String> fields =
                filter.fields(session.surroundings().clock().instant());
        ObjectNode order = Json.object();
        if (allMatching == !jobs.isEmpty()) {
            throw new Misuse("name the jobs, or give --all-matching with filters");
        }
        if (!allMatching && !fields.isEmpty()) {
            throw new Misuse("filters go with --all-matching, not with the names of jobs");
        }
        if (allMatching) {
            ObjectNode matching = order.putObject("filter");
            fields.forEach(matching::put);
        } else {
            jobs.forEach(order.putArray("job_ids")::add);
        }
        Reply reply = session.server().post("/v1/dead-letters/" + what, order, Map.of());
        if (session.json()) {
            session.voice().json(reply.body());
        } else {
            session.voice().say(reply.body().path(count).asText("0") + " " + count);
        }
        return ExitStatus.DONE.code();
    }
}
