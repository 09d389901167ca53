package dev.longshore.cli.events;

import com.fasterxml.jackson.databind.JsonNode;
import dev.longshore.cli.job.Job;
import dev.longshore.cli.job.Json;
import java.util.Optional;

/// What an event of a job means.
public sealed interface Event {
    /// The job has changed; its result is not told with it.
    record Status(Job job) implements Event {}

    /// How far the job is, from 0 to 1, and what it says of that; the message may be empty.
    record Progress(double share, String message) implements Event {}

    /// The next piece of the answer.
    record Token(String text) implements Event {}

    /// The attempt that sent tokens has died: they do not count.
    record Reset() implements Event {}

    /// The job is over.
    record Result(Job job) implements Event {}

    /// Nothing more will come.
    record Done() implements Event {}

    /// A kind of event that this program does not know.
    record Other() implements Event {}

    /// Understands an event; empty when its data is not what its name promises.
    static Optional<Event> of(Frame frame) {
        return switch (frame.name()) {
            case "status" -> object(frame).map(json -> new Status(new Job(json)));
            case "progress" ->
                object(frame)
                        .map(json -> new Progress(
                                json.path("progress").asDouble(),
                                json.path("message").asText("")));
            case "token" ->
                object(frame).map(json -> new Token(json.path("token").asText("")));
            case "reset" -> Optional.of(new Reset());
            case "result" -> object(frame).map(json -> new Result(new Job(json)));
            case "done" -> Optional.of(new Done());
            default -> Optional.of(new Other());
        };
    }

    private static Optional<JsonNode> object(Frame frame) {
        return Json.read(frame.data()).filter(JsonNode::isObject);
    }
}
