package dev.longshore.cli.job;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.Set;

/// A job as the server told it. Fields that an answer leaves out are empty or 0: other versions of the server know
/// more fields or fewer.
///
/// @param json the whole of it
public record Job(JsonNode json) {
    private static final Set<String> OVER = Set.of("complete", "failed", "cancelled");

    public String id() {
        return text("job_id");
    }

    public String status() {
        return text("status");
    }

    /// Whether nothing will change any more, but by a replay.
    public boolean isOver() {
        return OVER.contains(status());
    }

    /// What became of it, or is becoming.
    public Standing standing() {
        return switch (status()) {
            case "complete" -> Standing.COMPLETE;
            case "failed" -> Standing.FAILED;
            case "cancelled" -> Standing.CANCELLED;
            default -> Standing.OPEN;
        };
    }

    public String operation() {
        return text("operation");
    }

    public String lane() {
        return text("lane");
    }

    /// The model that answered or will be asked.
    public String model() {
        return json.at("/metadata/model").asText("");
    }

    public int attempt() {
        return json.path("attempt").asInt();
    }

    public int maxAttempts() {
        return json.path("max_attempts").asInt();
    }

    /// From 0 to 1.
    public double progress() {
        return json.path("progress").asDouble();
    }

    /// What the job says of its progress; empty when it says nothing.
    public String progressMessage() {
        return text("progress_message");
    }

    /// Why it waits; empty when it does not.
    public Optional<Waiting> waiting() {
        JsonNode waiting = json.path("waiting");
        return waiting.isObject()
                ? Optional.of(new Waiting(
                        waiting.path("reason").asText(""),
                        time(waiting.path("until")),
                        waiting.path("detail").asText("")))
                : Optional.empty();
    }

    /// About how many jobs run before it, itself included; 0 when that is not known.
    public long queuePosition() {
        return json.path("queue_position").asLong();
    }

    /// One of its times, such as `created_at`.
    public Optional<Instant> time(String field) {
        return time(json.path(field));
    }

    /// Why it failed; empty fields when it did not.
    public Failure error() {
        JsonNode error = json.path("error");
        return new Failure(error.path("code").asText(""), error.path("message").asText(""));
    }

    /// Text of a field; empty when it is absent or null.
    public String text(String field) {
        return json.path(field).asText("");
    }

    private static Optional<Instant> time(JsonNode field) {
        try {
            return field.isTextual() ? Optional.of(Instant.parse(field.textValue())) : Optional.empty();
        } catch (DateTimeParseException _) {
            return Optional.empty();
        }
    }

    /// Why a job that could run does not.
    public record Waiting(String reason, Optional<Instant> until, String detail) {}

    /// Why a job failed.
    public record Failure(String code, String message) {}
}
