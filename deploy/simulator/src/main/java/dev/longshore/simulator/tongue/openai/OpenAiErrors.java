package dev.longshore.simulator.tongue.openai;

import dev.longshore.simulator.tongue.Complaint;
import dev.longshore.simulator.tongue.Trouble;
import org.jspecify.annotations.Nullable;

/// The words of OpenAI's errors.
final class OpenAiErrors {

    private OpenAiErrors() {}

    static Complaint complaint(Trouble trouble) {
        return switch (trouble) {
            case Trouble.Senseless(var message, var _, var code) -> new Complaint(400, code, message);
            case Trouble.NoKey() -> new Complaint(401, null, "You didn't provide an API key.");
            case Trouble.WrongKey(var shown) ->
                new Complaint(401, "invalid_api_key", "Incorrect API key provided: " + shown + ".");
            case Trouble.UnknownModel(var model) ->
                new Complaint(
                        404,
                        "model_not_found",
                        "The model `" + model + "` does not exist or you do not have access to it.");
            case Trouble.OverLimit(var model, var what, var limit, var retryMs) ->
                new Complaint(
                        429,
                        "rate_limit_exceeded",
                        "Rate limit reached for " + model + " on " + what + ": Limit " + limit
                                + ". Please try again in " + OpenAi.duration(retryMs) + ".");
            case Trouble.OutOfQuota() ->
                new Complaint(
                        429,
                        "insufficient_quota",
                        "You exceeded your current quota, please check your plan and billing details.");
            case Trouble.ContextLength(var tokens, var limit) ->
                new Complaint(
                        400,
                        "context_length_exceeded",
                        "This model's maximum context length is " + limit + " tokens. However, your messages resulted"
                                + " in " + tokens + " tokens. Please reduce the length of the messages.");
            case Trouble.Withheld() ->
                new Complaint(
                        400,
                        "content_filter",
                        "The response was filtered due to the prompt triggering our content management policy.");
            case Trouble.Status(var status, var message, var _) ->
                new Complaint(status, code(status), message == null ? message(status) : message);
        };
    }

    static String type(Trouble trouble, int status) {
        if (trouble instanceof Trouble.OutOfQuota) {
            return "insufficient_quota";
        }
        return status == 429 ? "requests" : status >= 500 || status < 400 ? "server_error" : "invalid_request_error";
    }

    static @Nullable String param(Trouble trouble) {
        return switch (trouble) {
            case Trouble.Senseless(var _, var param, var _) -> param;
            case Trouble.ContextLength _ -> "messages";
            case Trouble.NoKey _,
                    Trouble.WrongKey _,
                    Trouble.UnknownModel _,
                    Trouble.OverLimit _,
                    Trouble.OutOfQuota _,
                    Trouble.Withheld _,
                    Trouble.Status _ -> null;
        };
    }

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

    private static @Nullable String code(int status) {
        return switch (status) {
            case 401 -> "invalid_api_key";
            case 404 -> "model_not_found";
            case 429 -> "rate_limit_exceeded";
            default -> null;
        };
    }
}
