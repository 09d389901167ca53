package dev.longshore.cli.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.longshore.cli.job.Json;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a server says when it says no.
///
/// @param status of HTTP
/// @param error the one error shape of the API; null when something else answered
/// @param text the beginning of the answer, where it has another shape
/// @param requestId under which the operator finds it; empty when there is none
/// @param retryAfter when asking again makes sense, where the server says so
public record Fault(
        int status, @Nullable JsonNode error, String text, String requestId, Optional<Duration> retryAfter) {
    private static final int SHOWN = 300;
    private static final long LONGEST_WAIT_SECONDS = 3600;

    /// @param body of the answer
    public static Fault of(int status, HttpHeaders headers, byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8);
        JsonNode error = Json.read(text).map(json -> json.path("error")).orElse(null);
        return new Fault(
                status,
                error != null && error.isObject() ? error : null,
                text.length() > SHOWN ? text.substring(0, SHOWN) : text,
                headers.firstValue("X-Request-Id").orElse(""),
                headers.firstValue("Retry-After")
                        .filter(seconds -> seconds.matches("[0-9]{1,9}"))
                        .map(seconds -> Duration.ofSeconds(Math.min(LONGEST_WAIT_SECONDS, Long.parseLong(seconds)))));
    }

    /// The code that programs branch on, in capitals; empty when something else than Longshore answered.
    public String code() {
        return error == null ? "" : error.path("code").asText("").toUpperCase(Locale.ROOT);
    }

    /// The field that it is about; empty when it is about none.
    public String param() {
        return error == null ? "" : error.path("param").asText("");
    }

    /// Whether the caller has to change something, rather than the server.
    public boolean isOurs() {
        return status >= 400 && status < 500;
    }
}
