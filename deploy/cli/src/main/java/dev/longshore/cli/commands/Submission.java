package dev.longshore.cli.commands;

import com.fasterxml.jackson.databind.JsonNode;
import dev.longshore.cli.server.NotReached;
import dev.longshore.cli.server.Refused;
import dev.longshore.cli.server.Reply;
import dev.longshore.cli.server.Server;
import dev.longshore.cli.surroundings.Pause;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/// Sends a job so that it runs once: with a key that makes sending it again harmless, and again when it is not known
/// whether it arrived.
final class Submission {
    private static final int TRIES = 3;
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final Set<Integer> MAY_PASS = Set.of(500, 502, 503, 504);

    private final Server server;
    private final Pause pause;

    Submission(Server server, Pause pause) {
        this.server = server;
        this.pause = pause;
    }

    /// @param headers with the idempotency key, unless it is in the body
    Reply send(JsonNode request, Map<String, String> headers) throws InterruptedException {
        for (int tries = 1; ; tries++) {
            try {
                return server.post("/v1/jobs", request, headers);
            } catch (NotReached e) {
                if (!e.sent() || tries == TRIES) {
                    throw e;
                }
                pause.pause(PAUSE.multipliedBy(tries));
            } catch (Refused e) {
                if (!MAY_PASS.contains(e.fault().status()) || tries == TRIES) {
                    throw e;
                }
                Duration asked = e.fault().retryAfter().orElse(PAUSE.multipliedBy(tries));
                pause.pause(asked.compareTo(LONGEST_PAUSE) < 0 ? asked : LONGEST_PAUSE);
            }
        }
    }
}
