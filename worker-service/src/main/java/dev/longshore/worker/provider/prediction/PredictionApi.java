package dev.longshore.worker.provider.prediction;

import dev.longshore.prediction.Prediction;
import dev.longshore.settings.PredictionSettings;
import dev.longshore.settings.UrlPath;
import dev.longshore.worker.provider.Ask;
import dev.longshore.worker.provider.DescribedApi;
import dev.longshore.worker.provider.Endpoint;
import dev.longshore.worker.provider.HttpCaller;
import dev.longshore.worker.provider.HttpExchange;
import dev.longshore.worker.provider.Timeouts;
import dev.longshore.worker.slots.StopSign;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The provider's three addresses, and the keys to them. A prediction is only seen with the key that bought it.
final class PredictionApi {
    /// Nobody waits for what has been given up.
    private static final Duration CANCEL = Duration.ofSeconds(2);

    /// A look that hangs must not keep the next one from finding the answer.
    private static final Duration LOOK = Duration.ofSeconds(15);

    private final HttpCaller http;
    private final PredictionSettings described;
    private final List<String> keys;
    private final Endpoint endpoint;

    /// @param keys the API keys; none for servers that want none
    /// @param headers sent with every call; they win over the API's own
    PredictionApi(
            HttpCaller http,
            PredictionSettings described,
            DescribedApi api,
            URI baseUrl,
            List<String> keys,
            Map<String, String> headers) {
        this.http = http;
        this.described = described;
        this.keys = List.copyOf(keys);
        endpoint = new Endpoint(baseUrl, keys, headers, api::headers);
    }

    /// The key that bought a prediction; null for servers that want none.
    @Nullable
    String key(Prediction prediction) {
        return keys.isEmpty() ? null : keys.get(number(prediction));
    }

    /// Whether a prediction was bought with the key that this claim was given.
    boolean isOfThisKey(Ask ask, Prediction prediction) {
        return number(prediction) == ask.key();
    }

    /// The operator may have taken keys away since.
    private int number(Prediction prediction) {
        return keys.isEmpty() ? 0 : prediction.keyNumber() % keys.size();
    }

    HttpExchange submit(Ask ask, Prediction intent, byte[] body, Timeouts timeouts, StopSign stop) {
        Map<String, String> all = headers(intent, ask.claim());
        all.put("idempotency-key", intent.name());
        return http.post(address(described.path(), intent), all, body, timeouts, stop);
    }

    /// @param left time that the attempt has left
    HttpExchange look(Ask ask, Prediction prediction, Timeouts timeouts, Duration left, StopSign stop) {
        Timeouts patience = new Timeouts(
                timeouts.connect(), shorter(timeouts.firstByte(), LOOK), timeouts.idle(), shorter(left, LOOK));
        return http.get(address(described.pollPath(), prediction), headers(prediction, ask.claim()), patience, stop);
    }

    /// Stops it at the provider if that can be done quickly.
    void cancel(Prediction prediction, int claim) {
        Timeouts patience = new Timeouts(CANCEL, CANCEL, CANCEL, CANCEL);
        http.post(
                address(described.cancelPath(), prediction),
                headers(prediction, claim),
                "{}".getBytes(StandardCharsets.UTF_8),
                patience,
                new StopSign());
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private Map<String, String> headers(Prediction prediction, int claim) {
        return endpoint.headers(number(prediction), prediction.job().toString(), claim);
    }

    private URI address(UrlPath path, Prediction prediction) {
        String id = Objects.requireNonNullElse(prediction.providerId(), "");
        return endpoint.at(DescribedApi.path(path, prediction.model(), id));
    }
}
