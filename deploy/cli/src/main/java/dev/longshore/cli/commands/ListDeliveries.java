package dev.longshore.cli.commands;

import com.fasterxml.jackson.databind.JsonNode;
import dev.longshore.cli.server.Query;
import dev.longshore.cli.show.Table;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "deliveries",
        description = "Lists what was sent or is to be sent, newest first, with what the receiver last said.",
        footerHeading = "%nExample:%n",
        footer = "  longshore webhooks deliveries --status failed --endpoint we_0199c5d2")
final class ListDeliveries implements Callable<Integer> {
    private final Session session;

    @Option(names = "--endpoint", paramLabel = "ID", description = "Only those to this endpoint.")
    @Nullable
    String endpoint;

    @Option(names = "--job", paramLabel = "ID", description = "Only those about this job.")
    @Nullable
    String job;

    @Option(names = "--status", paramLabel = "STATUS", description = "pending, delivered or failed.")
    @Nullable
    String status;

    @Mixin
    PageOptions page = new PageOptions();

    ListDeliveries(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws InterruptedException {
        page.show(
                session,
                new Query("/v1/webhook-deliveries")
                        .with("endpoint_id", endpoint)
                        .with("job_id", job)
                        .with("status", status),
                "id",
                new Table("DELIVERY", "STATUS", "EVENT", "JOB", "TO", "TRIES", "LAST", "NEXT", "CODE", "ANSWER"),
                ListDeliveries::row);
        return ExitStatus.DONE.code();
    }

    private static void row(Table table, JsonNode delivery) {
        JsonNode tries = delivery.path("attempts");
        JsonNode last = tries.path(tries.size() - 1);
        String answer = last.path("answer").asText("");
        table.row(
                delivery.path("id").asText(""),
                delivery.path("status").asText(""),
                delivery.path("type").asText(""),
                delivery.path("job_id").asText(""),
                // A webhook of a single job has an address of its own.
                delivery.path("endpoint_id").asText(delivery.path("url").asText("")),
                tries.size(),
                last.path("at").asText(""),
                delivery.path("next_attempt_at").asText(""),
                last.path("status_code").asText(""),
                answer.isEmpty() ? last.path("error").asText("") : answer);
    }
}
