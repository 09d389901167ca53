package dev.longshore.settings;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What must hold between values, and within which bounds each must lie.
final class SettingsRules {

    /// Attempts cost money: more than this is a slip of the hand.
    private static final int MOST_ATTEMPTS = 100;

    /// Dollars for a million tokens: with more, or with finer ones, sums would not fit where money is kept.
    private static final BigDecimal HIGHEST_PRICE = BigDecimal.valueOf(1_000_000);

    private static final int MOST_DECIMALS = 12;

    /// The service closes connections on which nothing has moved for longer than this.
    private static final Duration LONGEST_HEARTBEAT = Duration.ofSeconds(60);

    /// Gives the place of a key for a complaint.
    private final UnaryOperator<String> places;

    private final DialectRules dialects;

    private final List<Complaint> complaints = new ArrayList<>();

    /// @param mentioned whether the file has a key
    SettingsRules(UnaryOperator<String> places, Predicate<String> mentioned) {
        this.places = places;
        this.dialects = new DialectRules(mentioned, this::expect);
    }

    /// The rules that the settings break; empty if they keep them all.
    List<Complaint> broken(LongshoreSettings settings) {
        complaints.clear();
        settings.providers().forEach((name, provider) -> provider(at("providers", name), provider));
        settings.models().forEach((name, model) -> model(at("models", name), model, settings));
        aliases(settings.models());
        successors(settings.models());
        lanes(settings.lanes());
        worker(settings.worker());
        positive(at("idempotency", "retention"), settings.idempotency().retention());
        notNegative(at("idempotency", "dedupe-window"), settings.idempotency().dedupeWindow());
        positive(at("retention", "jobs"), settings.retention().jobs());
        expect(settings.limits().body().bytes() > 0, at("limits", "body"), "a size above 0", "0");
        events(settings.events());
        return List.copyOf(complaints);
    }

    private void events(LongshoreSettings.Events events) {
        String heartbeat = at("events", "heartbeat");
        positive(heartbeat, events.heartbeat());
        expect(
                events.heartbeat().compareTo(LONGEST_HEARTBEAT) <= 0,
                heartbeat,
                "a time of " + text(LONGEST_HEARTBEAT) + " at most",
                text(events.heartbeat()));
        atLeastOne(at("events", "readers"), events.readers());
        atLeastOne(at("events", "readers-per-tenant"), events.readersPerTenant());
    }

    private void provider(String key, ProviderSettings provider) {
        expect(
                provider.baseUrl().isPresent() || provider.dialect() == Dialect.ECHO,
                key + ".base-url",
                "an http or https address without a user name",
                "nothing");
        provider.api()
                .ifPresent(api -> expect(
                        provider.dialect() == Dialect.OPENAI,
                        key + ".api",
                        "nothing but with the dialect openai",
                        word(api)));
        limits(key + ".limits", provider.limits());
        limits(key + ".limits-per-key", provider.limitsPerKey());
        var timeouts = provider.timeouts();
        positive(key + ".timeouts.connect", timeouts.connect());
        positive(key + ".timeouts.first-byte", timeouts.firstByte());
        positive(key + ".timeouts.idle", timeouts.idle());
        positive(key + ".timeouts.attempt", timeouts.attempt());
        positive(key + ".timeouts.least", timeouts.least());
        var breaker = provider.breaker();
        atLeastOne(key + ".breaker.consecutive-failures", breaker.consecutiveFailures());
        var rate = breaker.failureRate();
        expect(rate > 0 && rate <= 1, key + ".breaker.failure-rate", "a number above 0 and up to 1", rate);
        positive(key + ".breaker.window", breaker.window());
        atLeastOne(key + ".breaker.minimum-calls", breaker.minimumCalls());
        positive(key + ".breaker.slow-call", breaker.slowCall());
        positive(key + ".breaker.open-for", breaker.openFor());
        dialects.provider(key, provider);
    }

    private void model(String key, ModelSettings model, LongshoreSettings settings) {
        known(
                key + ".provider",
                "a provider",
                model.provider(),
                settings.providers().keySet());
        var provider = settings.providers().get(model.provider());
        if (provider != null) {
            dialects.model(key, model, provider);
        }
        var models = settings.models().keySet();
        var fallbacks = model.fallbacks().orElse(List.of());
        for (var index = 0; index < fallbacks.size(); index++) {
            known(key + ".fallbacks[" + index + "]", "a model", fallbacks.get(index), models);
        }
        model.successor().ifPresent(successor -> known(key + ".successor", "a model", successor, models));
        positive(key + ".context-tokens", model.contextTokens());
        positive(key + ".max-output-tokens", model.maxOutputTokens());
        limits(key + ".limits", model.limits());
        var prices = model.usdPerMillion();
        price(key + ".usd-per-million.input", prices.input());
        price(key + ".usd-per-million.output", prices.output());
        prices.cachedInput().ifPresent(price -> price(key + ".usd-per-million.cached-input", price));
        prices.batchInput().ifPresent(price -> price(key + ".usd-per-million.batch-input", price));
        prices.batchOutput().ifPresent(price -> price(key + ".usd-per-million.batch-output", price));
        model.deprecatedFrom()
                .ifPresent(from -> model.shutdownAt()
                        .ifPresent(shutdown -> expect(
                                !shutdown.isBefore(from),
                                key + ".shutdown-at",
                                "a day not before deprecated-from",
                                shutdown)));
    }

    /// A name that callers use must stand for one model.
    private void aliases(Map<String, ModelSettings> models) {
        var owners = new HashMap<String, List<String>>();
        models.forEach((name, model) -> model.aliases()
                .orElse(List.of())
                .forEach(alias ->
                        owners.computeIfAbsent(alias, _ -> new ArrayList<>()).add(name)));
        models.forEach((name, model) -> {
            var aliases = model.aliases().orElse(List.of());
            for (var index = 0; index < aliases.size(); index++) {
                var alias = aliases.get(index);
                var others = new ArrayList<>(owners.getOrDefault(alias, List.of()));
                others.remove(name);
                var isModel = models.containsKey(alias);
                expect(
                        !isModel && others.isEmpty(),
                        at("models", name) + ".aliases[" + index + "]",
                        "a name that no model and no other alias has",
                        isModel
                                ? alias + ", which is a model"
                                : alias + ", which is an alias of " + String.join(", ", others) + " too");
            }
        });
    }

    /// Jobs for a model that is shut down go to its successor, so the way must end, and end where they can be done.
    private void successors(Map<String, ModelSettings> models) {
        models.forEach((name, model) -> {
            var key = at("models", name) + ".successor";
            var way = new LinkedHashSet<String>();
            var next = name;
            while (next != null && way.add(next)) {
                next = successor(models, next);
            }
            expect(
                    !name.equals(next),
                    key,
                    "a model whose own successors do not lead back",
                    String.join(" -> ", way) + " -> " + name);
            var successor = models.get(String.valueOf(successor(models, name)));
            for (var needed : List.of(Capability.CHAT, Capability.EMBED)) {
                expect(
                        successor == null
                                || !model.capabilities().contains(needed)
                                || successor.capabilities().contains(needed),
                        key,
                        "a model with the capability " + needed.word() + ", as this one has",
                        model.successor().orElse("none"));
            }
        });
    }

    private static @Nullable String successor(Map<String, ModelSettings> models, String name) {
        var model = models.get(name);
        return model == null ? null : model.successor().orElse(null);
    }

    private void limits(String key, LimitSettings limits) {
        positive(key + ".concurrent", limits.concurrent());
        positive(key + ".requests-per-minute", limits.requestsPerMinute());
        positive(key + ".tokens-per-minute", limits.tokensPerMinute());
        positive(key + ".input-tokens-per-minute", limits.inputTokensPerMinute());
        positive(key + ".output-tokens-per-minute", limits.outputTokensPerMinute());
    }

    private void lanes(LongshoreSettings.Lanes lanes) {
        lane(at("lanes", "interactive"), lanes.interactive());
        lane(at("lanes", "standard"), lanes.standard());
        lane(at("lanes", "batch"), lanes.batch());
        var sum = BigDecimal.valueOf(lanes.interactive().floor())
                .add(BigDecimal.valueOf(lanes.standard().floor()))
                .add(BigDecimal.valueOf(lanes.batch().floor()));
        var eachIsShare =
                Stream.of(lanes.interactive(), lanes.standard(), lanes.batch()).allMatch(lane -> isShare(lane.floor()));
        expect(
                !eachIsShare || sum.compareTo(BigDecimal.ONE) <= 0,
                Shape.ROOT + ".lanes",
                "floors that add up to 1 at most",
                sum);
    }

    private void lane(String key, LaneSettings lane) {
        atLeastOne(key + ".weight", lane.weight());
        share(key + ".floor", lane.floor());
        atLeastOne(key + ".window", lane.window());
        atLeastOne(key + ".backlog-limit", lane.backlogLimit());
        positive(key + ".deadline", lane.deadline());
        var retry = lane.retry();
        var attempts = retry.maxAttempts();
        expect(
                attempts >= 1 && attempts <= MOST_ATTEMPTS,
                key + ".retry.max-attempts",
                "a whole number from 1 to " + MOST_ATTEMPTS,
                attempts);
        positive(key + ".retry.initial-delay", retry.initialDelay());
        var multiplier = retry.multiplier();
        expect(
                multiplier >= 1 && Double.isFinite(multiplier),
                key + ".retry.multiplier",
                "a number of 1 or more",
                multiplier);
        expect(
                retry.maxDelay().compareTo(retry.initialDelay()) >= 0,
                key + ".retry.max-delay",
                "a time no shorter than initial-delay, " + text(retry.initialDelay()),
                text(retry.maxDelay()));
        share(key + ".retry.jitter", retry.jitter());
    }

    private void worker(LongshoreSettings.Worker worker) {
        atLeastOne(at("worker", "slots"), worker.slots());
        positive(at("worker", "heartbeat"), worker.heartbeat());
        expect(
                worker.lease().compareTo(worker.heartbeat().multipliedBy(2)) > 0,
                at("worker", "lease"),
                "a time longer than two heartbeats of " + text(worker.heartbeat()),
                text(worker.lease()));
        notNegative(at("worker", "drain"), worker.drain());
    }

    private static String at(String section, String key) {
        return OperatorFile.child(Shape.ROOT + "." + section, key);
    }

    private void known(String key, String what, String name, Set<String> known) {
        var names = known.isEmpty() ? "none" : String.join(", ", new TreeSet<>(known));
        var near = Spelling.nearest(name, known);
        var found = near == null ? name : name + "; did you mean " + near + "?";
        expect(known.contains(name), key, what + " that is defined (" + names + ")", found);
    }

    private void positive(String key, Duration time) {
        expect(time.isPositive(), key, "a time above 0", text(time));
    }

    private void notNegative(String key, Duration time) {
        expect(!time.isNegative(), key, "a time of 0 or more", text(time));
    }

    private void positive(String key, OptionalInt number) {
        number.ifPresent(value -> atLeastOne(key, value));
    }

    private void positive(String key, OptionalLong number) {
        number.ifPresent(value -> atLeastOne(key, value));
    }

    private void atLeastOne(String key, long number) {
        expect(number >= 1, key, "a whole number of 1 or more", number);
    }

    private void share(String key, double share) {
        expect(isShare(share), key, "a number from 0 to 1", share);
    }

    private static boolean isShare(double share) {
        return share >= 0 && share <= 1;
    }

    private void price(String key, BigDecimal price) {
        var holds = price.signum() >= 0 && price.compareTo(HIGHEST_PRICE) <= 0 && price.scale() <= MOST_DECIMALS;
        expect(
                holds,
                key,
                "a price from 0 to " + HIGHEST_PRICE + " with at most " + MOST_DECIMALS + " decimals",
                price);
    }

    private void expect(boolean holds, String key, String expected, Object found) {
        if (!holds) {
            complaints.add(new Complaint(places.apply(key), key, expected, found.toString()));
        }
    }

    /// As an operator would write it.
    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// As an operator would write it.
    private static String text(Duration time) {
        return time.getNano() == 0 ? time.toSeconds() + "s" : time.toMillis() + "ms";
    }
}
