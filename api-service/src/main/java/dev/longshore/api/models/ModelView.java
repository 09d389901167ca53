package dev.longshore.api.models;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.longshore.api.catalogue.Lifetime;
import dev.longshore.api.catalogue.Model;
import dev.longshore.provider.TokenCountErrors.Summary;
import dev.longshore.settings.Capability;
import dev.longshore.settings.ModelSettings;
import dev.longshore.settings.ProviderSettings;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.OptionalInt;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// A model as callers see it: OpenAI's four fields and ours. Every field is always there; what does not apply is null.
@Schema(name = "Model")
public record ModelView(
        @Schema(description = "what to name in a request") String id,
        @Schema(enumeration = "model") String object,

        @Schema(description = "seconds since 1970; 0, since providers do not tell")
        long created,

        @JsonProperty("owned_by") @Schema(description = "the provider")
        String ownedBy,

        String provider,

        @Schema(description = "the provider's own name for it")
        String version,

        @Schema(description = "other names for it; they may be moved to another model, its id may not")
        List<String> aliases,

        @JsonProperty("usd_per_million") @Schema(description = "US dollars for a million tokens")
        Prices usdPerMillion,

        @JsonProperty("context_tokens") @Schema(description = "input and output together") @Nullable
        Integer contextTokens,

        @JsonProperty("max_output_tokens") @Nullable Integer maxOutputTokens,

        @Schema(examples = {"chat", "tools", "json-schema", "vision", "embed"})
        List<String> capabilities,

        @Nullable String region,

        @JsonProperty("data_classes") @Schema(description = "what data may go there")
        List<String> dataClasses,

        @Schema(description = "the models that are tried when it fails, in order")
        List<String> fallbacks,

        @JsonProperty("deprecated_from")
        @Schema(description = "the first day (UTC) on which using it is warned of")
        @Nullable
        LocalDate deprecatedFrom,

        @JsonProperty("shutdown_at") @Schema(description = "the first day (UTC) on which it is gone") @Nullable
        LocalDate shutdownAt,

        @Schema(description = "the model that its jobs go to from `shutdown_at` on") @Nullable
        String successor,

        @Schema(enumeration = {"available", "deprecated", "shut_down"})
        String status,

        @JsonProperty("token_count") TokenCount tokenCount) {

    private static final long NOT_KNOWN = 0;

    static ModelView of(
            Model model,
            ModelSettings settings,
            ProviderSettings provider,
            Lifetime.Stage stage,
            String method,
            @Nullable Summary errors) {
        Lifetime lifetime = model.lifetime();
        return new ModelView(
                model.name(),
                "model",
                NOT_KNOWN,
                settings.provider(),
                settings.provider(),
                model.version(),
                sorted(settings.aliases().orElse(List.of())),
                Prices.of(settings.usdPerMillion()),
                number(model.contextTokens()),
                number(model.maxOutputTokens()),
                model.capabilities().stream().sorted().map(Capability::word).toList(),
                provider.region().orElse(null),
                provider.dataClasses(),
                settings.fallbacks().orElse(List.of()),
                lifetime.deprecatedFrom(),
                lifetime.shutdownAt(),
                lifetime.successor(),
                stage.word(),
                new TokenCount(
                        method,
                        errors == null ? 0 : errors.samples(),
                        errors == null ? null : errors.mean(),
                        errors == null ? null : errors.p95()));
    }

    private static List<String> sorted(List<String> names) {
        return names.stream().sorted().toList();
    }

    private static @Nullable Integer number(OptionalInt number) {
        return number.isPresent() ? number.getAsInt() : null;
    }

    /// What tokens cost, with what holds where the operator says nothing.
    @Schema(name = "ModelPrices")
    public record Prices(
            BigDecimal input,
            @JsonProperty("cached_input") BigDecimal cachedInput,
            BigDecimal output,
            @JsonProperty("batch_input") BigDecimal batchInput,
            @JsonProperty("batch_output") BigDecimal batchOutput) {
        static Prices of(ModelSettings.Prices prices) {
            return new Prices(
                    prices.input(),
                    prices.cachedInput().orElse(prices.input()),
                    prices.output(),
                    prices.batchInput().orElse(prices.input()),
                    prices.batchOutput().orElse(prices.output()));
        }
    }

    /// How far the counts of estimates and checks can be trusted.
    @Schema(name = "TokenCount")
    public record TokenCount(
            @Schema(
                    description = "the model's own tokenizer, with which text is counted exactly; or `estimate`",
                    examples = {"o200k_base", "cl100k_base", "estimate"})
            String method,

            @Schema(description = "calls whose input the provider has counted too")
            long samples,

            @JsonProperty("mean_error")
            @Schema(
                    description =
                            "share of the provider's count by which ours was too high, or too low if below 0; null without samples")
            @Nullable
            Double meanError,

            @JsonProperty("p95_error")
            @Schema(description = "95 of 100 errors were at most this, whatever their sign; null without samples")
            @Nullable
            Double p95Error) {}
}
