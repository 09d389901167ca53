package dev.longshore.rig.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.rig.Client;
import dev.longshore.rig.Service;
import dev.longshore.rig.proof.Endpoint;
import dev.longshore.rig.proof.Wish;
import dev.longshore.rig.receiver.Receivers;
import dev.longshore.webhook.VerifyingKey;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/// Who wants to hear of what: the endpoints of the tenants, made before the first order, and the webhooks that come
/// with orders.
///
/// Safe for use by many threads.
final class Subscriptions {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> ENDS = List.of("job.complete", "job.failed", "job.cancelled");
    private static final List<String> ALL =
            List.of("job.queued", "job.processing", "job.complete", "job.failed", "job.cancelled");

    /// What whoever names no events hears of.
    private static final Set<String> USUAL =
            Set.of("job.complete", "job.failed", "job.cancelled", "job.awaiting_review");

    private static final Duration LONGEST_LOOK_UP = Duration.ofSeconds(60);
    private static final long LOOK_MS = 250;
    private static final int REFUSED = 400;

    /// The label that some endpoints ask for.
    static final String LABEL = "team";

    static final String LABELLED = "search";

    /// An endpoint to be made.
    record Plan(int tenant, String receiver, List<String> events, Map<String, String> filter) {}

    /// The endpoints; orders name them by their places.
    static final List<Plan> PLANS = List.of(
            new Plan(0, Receivers.STEADY, ENDS, Map.of()),
            new Plan(0, Receivers.FICKLE.getFirst(), ALL, Map.of(LABEL, LABELLED)),
            new Plan(1, Receivers.STEADY, ALL, Map.of(LABEL, LABELLED)),
            new Plan(1, Receivers.FICKLE.getLast(), ENDS, Map.of()),
            new Plan(2, Receivers.PARTING, ENDS, Map.of()),
            new Plan(2, Receivers.MOVING, ENDS, Map.of()));

    private final Receivers receivers;
    private final List<Endpoint> endpoints = new ArrayList<>();
    private final Map<Integer, List<VerifyingKey>> keys = new TreeMap<>();
    private final Map<Integer, Wish> wishes = new ConcurrentHashMap<>();

    private Subscriptions(Receivers receivers) {
        this.receivers = receivers;
    }

    /// Makes the endpoints over the API and keeps the secrets that it tells.
    ///
    /// @param clients of the tenants, by their numbers
    static Subscriptions make(Receivers receivers, List<Client> clients, Service api) throws IOException {
        Subscriptions made = new Subscriptions(receivers);
        for (int tenant = 0; tenant < clients.size(); tenant++) {
            made.keys.put(tenant, keys(answered(clients.get(tenant).get(api, "/v1/webhook-secret"), 200)));
        }
        for (Plan plan : PLANS) {
            String url = receivers.receiver(plan.receiver()).address("endpoint-" + made.endpoints.size());
            ObjectNode body = JSON.createObjectNode().put("url", url);
            plan.events().forEach(body.putArray("events")::add);
            plan.filter().forEach(body.putObject("labels_filter")::put);
            JsonNode answer = registered(clients.get(plan.tenant()), api, body.toString());
            made.endpoints.add(new Endpoint(
                    answer.path("id").asText(),
                    plan.tenant(),
                    url,
                    Set.copyOf(plan.events()),
                    plan.filter(),
                    keys(answer),
                    null));
        }
        return made;
    }

    /// A name that cannot be looked up in time is refused like one that stands for nothing. Processes that have just
    /// begun, on processors that they share with all others, may be too slow for it; so it is asked for again.
    private static JsonNode registered(Client client, Service api, String body) throws IOException {
        long giveUp = System.nanoTime() + LONGEST_LOOK_UP.toNanos();
        while (true) {
            Client.Answer answer = client.post(api, "/v1/webhook-endpoints", body);
            if (answer.status() != REFUSED || System.nanoTime() > giveUp) {
                return answered(answer, 201);
            }
            Pause.millis(LOOK_MS);
        }
    }

    private static List<VerifyingKey> keys(JsonNode told) {
        return List.of(
                VerifyingKey.read(told.path("secret").asText()),
                VerifyingKey.read(told.path("public_key").asText()));
    }

    private static JsonNode answered(Client.Answer answer, int status) throws IOException {
        if (answer.status() != status) {
            throw new IOException("answered " + answer.status() + " " + answer.errorCode());
        }
        return answer.body();
    }

    /// The order with the addresses of this run in it. What it wishes is remembered.
    Order addressed(Order order) {
        Order.Hook hook = order.hook();
        if (hook == null) {
            return order;
        }
        String url = hook.receiver() == null
                ? null
                : receivers.receiver(hook.receiver()).address("jobs");
        String endpoint =
                hook.endpoint() < 0 ? null : endpoints.get(hook.endpoint()).id();
        wishes.put(
                order.number(), new Wish(url, endpoint, hook.events().isEmpty() ? USUAL : Set.copyOf(hook.events())));
        return order.addressed(url == null ? String.valueOf(endpoint) : url);
    }

    List<Endpoint> endpoints() {
        return List.copyOf(endpoints);
    }

    /// What each tenant was given for the URLs of single jobs.
    Map<Integer, List<VerifyingKey>> keys() {
        return Map.copyOf(keys);
    }

    /// By the number of the order.
    Map<Integer, Wish> wishes() {
        return Map.copyOf(wishes);
    }
}
