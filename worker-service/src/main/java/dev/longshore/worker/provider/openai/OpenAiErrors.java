package dev.longshore.worker.provider.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.attempt.AttemptOutcome.Broken;
import dev.longshore.attempt.AttemptOutcome.Refused;
import dev.longshore.attempt.AttemptOutcome.Throttled;
import dev.longshore.attempt.ErrorCode;
import dev.longshore.attempt.Reply;
import dev.longshore.worker.provider.Received;
import dev.longshore.worker.provider.StatusMeaning;

/// The table of OpenAI's errors. The error's code says most, then its type, then the status; the
/// provider's own status and words are kept.
final class OpenAiErrors {
    private OpenAiErrors() {}

    static AttemptOutcome classify(int status, JsonNode body, Reply reply) {
        JsonNode error = body.path("error");
        String code = error.path("code").asText("");
        String type = error.path("type").asText("");
        String said = error.path("message").asText(error.isTextual() ? error.textValue() : "");
        // An error inside a success may have no status of its own.
        String message = Received.words(status == 0 ? reply.status() : status, said);
        return switch (code) {
            case "context_length_exceeded", "string_above_max_length" ->
                new Refused(ErrorCode.CONTEXT_LENGTH_EXCEEDED, message, reply);
            case "content_filter", "content_policy_violation", "image_content_policy_violation", "invalid_prompt" ->
                new Refused(ErrorCode.CONTENT_FILTER_TRIGGERED, message, reply);
            case "model_not_found" -> new Refused(ErrorCode.UNKNOWN_MODEL, message, reply);
            case "invalid_api_key", "account_deactivated" ->
                new Refused(ErrorCode.PROVIDER_AUTH_FAILED, message, reply);
            case "insufficient_quota", "billing_hard_limit_reached" ->
                new Throttled(ErrorCode.PROVIDER_QUOTA_EXHAUSTED, message, reply);
            case "rate_limit_exceeded" -> new Throttled(ErrorCode.PROVIDER_RATE_LIMITED, message, reply);
            // The codes of responses that failed, which have neither type nor status.
            case "server_error", "vector_store_timeout" -> new Broken(ErrorCode.PROVIDER_UNAVAILABLE, message, reply);
            case "invalid_image",
                    "invalid_image_format",
                    "invalid_base64_image",
                    "invalid_image_url",
                    "invalid_image_mode",
                    "image_too_large",
                    "image_too_small",
                    "image_parse_error",
                    "image_file_too_large",
                    "image_file_not_found",
                    "unsupported_image_media_type",
                    "empty_image_file",
                    "failed_to_download_image" -> new Refused(ErrorCode.UNSUPPORTED_INPUT, message, reply);
            // No code that decides by itself: many servers send none, or one of their own.
            default -> byTypeAndStatus(type, status, message, reply);
        };
    }

    /// Some proxies answer 200 and put the error inside. What it says about itself counts; where it says
    /// nothing that we know, the answer is nonsense and worth another try.
    static AttemptOutcome hiddenInSuccess(JsonNode body, Reply reply) {
        int inner = body.path("error")
                .path("status")
                .asInt(body.path("error").path("code").asInt(0));
        AttemptOutcome outcome = classify(inner, body, reply);
        return outcome instanceof Refused(var code, var message, var _)
                        && code == ErrorCode.INVALID_REQUEST
                        && inner == 0
                ? new Broken(ErrorCode.MALFORMED_RESPONSE, message, reply)
                : outcome;
    }

    private static AttemptOutcome byTypeAndStatus(String type, int status, String message, Reply reply) {
        return switch (type) {
            case "insufficient_quota" -> new Throttled(ErrorCode.PROVIDER_QUOTA_EXHAUSTED, message, reply);
            case "authentication_error", "permission_error" ->
                new Refused(ErrorCode.PROVIDER_AUTH_FAILED, message, reply);
            case "rate_limit_error", "tokens", "requests" ->
                new Throttled(ErrorCode.PROVIDER_RATE_LIMITED, message, reply);
            // Said of whatever goes wrong over there; a status that knows it was a matter of time says more.
            case "server_error", "overloaded_error", "api_error" ->
                status == 504
                        ? StatusMeaning.of(status, message, reply)
                        : new Broken(ErrorCode.PROVIDER_UNAVAILABLE, message, reply);
            // invalid_request_error is sent with many statuses, so the status decides.
            default -> StatusMeaning.of(status, message, reply);
        };
    }
}
