package dev.longshore.cli.commands;

import dev.longshore.cli.job.Json;
import dev.longshore.cli.server.Query;
import dev.longshore.cli.server.Reply;
import dev.longshore.cli.show.Harmless;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "redeliver",
        description = "Sends deliveries again: some by their ids, or all of an endpoint that failed since a time.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  longshore webhooks redeliver evt_0199c5d2",
            "  longshore webhooks redeliver --endpoint we_0199c5d2 --since 6h"
        })
final class Redeliver implements Callable<Integer> {
    private final Session session;

    @Parameters(arity = "0..*", paramLabel = "DELIVERY", description = "The ids of the deliveries.")
    List<String> deliveries = new ArrayList<>();

    @Option(names = "--endpoint", paramLabel = "ID", description = "The endpoint that was away.")
    @Nullable
    String endpoint;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            converter = Moment.Converter.class,
            description = "A time (2026-11-21T08:00:00Z), or how long ago (2h).")
    @Nullable
    Moment since;

    Redeliver(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws InterruptedException {
        if ((endpoint == null) != (since == null) || deliveries.isEmpty() == (endpoint == null)) {
            throw new Misuse("name the deliveries, or give --endpoint and --since");
        }
        if (endpoint != null && since != null) {
            String from = since.text(session.surroundings().clock().instant(), -1);
            Reply reply = session.server()
                    .post(
                            "/v1/webhook-endpoints/" + Query.segment(endpoint) + "/recover",
                            Json.object().put("since", from),
                            Map.of());
            tell(reply, reply.body().path("recovered").asText("0") + " that failed since " + from);
        }
        for (String delivery : deliveries) {
            tell(session.server().post("/v1/webhook-deliveries/" + Query.segment(delivery) + "/redeliver"), delivery);
        }
        return ExitStatus.DONE.code();
    }

    private void tell(Reply reply, String what) {
        if (session.json()) {
            session.voice().json(reply.body());
        } else {
            session.voice().talk("to be sent again: " + Harmless.line(what));
        }
    }
}
