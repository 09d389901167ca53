package dev.longshore.worker.provider.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.attempt.AttemptOutcome.Broken;
import dev.longshore.attempt.AttemptOutcome.Refused;
import dev.longshore.attempt.AttemptOutcome.Throttled;
import dev.longshore.attempt.ErrorCode;
import dev.longshore.attempt.Reply;
import dev.longshore.worker.provider.Received;
import dev.longshore.worker.provider.RetryAfter;
import dev.longshore.worker.provider.StatusMeaning;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The table of Google's errors: by the canonical name of the error (google.rpc.Code), in a few cases by its
/// details or words, then by the HTTP status. The provider's own status and words are kept.
final class GeminiErrors {
    /// A `google.protobuf.Duration` in JSON.
    private static final Pattern SECONDS = Pattern.compile("(\\d{1,9})(?:\\.(\\d{1,9}))?s");

    private GeminiErrors() {}

    static AttemptOutcome classify(Received plain) {
        JsonNode error = plain.body().path("error");
        Received received = withRetryDelay(plain, error);
        String said = error.path("message").asText("");
        String message = received.words(said);
        Reply reply = received.reply();
        return switch (error.path("status").asText("")) {
            case "INVALID_ARGUMENT" -> invalid(error, said.toLowerCase(Locale.ROOT), message, reply);
            case "FAILED_PRECONDITION", "OUT_OF_RANGE", "UNIMPLEMENTED" ->
                new Refused(ErrorCode.INVALID_REQUEST, message, reply);
            case "UNAUTHENTICATED", "PERMISSION_DENIED" -> new Refused(ErrorCode.PROVIDER_AUTH_FAILED, message, reply);
            case "NOT_FOUND" -> new Refused(ErrorCode.UNKNOWN_MODEL, message, reply);
            case "RESOURCE_EXHAUSTED" ->
                new Throttled(
                        perDay(error) ? ErrorCode.PROVIDER_QUOTA_EXHAUSTED : ErrorCode.PROVIDER_RATE_LIMITED,
                        message,
                        reply);
            case "DEADLINE_EXCEEDED" -> new Broken(ErrorCode.MODEL_TIMEOUT, message, reply);
            case "ABORTED", "CANCELLED", "DATA_LOSS", "INTERNAL", "UNAVAILABLE", "UNKNOWN" ->
                new Broken(ErrorCode.PROVIDER_UNAVAILABLE, message, reply);
            default -> {
                // Google tells the status twice. In a stream, which begins as a success, only the body has it.
                int status = received.isSuccess() ? error.path("code").asInt(received.status()) : received.status();
                yield StatusMeaning.ofError(status, message, reply);
            }
        };
    }

    private static AttemptOutcome invalid(JsonNode error, String said, String message, Reply reply) {
        for (JsonNode detail : error.path("details")) {
            if ("API_KEY_INVALID".equals(detail.path("reason").textValue())) {
                return new Refused(ErrorCode.PROVIDER_AUTH_FAILED, message, reply);
            }
        }
        return new Refused(
                said.contains("token count") && said.contains("exceeds")
                        ? ErrorCode.CONTEXT_LENGTH_EXCEEDED
                        : ErrorCode.INVALID_REQUEST,
                message,
                reply);
    }

    /// A quota by the day is no matter of seconds.
    private static boolean perDay(JsonNode error) {
        for (JsonNode detail : error.path("details")) {
            for (JsonNode violation : detail.path("violations")) {
                if (violation.path("quotaId").asText("").contains("PerDay")) {
                    return true;
                }
            }
        }
        return false;
    }

    /// Google says in the body how long to stay away.
    private static Received withRetryDelay(Received received, JsonNode error) {
        for (JsonNode detail : error.path("details")) {
            Matcher delay = SECONDS.matcher(detail.path("retryDelay").asText(""));
            if (delay.matches()) {
                Duration asked = Duration.ofMillis(
                        (long) Math.ceil(Double.parseDouble(delay.group().replace("s", "")) * 1_000));
                return received.retryAfter(asked.compareTo(RetryAfter.LONGEST) > 0 ? RetryAfter.LONGEST : asked);
            }
        }
        return received;
    }
}
