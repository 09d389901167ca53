package dev.longshore.settings;

import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One provider: where it is, how it is spoken to, and how much of it may be used.
public interface ProviderSettings {

    /// The language it speaks. Required.
    Dialect dialect();

    /// Which of OpenAI's APIs serves its chats. Only for [Dialect#OPENAI]; absent means
    /// [OpenAiApi#CHAT_COMPLETIONS].
    Optional<OpenAiApi> api();

    /// Its address up to the version segment, `https://api.openai.com/v1` for example. Required, but for
    /// [Dialect#ECHO].
    Optional<URI> baseUrl();

    /// Its API keys; calls are spread over several. Absent for servers that want none.
    Optional<List<@WithConverter(SecretConverter.class) Secret>> apiKeys();

    /// HTTP headers sent with each call, by name. Secrets, since some servers take their key this way.
    Map<String, @WithConverter(SecretConverter.class) Secret> headers();

    /// The region that it works in, in the operator's own words. Absent means unknown.
    Optional<String> region();

    /// The classes of data that may go there.
    @WithDefault("public,internal")
    List<String> dataClasses();

    /// How much of it may be used at once and by the minute, by all workers together.
    LimitSettings limits();

    /// The same for each of its API keys, where they have limits of their own.
    LimitSettings limitsPerKey();

    /// How long it may keep us waiting.
    Timeouts timeouts();

    /// When it is taken for broken.
    Breaker breaker();

    /// What its API looks like, for [Dialect#HTTP].
    HttpSettings http();

    /// What its API looks like, for [Dialect#PREDICTION].
    PredictionSettings prediction();

    @Override
    String toString();

    /// How long a provider may keep us waiting.
    interface Timeouts {
        /// Time until the connection stands, TLS included.
        @WithDefault("5s")
        @WithConverter(DurationConverter.class)
        Duration connect();

        /// Time from the request until the first byte of the answer.
        @WithDefault("60s")
        @WithConverter(DurationConverter.class)
        Duration firstByte();

        /// Time between two parts of an answer.
        @WithDefault("30s")
        @WithConverter(DurationConverter.class)
        Duration idle();

        /// Time for the whole attempt.
        @WithDefault("300s")
        @WithConverter(DurationConverter.class)
        Duration attempt();

        /// Where calls are known to be quick, silence is taken for a failure sooner than by the times above, but never
        /// sooner than this.
        @WithDefault("10s")
        @WithConverter(DurationConverter.class)
        Duration least();

        @Override
        String toString();
    }

    /// When a provider is taken for broken, and for how long it is then left alone.
    interface Breaker {
        /// Failures in a row that open the breaker.
        @WithDefault("5")
        int consecutiveFailures();

        /// Share of failed or slow calls in the window, above 0 and up to 1, that opens the breaker.
        @WithDefault("0.5")
        double failureRate();

        /// Time over which the share is taken.
        @WithDefault("60s")
        @WithConverter(DurationConverter.class)
        Duration window();

        /// Calls that the window must hold before the share counts.
        @WithDefault("20")
        int minimumCalls();

        /// Time from which a call counts as slow.
        @WithDefault("60s")
        @WithConverter(DurationConverter.class)
        Duration slowCall();

        /// Time that the breaker stays open before one trial call is let through.
        @WithDefault("15s")
        @WithConverter(DurationConverter.class)
        Duration openFor();

        @Override
        String toString();
    }
}
