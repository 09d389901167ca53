package dev.longshore.rig.chaos;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.rig.receiver.Receivers;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// One job that a client wants, and everything that the client will do about it. Drawn from the seed and
/// its number, so that the same run is asked for whatever happens to it.
///
/// @param number from 0
/// @param tenant from 0
/// @param body of the request
/// @param other another body, to be sent under the same key once the first was promised; null for none
/// @param key null for none
/// @param racers how many callers submit it at the same moment
/// @param hangUpAt the share of the request after which the first caller hangs up; negative for none, 1
///     for all of it
/// @param cancelAfterMs when it is cancelled after it was promised; negative for never
/// @param patient whether its client waits for the end in the request, and does not ask again and again
/// @param replays how often it is replayed if it fails
/// @param followed whether somebody reads its live events
/// @param hook the webhook that comes with it, whose address is still to be filled in; null for none
record Order(
        int number,
        int tenant,
        String body,
        @Nullable String other,
        @Nullable String key,
        int racers,
        double hangUpAt,
        int cancelAfterMs,
        boolean patient,
        int replays,
        boolean followed,
        @Nullable Hook hook) {
    static final int TENANTS = 3;

    /// Stands in the body where the address of the webhook will be.
    private static final String ADDRESS = "to be addressed";

    /// A webhook of an order.
    ///
    /// @param receiver who is called; null where an endpoint is named
    /// @param endpoint its place in [Subscriptions#PLANS]; negative where a URL is named
    /// @param events none where it does not say
    record Hook(@Nullable String receiver, int endpoint, List<String> events) {}

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final List<String> LANES =
            List.of("interactive", "interactive", "standard", "standard", "standard", "batch");

    /// Whom the webhooks of orders call; the one that is well is called as often as the others together.
    private static final List<String> RECEIVERS =
            List.of(Receivers.STEADY, Receivers.STEADY, Receivers.FICKLE.getFirst(), Receivers.FICKLE.getLast());

    /// What they want to hear of.
    private static final List<List<String>> EVENTS = List.of(
            List.of(),
            List.of("job.complete", "job.failed"),
            List.of("job.queued", "job.processing", "job.complete", "job.failed", "job.cancelled"));

    /// What the provider is told to do with a call, in the prompt. Those without `times` never succeed.
    private static final List<String> TROUBLE = List.of(
            "[[sim status=500 times=2]]",
            "[[sim status=503 retry_after=1 times=1]]",
            "[[sim status=429 retry_after=1 times=2]]",
            "[[sim status=429 times=3]]",
            "[[sim retry_after_ms retry_after_ms=300 times=2]]",
            "[[sim status=429 retry_after=date:+1 times=1]]",
            "[[sim status=429 retry_after=date:-60 times=1]]",
            "[[sim status=429 retry_after=soon times=1]]",
            "[[sim hang times=1]]",
            "[[sim hang_after_headers times=1]]",
            "[[sim reset times=2]]",
            "[[sim close times=1]]",
            "[[sim malformed times=1]]",
            "[[sim truncated_json times=1]]",
            "[[sim wrong_content_length times=1]]",
            "[[sim broken_stream times=1]]",
            "[[sim error_in_200 times=1]]",
            "[[sim empty_choices times=1]]",
            "[[sim huge bytes=400000]]",
            "[[sim latency=1500]]",
            "[[sim quota times=1]]",
            "[[sim status=500]]",
            "[[sim malformed]]",
            "[[sim status=400]]",
            "[[sim status=401]]",
            "[[sim context_length]]",
            "[[sim content_filter status=400]]",
            "[[sim refusal]]");

    /// The order of this number in the run of this seed.
    static Order of(long seed, int number) {
        Random random = new Random(seed * 1_000_003 + number);
        // The first draws of neighbouring seeds are alike.
        random.nextLong();
        String prompt = "order " + number + " of run " + seed;
        boolean trouble = random.nextDouble() < 0.18;
        String directive = TROUBLE.get(random.nextInt(TROUBLE.size()));
        ObjectNode body = body(number, LANES.get(random.nextInt(LANES.size())));
        if (random.nextDouble() < 0.15) {
            body.put("priority", random.nextInt(-100, 101));
        }
        if (random.nextDouble() < 0.08) {
            body.put("on_unknown_outcome", "fail");
        }
        if (random.nextDouble() < 0.05) {
            body.put("delay_seconds", random.nextInt(1, 5));
        } else if (random.nextDouble() < 0.04) {
            body.put("deadline_seconds", random.nextInt(2, 8));
        }
        // A job that never succeeds must not be tried for long.
        if (trouble && !directive.contains("times") || random.nextDouble() < 0.1) {
            body.putObject("retry").put("max_attempts", random.nextInt(1, 4));
        }
        boolean keyed = random.nextDouble() < 0.7;
        boolean race = keyed && random.nextDouble() < 0.08;
        boolean hangsUp = random.nextDouble() < 0.05;
        boolean reuses = keyed && random.nextDouble() < 0.08;
        boolean cancels = random.nextDouble() < 0.1;
        String text = trouble ? prompt + " " + directive : prompt;
        int tenant = random.nextInt(TENANTS);
        int racers = race ? random.nextInt(2, 9) : 1;
        double hangUpAt = hangsUp ? random.nextInt(0, 5) / 4.0 : -1;
        int cancelAfterMs = cancels ? random.nextInt(0, 2_000) : -1;
        boolean patient = random.nextDouble() < 0.8;
        int replays = random.nextDouble() < 0.5 ? 1 : 0;
        if (random.nextDouble() < 0.3) {
            body.withObject("/labels").put(Subscriptions.LABEL, Subscriptions.LABELLED);
        }
        Hook hook = random.nextDouble() < 0.2 ? hook(random, tenant) : null;
        if (hook != null) {
            ObjectNode webhook = body.putObject("webhook");
            webhook.put(hook.receiver() == null ? "endpoint_id" : "url", ADDRESS);
            if (!hook.events().isEmpty()) {
                hook.events().forEach(webhook.putArray("events")::add);
            }
        }
        boolean followed = random.nextDouble() < 0.15;
        return new Order(
                number,
                tenant,
                asking(body, text),
                reuses ? asking(body, text + ", and something else") : null,
                keyed ? "key-" + seed + "-" + number : null,
                racers,
                hangUpAt,
                cancelAfterMs,
                patient,
                replays,
                followed,
                hook);
    }

    private static Hook hook(Random random, int tenant) {
        List<String> events = EVENTS.get(random.nextInt(EVENTS.size()));
        List<Integer> own = new ArrayList<>();
        for (int i = 0; i < Subscriptions.PLANS.size(); i++) {
            if (Subscriptions.PLANS.get(i).tenant() == tenant) {
                own.add(i);
            }
        }
        return random.nextDouble() < 0.25
                ? new Hook(null, own.get(random.nextInt(own.size())), events)
                : new Hook(RECEIVERS.get(random.nextInt(RECEIVERS.size())), -1, events);
    }

    /// The same with the address of its webhook in its place.
    Order addressed(String address) {
        return new Order(
                number,
                tenant,
                body.replace(ADDRESS, address),
                other == null ? null : other.replace(ADDRESS, address),
                key,
                racers,
                hangUpAt,
                cancelAfterMs,
                patient,
                replays,
                followed,
                hook);
    }

    /// An order for which many callers race.
    static Order race(long seed, int number, int callers) {
        ObjectNode body = body(number, "standard");
        return new Order(
                number,
                number % TENANTS,
                asking(body, "race " + number + " of run " + seed),
                null,
                "key-" + seed + "-" + number,
                callers,
                -1,
                -1,
                true,
                0,
                false,
                null);
    }

    /// A plain order of one tenant.
    static Order plain(long seed, int number, int tenant) {
        return new Order(
                number,
                tenant,
                asking(body(number, "batch"), "rush " + number + " of run " + seed),
                null,
                null,
                1,
                -1,
                -1,
                true,
                0,
                false,
                null);
    }

    /// An order whose client hangs up, and asks again with its key.
    static Order hangingUp(long seed, int number, double at) {
        return new Order(
                number,
                number % TENANTS,
                asking(body(number, "interactive"), "cut short " + number + " of run " + seed),
                null,
                "key-" + seed + "-" + number,
                1,
                at,
                -1,
                true,
                0,
                false,
                null);
    }

    private static ObjectNode body(int number, String lane) {
        ObjectNode body = JSON.createObjectNode().put("operation", "chat").put("lane", lane);
        body.putObject("labels").put("order", Integer.toString(number));
        return body;
    }

    private static String asking(ObjectNode body, String prompt) {
        ObjectNode whole = body.deepCopy();
        whole.putObject("input")
                .put("model", "sim-small")
                .putArray("messages")
                .addObject()
                .put("role", "user")
                .put("content", prompt);
        return whole.toString();
    }
}
