package dev.longshore.worker;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.longshore.lane.Lane;
import dev.longshore.money.Price;
import dev.longshore.retry.RetryPolicy;
import dev.longshore.retry.RetryPolicy.AfterLast;
import dev.longshore.settings.LaneSettings;
import dev.longshore.settings.LimitSettings;
import dev.longshore.settings.LongshoreSettings;
import dev.longshore.settings.ModelSettings;
import dev.longshore.settings.OpenAiApi;
import dev.longshore.settings.ProviderSettings;
import dev.longshore.settings.Secret;
import dev.longshore.tokens.TokenCounter;
import dev.longshore.worker.provider.Dialect;
import dev.longshore.worker.provider.HttpCaller;
import dev.longshore.worker.provider.HttpDialect;
import dev.longshore.worker.provider.Route;
import dev.longshore.worker.provider.Routes;
import dev.longshore.worker.provider.Timeouts;
import dev.longshore.worker.provider.Translation;
import dev.longshore.worker.provider.anthropic.AnthropicTranslation;
import dev.longshore.worker.provider.echo.EchoDialect;
import dev.longshore.worker.provider.gemini.GeminiTranslation;
import dev.longshore.worker.provider.http.HttpTranslation;
import dev.longshore.worker.provider.openai.OpenAiTranslation;
import dev.longshore.worker.provider.openai.ResponsesTranslation;
import dev.longshore.worker.provider.prediction.PredictionDialect;
import dev.longshore.worker.provider.prediction.Purchases;
import dev.longshore.worker.slots.LaneShare;
import dev.longshore.worker.throttle.BreakerPolicy;
import dev.longshore.worker.throttle.Limit;
import dev.longshore.worker.throttle.Served;
import dev.longshore.worker.throttle.Served.ServedModel;
import dev.longshore.worker.throttle.Unit;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Reads the operator's file into the worker's own words.
final class FromSettings {
    /// Where a model has no limit of its own: the bound that estimates of a lost call's cost use.
    private static final int USUAL_MAX_OUTPUT_TOKENS = 16_384;

    private FromSettings() {}

    static List<LaneShare> shares(LongshoreSettings settings) {
        int slots = settings.worker().slots();
        return Arrays.stream(Lane.values())
                .map(lane -> LaneShare.of(
                        lane, of(settings, lane).weight(), of(settings, lane).floor(), slots))
                .toList();
    }

    static Map<Lane, Integer> windows(LongshoreSettings settings) {
        return byLane(settings, LaneSettings::window);
    }

    static Map<Lane, RetryPolicy> retryPolicies(LongshoreSettings settings) {
        return byLane(
                settings,
                lane -> new RetryPolicy(
                        lane.retry().maxAttempts(),
                        lane.retry().initialDelay(),
                        lane.retry().multiplier(),
                        lane.retry().maxDelay(),
                        lane.retry().jitter(),
                        RetryPolicy.RETRYABLE,
                        AfterLast.DEAD_LETTER));
    }

    static Routes routes(
            LongshoreSettings settings,
            Vertx vertx,
            ObjectMapper json,
            InstantSource clock,
            TokenCounter tokens,
            Purchases purchases) {
        Map<String, Dialect> dialects = new HashMap<>();
        settings.providers()
                .forEach((name, provider) ->
                        dialects.put(name, dialect(name, provider, vertx, json, clock, tokens, purchases)));
        Map<String, Route> routes = new HashMap<>();
        settings.models().forEach((name, model) -> {
            ProviderSettings provider = settings.providers().get(model.provider());
            Dialect dialect = dialects.get(model.provider());
            if (provider == null || dialect == null) {
                throw new IllegalStateException("the settings were checked, yet model " + name + " has no provider");
            }
            routes.put(
                    name,
                    new Route(
                            model.provider(),
                            model.name().orElse(name),
                            dialect,
                            timeouts(provider),
                            leastPatience(provider),
                            price(model),
                            model.contextTokens().orElse(Integer.MAX_VALUE),
                            model.maxOutputTokens().orElse(USUAL_MAX_OUTPUT_TOKENS)));
        });
        Map<String, List<String>> fallbacks = new HashMap<>();
        settings.models()
                .forEach((name, model) -> fallbacks.put(name, model.fallbacks().orElse(List.of())));
        return new Routes(routes, fallbacks);
    }

    static Map<Lane, Double> floors(LongshoreSettings settings) {
        return byLane(settings, LaneSettings::floor);
    }

    /// The providers as the throttle sees them.
    static List<Served> served(LongshoreSettings settings) {
        return settings.providers().entrySet().stream()
                .map(entry -> served(entry.getKey(), entry.getValue(), settings))
                .toList();
    }

    private static Served served(String name, ProviderSettings provider, LongshoreSettings settings) {
        int keys = Math.max(1, provider.apiKeys().orElse(List.of()).size());
        List<Limit> limits = new ArrayList<>(limits(Served.owner(name), provider.limits()));
        for (int key = 0; key < keys; key++) {
            limits.addAll(limits(Served.ownerOfKey(name, key), provider.limitsPerKey()));
        }
        List<ServedModel> models = new ArrayList<>();
        settings.models().forEach((modelName, model) -> {
            if (model.provider().equals(name)) {
                models.add(new ServedModel(modelName, model.name().orElse(modelName)));
                limits.addAll(limits(Served.ownerOfModel(name, modelName), model.limits()));
            }
        });
        ProviderSettings.Breaker breaker = provider.breaker();
        return new Served(
                name,
                keys,
                limits,
                models,
                new BreakerPolicy(
                        breaker.consecutiveFailures(),
                        breaker.failureRate(),
                        breaker.window(),
                        breaker.minimumCalls(),
                        breaker.slowCall(),
                        breaker.openFor()));
    }

    private static List<Limit> limits(String owner, LimitSettings settings) {
        List<Limit> limits = new ArrayList<>();
        settings.concurrent().ifPresent(most -> limits.add(new Limit(owner, Unit.CALLS_AT_ONCE, most)));
        settings.requestsPerMinute().ifPresent(most -> limits.add(new Limit(owner, Unit.CALLS, most)));
        settings.tokensPerMinute().ifPresent(most -> limits.add(new Limit(owner, Unit.TOKENS, most)));
        settings.inputTokensPerMinute().ifPresent(most -> limits.add(new Limit(owner, Unit.INPUT_TOKENS, most)));
        settings.outputTokensPerMinute().ifPresent(most -> limits.add(new Limit(owner, Unit.OUTPUT_TOKENS, most)));
        return limits;
    }

    private static Dialect dialect(
            String name,
            ProviderSettings provider,
            Vertx vertx,
            ObjectMapper json,
            InstantSource clock,
            TokenCounter tokens,
            Purchases purchases) {
        return switch (provider.dialect()) {
            case OPENAI -> overHttp(provider, vertx, json, clock, tokens, openAi(provider, json, tokens));
            case ANTHROPIC -> overHttp(provider, vertx, json, clock, tokens, new AnthropicTranslation(json, clock));
            case GEMINI -> overHttp(provider, vertx, json, clock, tokens, new GeminiTranslation(json, clock, tokens));
            case ECHO -> new EchoDialect(json, clock);
            case HTTP ->
                overHttp(
                        provider,
                        vertx,
                        json,
                        clock,
                        tokens,
                        new HttpTranslation(json, clock, tokens, provider.http()));
            case PREDICTION ->
                new PredictionDialect(
                        name,
                        new HttpCaller(vertx, provider.timeouts().connect()),
                        json,
                        clock,
                        tokens,
                        purchases,
                        () -> ThreadLocalRandom.current().nextDouble(),
                        provider.prediction(),
                        provider.baseUrl().orElseThrow(),
                        keys(provider),
                        headers(provider));
        };
    }

    private static Translation openAi(ProviderSettings provider, ObjectMapper json, TokenCounter tokens) {
        return switch (provider.api().orElse(OpenAiApi.CHAT_COMPLETIONS)) {
            case CHAT_COMPLETIONS -> new OpenAiTranslation(json, tokens);
            case RESPONSES -> new ResponsesTranslation(json, tokens);
        };
    }

    private static Dialect overHttp(
            ProviderSettings provider,
            Vertx vertx,
            ObjectMapper json,
            InstantSource clock,
            TokenCounter tokens,
            Translation translation) {
        return new HttpDialect(
                new HttpCaller(vertx, provider.timeouts().connect()),
                json,
                clock,
                tokens,
                translation,
                provider.baseUrl().orElseThrow(),
                keys(provider),
                headers(provider));
    }

    private static List<String> keys(ProviderSettings provider) {
        return provider.apiKeys().orElse(List.of()).stream().map(Secret::reveal).toList();
    }

    private static Map<String, String> headers(ProviderSettings provider) {
        return provider.headers().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, header -> header.getValue().reveal()));
    }

    /// A prediction says at each look that it goes on, however quick others were: only its whole time counts.
    private static Duration leastPatience(ProviderSettings provider) {
        return switch (provider.dialect()) {
            case PREDICTION -> provider.timeouts().attempt();
            case OPENAI, ANTHROPIC, GEMINI, HTTP, ECHO -> provider.timeouts().least();
        };
    }

    private static Timeouts timeouts(ProviderSettings provider) {
        ProviderSettings.Timeouts timeouts = provider.timeouts();
        return new Timeouts(timeouts.connect(), timeouts.firstByte(), timeouts.idle(), timeouts.attempt());
    }

    private static Price price(ModelSettings model) {
        ModelSettings.Prices prices = model.usdPerMillion();
        return new Price(prices.input(), prices.cachedInput().orElse(prices.input()), prices.output());
    }

    private static <V> Map<Lane, V> byLane(LongshoreSettings settings, Function<LaneSettings, V> value) {
        Map<Lane, V> values = new EnumMap<>(Lane.class);
        for (Lane lane : Lane.values()) {
            values.put(lane, value.apply(of(settings, lane)));
        }
        return values;
    }

    private static LaneSettings of(LongshoreSettings settings, Lane lane) {
        return switch (lane) {
            case INTERACTIVE -> settings.lanes().interactive();
            case STANDARD -> settings.lanes().standard();
            case BATCH -> settings.lanes().batch();
        };
    }
}
