package dev.longshore.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/// Writes errors as OpenAI does: message, type, param and code, all four always.
final class ErrorJson {

    private ErrorJson() {}

    static Buffer write(String message, String type, @Nullable String param, @Nullable String code) {
        StringBuilder json = new StringBuilder(256).append("{\"error\":{\"message\":");
        Json.quote(json, message).append(",\"type\":");
        Json.quote(json, type).append(",\"param\":");
        nullable(json, param).append(",\"code\":");
        return Buffer.buffer(nullable(json, code).append("}}").toString());
    }

    static Buffer bad(BadAsk ask) {
        return write(ask.text(), "invalid_request_error", ask.param(), ask.code());
    }

    static Buffer contextLength(int tokens, int limit) {
        return write(
                "This model's maximum context length is " + limit + " tokens. However, your messages resulted in "
                        + tokens + " tokens. Please reduce the length of the messages.",
                "invalid_request_error",
                "messages",
                "context_length_exceeded");
    }

    /// The body of a fault that answers with an error.
    static Buffer of(Fault fault, int status) {
        JsonNode body = fault.body();
        if (body != null && !body.isNull()) {
            return body.isTextual() ? Buffer.buffer(body.textValue()) : Json.write(body);
        }
        boolean quota = fault.kind() == FaultKind.QUOTA;
        String message = fault.message() == null ? (quota ? QUOTA : message(status)) : fault.message();
        String code = fault.code() == null ? (quota ? "insufficient_quota" : code(status)) : fault.code();
        return write(message, quota ? "insufficient_quota" : type(status), null, code);
    }

    private static final String QUOTA = "You exceeded your current quota, please check your plan and billing details.";

    private static String message(int status) {
        return switch (status) {
            case 400 -> "The request is invalid.";
            case 401 -> "Incorrect API key provided.";
            case 403 -> "You are not allowed to do this.";
            case 404 -> "The requested resource does not exist.";
            case 408, 504 -> "The request timed out.";
            case 429 -> "Rate limit reached. Please try again later.";
            case 503, 529 -> "The engine is currently overloaded, please try again later.";
            default ->
                status >= 500
                        ? "The server had an error while processing your request. Sorry about that!"
                        : "The request was answered with status " + status + ".";
        };
    }

    private static String type(int status) {
        return status == 429 ? "requests" : status >= 500 || status < 400 ? "server_error" : "invalid_request_error";
    }

    private static @Nullable String code(int status) {
        return switch (status) {
            case 401 -> "invalid_api_key";
            case 404 -> "model_not_found";
            case 429 -> "rate_limit_exceeded";
            default -> null;
        };
    }

    private static StringBuilder nullable(StringBuilder json, @Nullable String text) {
        return text == null ? json.append("null") : Json.quote(json, text);
    }
}
