package dev.longshore.settings;

import io.smallrye.config.WithDefault;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// One model, under the name that callers use: who serves it, what it can do and what it costs.
public interface ModelSettings {

    /// The provider that serves it, one of `providers`. Required.
    String provider();

    /// The provider's own name for it. Absent means the name that callers use.
    Optional<String> name();

    /// Other names that callers may use for it. Absent means none.
    Optional<List<String>> aliases();

    /// Tokens that input and output may have together. Absent means unknown: such calls are sent without a check.
    OptionalInt contextTokens();

    /// Tokens that the output may have. Absent means that only the context bounds it.
    OptionalInt maxOutputTokens();

    /// What it costs.
    Prices usdPerMillion();

    /// What it can do.
    @WithDefault("chat")
    Set<Capability> capabilities();

    /// The models to try when it fails, in order, each one of `models`. Absent means none.
    Optional<List<String>> fallbacks();

    /// How much of it may be used at once and by the minute, by all workers together.
    LimitSettings limits();

    /// First day on which using it is warned of.
    Optional<LocalDate> deprecatedFrom();

    /// Day on which its provider takes it away. Days begin at midnight UTC.
    Optional<LocalDate> shutdownAt();

    /// The model to use instead once it is gone, one of `models`.
    Optional<String> successor();

    @Override
    String toString();

    /// Prices in US dollars for a million tokens.
    interface Prices {
        /// Input tokens.
        @WithDefault("0")
        BigDecimal input();

        /// Input tokens that the provider had in its cache. Absent means the price of `input`.
        Optional<BigDecimal> cachedInput();

        /// Output tokens.
        @WithDefault("0")
        BigDecimal output();

        /// Input tokens of calls that ride in a provider's batch. Absent means the price of `input`.
        Optional<BigDecimal> batchInput();

        /// Output tokens of calls that ride in a provider's batch. Absent means the price of `output`.
        Optional<BigDecimal> batchOutput();

        @Override
        String toString();
    }
}
