package dev.longshore.simulator.tongue.replicate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.simulator.tongue.Complaint;
import dev.longshore.simulator.tongue.House;
import dev.longshore.simulator.tongue.Json;
import dev.longshore.simulator.tongue.Keys;
import dev.longshore.simulator.tongue.Stamp;
import dev.longshore.simulator.tongue.Tongue;
import dev.longshore.simulator.tongue.Trouble;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/// Replicate. Its errors have a detail, and most of them a title and the status again.
public final class Replicate implements House {

    /// Where predictions are asked for; each is found below it by its id.
    public static final String PREDICTIONS = "/v1/predictions";

    private final ReplicatePredictions predictions = new ReplicatePredictions(this);

    @Override
    public @Nullable Tongue<?> at(String path) {
        return path.equals(PREDICTIONS) ? predictions : null;
    }

    /// As a bearer, or by the older name of the scheme.
    @Override
    public @Nullable String key(HttpServerRequest request) {
        String key = Keys.bearer(request);
        return key == null ? Keys.behind("Token ", request.getHeader(HttpHeaders.AUTHORIZATION)) : key;
    }

    @Override
    public Complaint complaint(Trouble trouble) {
        return switch (trouble) {
            case Trouble.Senseless(var message, var _, var _) -> new Complaint(422, "Input validation failed", message);
            case Trouble.NoKey(), Trouble.WrongKey _ ->
                new Complaint(401, "Unauthenticated", "You did not pass a valid authentication token");
            case Trouble.UnknownModel _ ->
                new Complaint(
                        422,
                        "Invalid version or not permitted",
                        "The specified version does not exist (or perhaps you don't have permission to use it?)");
            case Trouble.OverLimit(var _, var _, var _, var retryMs) ->
                new Complaint(
                        429,
                        "Too many requests",
                        "Request was throttled. Expected available in " + Math.max(1, (retryMs + 999) / 1000)
                                + " seconds.");
            case Trouble.OutOfQuota() ->
                new Complaint(
                        402,
                        "Insufficient credit",
                        "You have insufficient credit to run this model. Go to your account to purchase credit.");
            case Trouble.ContextLength(var tokens, var limit) ->
                new Complaint(
                        422,
                        "Input validation failed",
                        "- input.prompt: " + tokens + " tokens are more than the maximum of " + limit + "\n");
            case Trouble.Withheld() ->
                new Complaint(
                        422,
                        "Sensitive content",
                        "The input was flagged as sensitive. Please try again with different inputs. (E005)");
            case Trouble.Status(var status, var message, var _) ->
                new Complaint(status, title(status), message == null ? detail(status) : message);
        };
    }

    private static String title(int status) {
        return switch (status) {
            case 401 -> "Unauthenticated";
            case 403 -> "Forbidden";
            case 404 -> "Not found";
            case 429 -> "Too many requests";
            default -> status >= 500 ? "Internal server error" : "Invalid request";
        };
    }

    private static String detail(int status) {
        return switch (status) {
            case 401 -> "You did not pass a valid authentication token";
            case 404 -> "The requested resource could not be found.";
            case 429 -> "Request was throttled.";
            default -> "The request was answered with status " + status + ".";
        };
    }

    @Override
    public Buffer write(Trouble trouble, Complaint complaint, Stamp stamp) {
        ObjectNode json = Json.object().put("title", complaint.code()).put("detail", complaint.message());
        return Json.write(json.put("status", complaint.status()));
    }
}
