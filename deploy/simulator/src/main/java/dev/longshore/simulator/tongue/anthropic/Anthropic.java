package dev.longshore.simulator.tongue.anthropic;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.simulator.tongue.Allowance;
import dev.longshore.simulator.tongue.Complaint;
import dev.longshore.simulator.tongue.House;
import dev.longshore.simulator.tongue.Json;
import dev.longshore.simulator.tongue.Keys;
import dev.longshore.simulator.tongue.Stamp;
import dev.longshore.simulator.tongue.Tongue;
import dev.longshore.simulator.tongue.Trouble;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Anthropic. Its errors have a type, which says more than the status, and the id of the request.
public final class Anthropic implements House {

    private final AnthropicMessages messages = new AnthropicMessages(this);

    @Override
    public @Nullable Tongue<?> at(String path) {
        return path.equals("/v1/messages") ? messages : null;
    }

    @Override
    public @Nullable String key(HttpServerRequest request) {
        return Keys.headerOrBearer(request, "x-api-key");
    }

    @Override
    public Complaint complaint(Trouble trouble) {
        return switch (trouble) {
            case Trouble.Senseless(var message, var _, var _) -> new Complaint(400, type(400), message);
            case Trouble.NoKey() -> new Complaint(401, type(401), "x-api-key header is required");
            case Trouble.WrongKey _ -> new Complaint(401, type(401), "invalid x-api-key");
            case Trouble.UnknownModel(var model) -> new Complaint(404, type(404), "model: " + model);
            case Trouble.OverLimit(var _, var what, var limit, var _) ->
                new Complaint(
                        429,
                        type(429),
                        "This request would exceed your organization's rate limit of " + limit + " " + what + ".");
            case Trouble.OutOfQuota() ->
                new Complaint(
                        400,
                        type(400),
                        "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to"
                                + " upgrade or purchase credits.");
            case Trouble.ContextLength(var tokens, var limit) ->
                new Complaint(400, type(400), "prompt is too long: " + tokens + " tokens > " + limit + " maximum");
            case Trouble.Withheld() -> new Complaint(400, type(400), "Output blocked by content filtering policy");
            case Trouble.Status(var status, var message, var _) ->
                new Complaint(status, type(status), message == null ? message(status) : message);
        };
    }

    private static String type(int status) {
        return switch (status) {
            case 401 -> "authentication_error";
            case 402 -> "billing_error";
            case 403 -> "permission_error";
            case 404 -> "not_found_error";
            case 413 -> "request_too_large";
            case 429 -> "rate_limit_error";
            case 408, 504 -> "timeout_error";
            case 529 -> "overloaded_error";
            default -> status >= 500 || status < 400 ? "api_error" : "invalid_request_error";
        };
    }

    private static String message(int status) {
        return switch (status) {
            case 401 -> "invalid x-api-key";
            case 403 -> "Your API key does not have permission to use the specified resource.";
            case 404 -> "The requested resource could not be found.";
            case 429 -> "This request would exceed your organization's rate limit. Please try again later.";
            case 504 -> "The request timed out while processing.";
            case 529 -> "Overloaded";
            default -> status >= 500 ? "Internal server error" : "The request was answered with status " + status + ".";
        };
    }

    @Override
    public Buffer write(Trouble trouble, Complaint complaint, Stamp stamp) {
        ObjectNode json = Json.object().put("type", "error");
        json.putObject("error").put("type", complaint.code()).put("message", complaint.message());
        return Json.write(json.put("request_id", "req_" + stamp.id()));
    }

    @Override
    public void sign(MultiMap headers, Stamp stamp, long tookMs) {
        headers.set("request-id", "req_" + stamp.id());
    }

    @Override
    public void allow(MultiMap headers, List<Allowance> allowances, long nowMs) {
        for (Allowance allowance : allowances) {
            String name = "anthropic-ratelimit-" + allowance.what();
            Instant full = Instant.ofEpochMilli(nowMs + allowance.resetMs()).truncatedTo(ChronoUnit.SECONDS);
            headers.set(name + "-limit", Integer.toString(allowance.limit()));
            headers.set(name + "-remaining", Integer.toString(allowance.remaining()));
            headers.set(name + "-reset", full.toString());
        }
    }
}
