package dev.longshore.cli.commands;

import com.fasterxml.jackson.databind.JsonNode;
import dev.longshore.cli.server.Query;
import dev.longshore.cli.show.Harmless;
import dev.longshore.cli.show.Table;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which part of a list, and how it is shown.
final class PageOptions {
    private static final int LARGEST_PAGE = 100;

    @Option(names = "--limit", paramLabel = "N", description = "How many, 1 to 100; 20 if nothing is said.")
    @Nullable
    Integer limit;

    @Option(names = "--after", paramLabel = "ID", description = "Go on after this one.")
    @Nullable
    String after;

    @Option(names = "--all", description = "All of them, page by page.")
    boolean all;

    /// Prints what the query finds: as a table, as the server's pages, or the ids alone.
    ///
    /// @param id the field that holds the id
    /// @param row puts an entry into the table
    void show(Session session, Query query, String id, Table table, BiConsumer<Table, JsonNode> row)
            throws InterruptedException {
        String from = after;
        int shown = 0;
        while (true) {
            query.with("limit", limit == null && all ? Integer.valueOf(LARGEST_PAGE) : limit)
                    .with("after", from);
            JsonNode page = session.server().get(query).body();
            JsonNode data = page.path("data");
            shown += data.size();
            if (session.json()) {
                session.voice().json(page);
            } else if (session.quiet()) {
                data.forEach(entry ->
                        session.voice().say(Harmless.line(entry.path(id).asText(""))));
            } else {
                data.forEach(entry -> row.accept(table, entry));
            }
            from = page.path("next").isTextual() ? page.path("next").textValue() : null;
            if (!all || from == null || data.isEmpty()) {
                break;
            }
        }
        if (session.json() || session.quiet()) {
            return;
        }
        if (shown == 0) {
            session.voice().talk("none");
            return;
        }
        session.voice().table(table);
        if (from != null) {
            session.voice().talk("there are more: --after " + Harmless.line(from) + ", or --all");
        }
    }
}
