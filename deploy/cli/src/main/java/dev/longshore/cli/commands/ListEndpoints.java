package dev.longshore.cli.commands;

import com.fasterxml.jackson.databind.JsonNode;
import dev.longshore.cli.server.Query;
import dev.longshore.cli.show.Table;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "endpoints",
        description = "Lists the endpoints that are told of events.",
        footerHeading = "%nExample:%n",
        footer = "  longshore webhooks endpoints")
final class ListEndpoints implements Callable<Integer> {
    private final Session session;

    @Mixin
    PageOptions page = new PageOptions();

    ListEndpoints(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws InterruptedException {
        page.show(
                session,
                new Query("/v1/webhook-endpoints"),
                "id",
                new Table("ENDPOINT", "STATUS", "URL", "EVENTS", "DESCRIPTION", "DISABLED BECAUSE"),
                ListEndpoints::row);
        return ExitStatus.DONE.code();
    }

    private static void row(Table table, JsonNode endpoint) {
        table.row(
                endpoint.path("id").asText(""),
                endpoint.path("status").asText(""),
                endpoint.path("url").asText(""),
                ListModels.words(endpoint.path("events")),
                endpoint.path("description").asText(""),
                endpoint.path("disabled_reason").asText(""));
    }
}
