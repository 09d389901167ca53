package dev.longshore.simulator.tongue.gemini;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.simulator.tongue.Complaint;
import dev.longshore.simulator.tongue.Json;
import dev.longshore.simulator.tongue.Trouble;
import java.math.BigDecimal;

/// The words of Google's errors: the names of google.rpc.Code, and details typed like Any in JSON.
final class GeminiErrors {

    private static final String TYPE = "type.googleapis.com/google.rpc.";
    private static final String METRIC = "generativelanguage.googleapis.com/generate_content_requests";

    private GeminiErrors() {}

    static Complaint complaint(Trouble trouble) {
        return switch (trouble) {
            case Trouble.Senseless(var message, var _, var _) -> new Complaint(400, code(400), message);
            case Trouble.NoKey() ->
                new Complaint(
                        403,
                        code(403),
                        "Method doesn't allow unregistered callers (callers without established identity). Please use"
                                + " API Key or other form of API consumer identity to call this API.");
            case Trouble.WrongKey _ -> new Complaint(400, code(400), "API key not valid. Please pass a valid API key.");
            case Trouble.UnknownModel(var model) ->
                new Complaint(
                        404,
                        code(404),
                        "models/" + model + " is not found for API version v1beta, or is not supported for this"
                                + " method. Call ListModels to see the list of available models.");
            case Trouble.OverLimit(var model, var what, var limit, var retryMs) ->
                new Complaint(
                        429,
                        code(429),
                        "You exceeded your current quota. * Quota exceeded for " + what + ", limit: " + limit
                                + ", model: " + model + " Please retry in " + seconds(retryMs) + ".");
            case Trouble.OutOfQuota() ->
                new Complaint(
                        429, code(429), "You exceeded your current quota, please check your plan and billing details.");
            case Trouble.ContextLength(var tokens, var limit) ->
                new Complaint(
                        400,
                        code(400),
                        "The input token count (" + tokens + ") exceeds the maximum number of tokens allowed (" + limit
                                + ").");
            case Trouble.Withheld() -> new Complaint(400, code(400), "The request was blocked because of its content.");
            case Trouble.Status(var status, var message, var _) ->
                new Complaint(status, code(status), message == null ? message(status) : message);
        };
    }

    /// What can be told beside the words, none in most cases.
    static ArrayNode details(Trouble trouble) {
        ArrayNode details = Json.MAPPER.createArrayNode();
        switch (trouble) {
            case Trouble.WrongKey _ -> {
                ObjectNode info = details.addObject().put("@type", TYPE + "ErrorInfo");
                info.put("reason", "API_KEY_INVALID").put("domain", "googleapis.com");
                info.putObject("metadata").put("service", "generativelanguage.googleapis.com");
            }
            case Trouble.OutOfQuota() -> violation(details, "GenerateRequestsPerDayPerProjectPerModel");
            case Trouble.OverLimit(var _, var what, var _, var retryMs) -> {
                violation(
                        details,
                        what.startsWith("tokens")
                                ? "GenerateContentInputTokensPerMinutePerProjectPerModel"
                                : "GenerateRequestsPerMinutePerProjectPerModel");
                retry(details, retryMs);
            }
            case Trouble.Status(var _, var _, var retryMs) -> {
                if (retryMs != null) {
                    retry(details, retryMs);
                }
            }
            case Trouble.Senseless _,
                    Trouble.NoKey _,
                    Trouble.UnknownModel _,
                    Trouble.ContextLength _,
                    Trouble.Withheld _ -> {}
        }
        return details;
    }

    private static void violation(ArrayNode details, String quotaId) {
        ObjectNode failure = details.addObject().put("@type", TYPE + "QuotaFailure");
        failure.putArray("violations").addObject().put("quotaMetric", METRIC).put("quotaId", quotaId);
    }

    private static void retry(ArrayNode details, long retryMs) {
        details.addObject().put("@type", TYPE + "RetryInfo").put("retryDelay", seconds(retryMs));
    }

    /// A google.protobuf.Duration in JSON: `34s`, `0.35s`.
    private static String seconds(long millis) {
        BigDecimal seconds = BigDecimal.valueOf(millis, 3).stripTrailingZeros();
        return (seconds.scale() < 0 ? seconds.setScale(0) : seconds).toPlainString() + "s";
    }

    private static String code(int status) {
        return switch (status) {
            case 401 -> "UNAUTHENTICATED";
            case 403 -> "PERMISSION_DENIED";
            case 404 -> "NOT_FOUND";
            case 409 -> "ABORTED";
            case 429 -> "RESOURCE_EXHAUSTED";
            case 499 -> "CANCELLED";
            case 500 -> "INTERNAL";
            case 501 -> "UNIMPLEMENTED";
            case 502, 503, 529 -> "UNAVAILABLE";
            case 408, 504 -> "DEADLINE_EXCEEDED";
            default -> status >= 400 && status < 500 ? "INVALID_ARGUMENT" : "UNKNOWN";
        };
    }

    private static String message(int status) {
        return switch (status) {
            case 403 -> "The caller does not have permission";
            case 404 -> "Requested entity was not found.";
            case 429 -> "Resource has been exhausted (e.g. check quota).";
            case 500 -> "An internal error has occurred. Please retry.";
            case 502, 503, 529 -> "The model is overloaded. Please try again later.";
            case 408, 504 -> "Deadline expired before operation could complete.";
            default ->
                status >= 400 && status < 500
                        ? "Request contains an invalid argument."
                        : "The request was answered with status " + status + ".";
        };
    }
}
