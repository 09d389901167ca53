package dev.longshore.cli.listen;

import com.fasterxml.jackson.databind.JsonNode;
import dev.longshore.cli.job.Json;
import dev.longshore.webhook.Verification;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// A call that came in.
///
/// @param headers those that belong to the call's meaning, by their names in small letters
/// @param body the bytes as they came
/// @param again whether a call with the same id has been taken before
public record Arrival(Map<String, String> headers, byte[] body, Verification verification, boolean again) {
    /// The name of what is told, the same over all tries.
    public String id() {
        return header("webhook-id");
    }

    public boolean isGenuine() {
        return verification == Verification.GENUINE;
    }

    /// What the body says; an empty object when it is no JSON.
    public JsonNode json() {
        return Json.read(new String(body, StandardCharsets.UTF_8)).orElseGet(Json::object);
    }

    String header(String name) {
        return headers.getOrDefault(name, "");
    }
}
