package dev.longshore.cli.commands;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.cli.job.Json;
import dev.longshore.cli.server.Fault;
import dev.longshore.cli.server.NotReached;
import dev.longshore.cli.server.Query;
import dev.longshore.cli.server.Refused;
import dev.longshore.cli.server.Reply;
import dev.longshore.cli.show.Harmless;
import java.util.List;
import java.util.Map;

/// An endpoint at the server that lives as long as the listening does.
///
/// @param id of the endpoint
/// @param secret what its calls are signed with; never printed
record Registration(String id, String secret) {
    private static final int NOT_FOUND = 404;

    /// Makes it.
    ///
    /// @param url where the server shall call
    static Registration at(Session session, String url, List<String> events) throws InterruptedException {
        ObjectNode wanted = Json.object().put("url", url).put("description", "longshore webhooks listen");
        events.forEach(wanted.putArray("events")::add);
        try {
            Reply made = session.server().post("/v1/webhook-endpoints", wanted, Map.of());
            return new Registration(
                    made.body().path("id").asText(""),
                    made.body().path("secret").asText(""));
        } catch (Refused e) {
            if (isAboutTheUrl(e.fault())) {
                sayTheWayOut(session, url);
            }
            throw e;
        }
    }

    /// Removes it, and says so if that fails.
    void remove(Session session) {
        try {
            session.server().delete("/v1/webhook-endpoints/" + Query.segment(id));
            session.voice().complain("The endpoint " + Harmless.line(id) + " is removed.");
        } catch (Refused e) {
            if (e.fault().status() == NOT_FOUND) {
                session.voice().complain("The endpoint " + Harmless.line(id) + " was removed already.");
            } else {
                sayThatItIsLeft(session, Integer.toString(e.fault().status()));
            }
        } catch (NotReached e) {
            sayThatItIsLeft(session, e.why());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void sayThatItIsLeft(Session session, String why) {
        session.voice()
                .complain("The endpoint " + Harmless.line(id) + " could not be removed (" + why + "); do it with: "
                        + session.hint("webhooks remove " + Harmless.line(id)));
    }

    private static boolean isAboutTheUrl(Fault fault) {
        return fault.isOurs() && fault.param().equals("url");
    }

    private static void sayTheWayOut(Session session, String url) {
        session.voice()
                .complain("The server will not call " + url + ". It calls private addresses only where its operator");
        session.voice().complain("allows them, in the operator's file of API and worker alike:");
        session.voice().complain("    longshore: {webhooks: {allow-networks: [127.0.0.0/8]}}");
        session.voice().complain("Or give a public address that leads here, of a tunnel for example, with --url.");
    }

    @Override
    public String toString() {
        return "Registration[" + id + ", ***]";
    }
}
