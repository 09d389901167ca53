package dev.longshore.cli.commands;

import com.fasterxml.jackson.databind.JsonNode;
import dev.longshore.cli.server.Query;
import dev.longshore.cli.show.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
        name = "models",
        description = "Lists the models that may be asked. Prices are US dollars for a million tokens.",
        footerHeading = "%nExample:%n",
        footer = "  longshore models")
final class ListModels implements Callable<Integer> {
    private final Session session;

    ListModels(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws InterruptedException {
        new PageOptions()
                .show(
                        session,
                        new Query("/v1/models"),
                        "id",
                        new Table("MODEL", "STATUS", "PROVIDER", "CONTEXT", "INPUT", "OUTPUT", "CAN", "ALSO CALLED"),
                        ListModels::row);
        return ExitStatus.DONE.code();
    }

    private static void row(Table table, JsonNode model) {
        JsonNode prices = model.path("usd_per_million");
        table.row(
                model.path("id").asText(""),
                model.path("status").asText(""),
                model.path("provider").asText(""),
                model.path("context_tokens").asText(""),
                prices.path("input").asText(""),
                prices.path("output").asText(""),
                words(model.path("capabilities")),
                words(model.path("aliases")));
    }

    static String words(JsonNode list) {
        List<String> words = new ArrayList<>();
        list.forEach(word -> words.add(word.asText()));
        return String.join(",", words);
    }
}
