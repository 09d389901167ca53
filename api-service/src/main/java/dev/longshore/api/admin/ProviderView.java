package dev.longshore.api.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.longshore.api.admin.ProviderFigures.Load;
import dev.longshore.api.admin.ProviderFigures.ProvidersModel;
import dev.longshore.provider.LatencyBuckets;
import dev.longshore.settings.LimitSettings;
import dev.longshore.settings.ModelSettings;
import dev.longshore.settings.ProviderSettings;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// A provider as operators see it: what the file says of it, and how it is doing now.
@Schema(name = "Provider")
public record ProviderView(
        String name,
        @Schema(examples = "openai") String dialect,

        @JsonProperty("base_url")
        @Schema(description = "without a query, which may hold a key; null for a provider that is nobody")
        @Nullable
        String baseUrl,

        @Nullable String region,
        @Schema(description = "how many API keys it has") int keys,

        @JsonProperty("refused_keys")
        @Schema(description = "keys that it does not accept and that are left alone, while others are used")
        List<RefusedKey> refusedKeys,

        boolean paused,
        @JsonProperty("paused_at") @Nullable Instant pausedAt,
        @JsonProperty("paused_by") @Nullable String pausedBy,
        Limits limits,
        @JsonProperty("limits_per_key") Limits limitsPerKey,
        List<Model> models,

        @JsonProperty("limits_in_use") @Schema(description = "what all workers together hold of each limit now")
        List<LimitInUse> limitsInUse) {

    static ProviderView of(
            String name,
            ProviderSettings provider,
            Map<String, ModelSettings> models,
            ProviderFigures figures,
            List<LimitInUse> inUse,
            @Nullable ProviderPause pause) {
        List<Model> served = new TreeMap<>(models)
                .entrySet().stream()
                        .filter(model -> model.getValue().provider().equals(name))
                        .map(model -> Model.of(name, model.getKey(), model.getValue(), figures))
                        .toList();
        int keys = provider.apiKeys().map(List::size).orElse(0);
        return new ProviderView(
                name,
                provider.dialect().word(),
                provider.baseUrl().map(ProviderView::shown).orElse(null),
                provider.region().orElse(null),
                keys,
                figures.refusedKeys().getOrDefault(name, List.of()).stream()
                        .filter(refused -> refused.key() < keys)
                        .toList(),
                pause != null,
                pause == null ? null : pause.pausedAt,
                pause == null ? null : pause.pausedBy,
                Limits.of(provider.limits()),
                Limits.of(provider.limitsPerKey()),
                served,
                inUse);
    }

    private static String shown(URI address) {
        String port = address.getPort() < 0 ? "" : ":" + address.getPort();
        return address.getScheme() + "://" + address.getHost() + port + address.getRawPath();
    }

    /// A key that the provider does not accept.
    @Schema(name = "RefusedKey")
    public record RefusedKey(
            @Schema(description = "its number, from 0 in the order of the file")
            int key,

            @JsonProperty("provider_model")
            @Schema(description = "null where it is not accepted for any model")
            @Nullable
            String providerModel,

            String reason,
            @JsonProperty("changed_at") Instant changedAt,

            @JsonProperty("retry_at")
            @Schema(description = "when one call tries it again; null while one does")
            @Nullable
            Instant retryAt) {}

    /// What the file allows; null is unlimited.
    @Schema(name = "ProviderLimits")
    public record Limits(
            @Nullable Integer concurrent,
            @JsonProperty("requests_per_minute") @Nullable Integer requestsPerMinute,
            @JsonProperty("tokens_per_minute") @Nullable Long tokensPerMinute,

            @JsonProperty("input_tokens_per_minute") @Nullable
            Long inputTokensPerMinute,

            @JsonProperty("output_tokens_per_minute") @Nullable
            Long outputTokensPerMinute) {
        static Limits of(LimitSettings limits) {
            return new Limits(
                    number(limits.concurrent()),
                    number(limits.requestsPerMinute()),
                    number(limits.tokensPerMinute()),
                    number(limits.inputTokensPerMinute()),
                    number(limits.outputTokensPerMinute()));
        }

        private static @Nullable Integer number(OptionalInt number) {
            return number.isPresent() ? number.getAsInt() : null;
        }

        private static @Nullable Long number(OptionalLong number) {
            return number.isPresent() ? number.getAsLong() : null;
        }
    }

    /// One of our models at its provider. Two that are the same to the provider share their figures.
    @Schema(name = "ProviderModel")
    public record Model(
            String model,
            @JsonProperty("provider_model") String providerModel,
            Limits limits,
            Breaker breaker,
            @JsonProperty("in_flight") long inFlight,

            @JsonProperty("calls_per_minute") @Schema(description = "those that ended in the last minute")
            long callsPerMinute,

            @JsonProperty("error_rate")
            @Schema(description = "share of those calls that failed; null without calls")
            @Nullable
            Double errorRate,

            @Schema(description = "how often the provider said in that minute that it was too much")
            long throttled,

            @JsonProperty("latency_ms") Latency latencyMs,

            @Schema(description = "keys that the provider wants left alone")
            List<Rest> rests) {

        static Model of(String provider, String name, ModelSettings settings, ProviderFigures figures) {
            var key = new ProvidersModel(provider, settings.name().orElse(name));
            Load load = figures.loads().getOrDefault(key, Load.NONE);
            return new Model(
                    name,
                    key.model(),
                    Limits.of(settings.limits()),
                    figures.breakers().getOrDefault(key, Breaker.CLOSED),
                    load.inFlight(),
                    load.calls(),
                    load.calls() == 0 ? null : load.failures() / (double) load.calls(),
                    load.throttled(),
                    Latency.of(load.latencies()),
                    figures.rests().getOrDefault(key, List.of()));
        }
    }

    /// Whether the provider's model is called at all.
    @Schema(name = "Breaker")
    public record Breaker(
            @Schema(enumeration = {"closed", "open", "half_open"})
            String state,

            @Nullable String reason,
            @JsonProperty("changed_at") @Nullable Instant changedAt,

            @JsonProperty("open_until") @Schema(description = "when one call is let through for a trial") @Nullable
            Instant openUntil,

            @Schema(description = "in a row, without a good call between them")
            int openings) {
        static final Breaker CLOSED = new Breaker("closed", null, null, null, 0);
    }

    /// How long calls took; null without calls. At most 19 % off.
    @Schema(name = "Latency")
    public record Latency(
            @Nullable Long p50,
            @Nullable Long p95,
            @Nullable Long p99) {
        static Latency of(long[] counts) {
            return new Latency(percentile(counts, 0.5), percentile(counts, 0.95), percentile(counts, 0.99));
        }

        private static @Nullable Long percentile(long[] counts, double share) {
            var duration = LatencyBuckets.percentile(counts, share);
            return duration.isZero() ? null : Math.round(duration.toNanos() / 1e6);
        }
    }

    /// A key that must not be used for a model for a while, because the provider said so.
    @Schema(name = "Rest")
    public record Rest(
            @Schema(description = "which of the provider's keys, from 0 in the order of the file")
            int key,

            Instant until,
            String reason) {}

    /// One limit as workers have shared it among them.
    @Schema(name = "LimitInUse")
    public record LimitInUse(
            @Schema(examples = "provider:openai/requests-per-minute")
            String allowance,

            @Schema(description = "what workers hold of it") long part,

            @JsonProperty("in_use") @Schema(description = "what they have in use of that")
            long inUse,

            @Schema(description = "what they would take") long wanted) {

        /// The provider that it is a limit of: the longest name, since one may be the beginning of another.
        boolean isOf(String provider, Stream<String> providers) {
            return begins(provider)
                    && providers.filter(this::begins).allMatch(other -> other.length() <= provider.length());
        }

        private boolean begins(String provider) {
            return allowance.startsWith("provider:" + provider + "/");
        }
    }
}
