package dev.longshore.simulator.tongue.replicate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.simulator.tongue.Ask;
import dev.longshore.simulator.tongue.BadAsk;
import dev.longshore.simulator.tongue.Bodies;
import dev.longshore.simulator.tongue.Conversation;
import dev.longshore.simulator.tongue.Finish;
import dev.longshore.simulator.tongue.House;
import dev.longshore.simulator.tongue.Json;
import dev.longshore.simulator.tongue.Promise;
import dev.longshore.simulator.tongue.Stamp;
import dev.longshore.simulator.tongue.Tongue;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The asking for predictions. How they get on is told by [PredictionJson].
record ReplicatePredictions(House house) implements Tongue<Promise> {

    /// What a webhook is told of, if its owner does not choose.
    private static final Set<String> USUAL_EVENTS = Set.of("output", "completed");

    private static final Set<String> EVENTS = Set.of("start", "output", "logs", "completed");

    @Override
    public String route() {
        return "predictions";
    }

    @Override
    public int status() {
        return 201;
    }

    @Override
    public Ask<Promise> read(HttpServerRequest request, byte[] body) throws BadAsk {
        JsonNode asked = Bodies.object(body);
        String version = asked.path("version").textValue();
        String model = asked.path("model").asText(version);
        if (model == null || model.isEmpty()) {
            throw new BadAsk("- version is required\n");
        }
        if (!(asked.path("input") instanceof ObjectNode input)) {
            throw new BadAsk("- input is required\n");
        }
        Conversation conversation = new Conversation();
        if (input.hasNonNull("system_prompt")) {
            conversation.said("system", input.path("system_prompt").asText());
        }
        conversation.user(prompt(input));
        int most = Bodies.limit(input.path("max_tokens"));
        String uri = request.absoluteURI();
        int query = uri.indexOf('?');
        return new Ask.Prediction(
                conversation.ask(model, false, false, most, false),
                query < 0 ? uri : uri.substring(0, query),
                version,
                input,
                webhook(asked),
                events(asked.path("webhook_events_filter")));
    }

    /// Models name their inputs as they like; whatever else it is, the whole input is the prompt.
    private static String prompt(ObjectNode input) {
        for (String name : new String[] {"prompt", "text"}) {
            if (input.path(name).isTextual()) {
                return input.path(name).textValue();
            }
        }
        return input.toString();
    }

    private static @Nullable String webhook(JsonNode asked) throws BadAsk {
        String webhook = asked.path("webhook").textValue();
        if (webhook != null && !isAddress(webhook)) {
            throw new BadAsk("- webhook: Does not match format 'uri'\n");
        }
        return webhook;
    }

    private static boolean isAddress(String webhook) {
        try {
            URI address = new URI(webhook);
            return address.getHost() != null
                    && ("http".equals(address.getScheme()) || "https".equals(address.getScheme()));
        } catch (URISyntaxException _) {
            return false;
        }
    }

    private static Set<String> events(JsonNode filter) throws BadAsk {
        if (filter.isMissingNode() || filter.isNull()) {
            return USUAL_EVENTS;
        }
        Set<String> events = new LinkedHashSet<>();
        filter.forEach(event -> events.add(event.asText()));
        if (!EVENTS.containsAll(events)) {
            throw new BadAsk("- webhook_events_filter: must be of start, output, logs and completed\n");
        }
        return events;
    }

    @Override
    public Buffer whole(Promise answer, Stamp stamp) {
        return Json.write(PredictionJson.of(answer, stamp, Progress.FIRST, stamp.atMs()));
    }

    @Override
    public Set<Finish> tells() {
        return Set.of(Finish.WITHHELD, Finish.FAILED);
    }
}
