package dev.longshore.simulator.tongue.plain;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.simulator.tongue.Complaint;
import dev.longshore.simulator.tongue.House;
import dev.longshore.simulator.tongue.Json;
import dev.longshore.simulator.tongue.Keys;
import dev.longshore.simulator.tongue.Stamp;
import dev.longshore.simulator.tongue.Tongue;
import dev.longshore.simulator.tongue.Trouble;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/// A server that somebody wrote in an afternoon: its own names for everything, and statuses that mean what they say.
public final class Plain implements House {

    private final PlainComplete complete = new PlainComplete(this);

    @Override
    public @Nullable Tongue<?> at(String path) {
        return path.equals("/plain/complete") ? complete : null;
    }

    @Override
    public @Nullable String key(HttpServerRequest request) {
        return Keys.headerOrBearer(request, "x-api-key");
    }

    @Override
    public Complaint complaint(Trouble trouble) {
        return switch (trouble) {
            case Trouble.Senseless(var message, var _, var _) -> new Complaint(400, "bad_request", message);
            case Trouble.NoKey() -> new Complaint(401, "no_key", "Bring a key.");
            case Trouble.WrongKey _ -> new Complaint(401, "wrong_key", "That is not a key of ours.");
            case Trouble.UnknownModel(var model) ->
                new Complaint(404, "unknown_model", "There is no model " + model + ".");
            case Trouble.OverLimit(var _, var what, var limit, var _) ->
                new Complaint(429, "too_fast", "No more than " + limit + " " + what + ".");
            case Trouble.OutOfQuota() -> new Complaint(402, "out_of_quota", "All that was paid for is used up.");
            case Trouble.ContextLength(var tokens, var limit) ->
                new Complaint(400, "too_long", tokens + " tokens are more than " + limit + ".");
            case Trouble.Withheld() -> new Complaint(422, "filtered", "We would rather not say.");
            case Trouble.Status(var status, var message, var _) ->
                new Complaint(
                        status,
                        reason(status),
                        message == null ? "The request was answered with status " + status + "." : message);
        };
    }

    private static String reason(int status) {
        return switch (status) {
            case 401, 403 -> "wrong_key";
            case 404 -> "unknown";
            case 429 -> "too_fast";
            default -> status >= 400 && status < 500 ? "bad_request" : "broken";
        };
    }

    @Override
    public Buffer write(Trouble trouble, Complaint complaint, Stamp stamp) {
        ObjectNode json = Json.object();
        json.putObject("fault").put("reason", complaint.code()).put("text", complaint.message());
        return Json.write(json);
    }
}
