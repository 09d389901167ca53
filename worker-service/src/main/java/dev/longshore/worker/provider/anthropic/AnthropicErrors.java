package dev.longshore.worker.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.attempt.AttemptOutcome.Broken;
import dev.longshore.attempt.AttemptOutcome.Refused;
import dev.longshore.attempt.AttemptOutcome.Throttled;
import dev.longshore.attempt.ErrorCode;
import dev.longshore.attempt.Reply;
import dev.longshore.worker.provider.Received;
import dev.longshore.worker.provider.StatusMeaning;
import java.util.Locale;

/// The table of Anthropic's errors: by the error's type, in a few cases by its words, then by the status.
/// The provider's own status and words are kept.
final class AnthropicErrors {
    private AnthropicErrors() {}

    static AttemptOutcome classify(Received received) {
        JsonNode error = received.body().path("error");
        String said = error.path("message").asText("");
        String message = received.words(said);
        Reply reply = received.reply();
        return switch (error.path("type").asText("")) {
            case "invalid_request_error" -> invalid(said.toLowerCase(Locale.ROOT), message, reply);
            case "authentication_error", "permission_error" ->
                new Refused(ErrorCode.PROVIDER_AUTH_FAILED, message, reply);
            case "billing_error" -> new Throttled(ErrorCode.PROVIDER_QUOTA_EXHAUSTED, message, reply);
            case "not_found_error" -> new Refused(ErrorCode.UNKNOWN_MODEL, message, reply);
            case "request_too_large" -> new Refused(ErrorCode.UNSUPPORTED_INPUT, message, reply);
            case "rate_limit_error" -> new Throttled(ErrorCode.PROVIDER_RATE_LIMITED, message, reply);
            case "timeout_error" -> new Broken(ErrorCode.MODEL_TIMEOUT, message, reply);
            case "api_error", "overloaded_error" -> new Broken(ErrorCode.PROVIDER_UNAVAILABLE, message, reply);
            default -> StatusMeaning.ofError(received.status(), message, reply);
        };
    }

    /// One type for everything that is wrong with a request; only its words tell the kinds apart.
    private static AttemptOutcome invalid(String said, String message, Reply reply) {
        if (said.contains("prompt is too long") || said.contains("exceed context limit")) {
            return new Refused(ErrorCode.CONTEXT_LENGTH_EXCEEDED, message, reply);
        }
        if (said.contains("credit balance is too low") || said.contains("usage limits")) {
            return new Throttled(ErrorCode.PROVIDER_QUOTA_EXHAUSTED, message, reply);
        }
        if (said.contains("content filtering policy")) {
            return new Refused(ErrorCode.CONTENT_FILTER_TRIGGERED, message, reply);
        }
        return new Refused(ErrorCode.INVALID_REQUEST, message, reply);
    }
}
