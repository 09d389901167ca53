package dev.longshore.cli.commands;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.cli.job.Json;
import dev.longshore.cli.surroundings.Surroundings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What the job is: a prompt, or a whole request.
final class InputOptions {
    private static final String CHAT = "chat";
    private static final String EMBED = "embed";
    private static final String STANDARD_INPUT = "-";

    @Parameters(arity = "0..1", paramLabel = "PROMPT", description = "What to ask, or the text to embed.")
    @Nullable
    String prompt;

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description =
                    "A whole request as JSON (the body of POST /v1/jobs); - or nothing at all reads it from the standard input."
                            + " Options overrule what it says.")
    @Nullable
    String file;

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description = "Who shall answer. Default for a prompt: $LONGSHORE_MODEL.")
    @Nullable
    String model;

    @Option(
            names = "--operation",
            paramLabel = "NAME",
            description = "chat (the default for a prompt), embed, or one of your own, such as classify-ticket@3.")
    @Nullable
    String operation;

    @Option(names = "--system", paramLabel = "TEXT", description = "What the model is told before the prompt.")
    @Nullable
    String system;

    /// The request so far.
    ///
    /// @throws Misuse when there is none, or two
    ObjectNode request(Surroundings surroundings) {
        if (prompt != null && file != null) {
            throw new Misuse("give a prompt or a file, not both");
        }
        return prompt != null ? fromPrompt(prompt, surroundings) : fromFile(surroundings);
    }

    private ObjectNode fromPrompt(String text, Surroundings surroundings) {
        ObjectNode request = Json.object().put("operation", operation == null ? CHAT : operation);
        ObjectNode input = request.putObject("input");
        input.put("model", modelFor(surroundings));
        switch (request.path("operation").asText().replaceFirst("@.*", "")) {
            case CHAT -> {
                ArrayNode messages = input.putArray("messages");
                if (system != null) {
                    messages.addObject().put("role", "system").put("content", system);
                }
                messages.addObject().put("role", "user").put("content", text);
            }
            case EMBED -> {
                if (system != null) {
                    throw new Misuse("--system is for chats");
                }
                input.put("input", text);
            }
            default ->
                throw new Misuse("only chat and embed take a prompt; give the request of operation '" + operation
                        + "' with --file");
        }
        return request;
    }

    private String modelFor(Surroundings surroundings) {
        return model != null
                ? model
                : surroundings
                        .variable("LONGSHORE_MODEL")
                        .orElseThrow(() -> new Misuse("say who shall answer with --model or LONGSHORE_MODEL; '"
                                + surroundings.program() + " models' lists the models"));
    }

    private ObjectNode fromFile(Surroundings surroundings) {
        if (system != null) {
            throw new Misuse("--system goes with a prompt; a whole request has its own messages");
        }
        if (file == null && surroundings.terminal().in()) {
            throw new Misuse("give a prompt, or a request with --file");
        }
        JsonNode read = read(surroundings);
        if (!(read instanceof ObjectNode request)) {
            throw new Misuse(source() + " must be one JSON object: the body of POST /v1/jobs");
        }
        if (operation != null) {
            request.put("operation", operation);
        }
        if (model != null) {
            request.withObjectProperty("input").put("model", model);
        }
        return request;
    }

    private JsonNode read(Surroundings surroundings) {
        try {
            String text = file == null || file.equals(STANDARD_INPUT)
                    ? new String(surroundings.in().readAllBytes(), StandardCharsets.UTF_8)
                    : Files.readString(Path.of(file));
            return Json.parse(text);
        } catch (JsonProcessingException e) {
            throw new Misuse(source() + " is no JSON: " + e.getOriginalMessage()
                    + (e.getLocation() == null
                            ? ""
                            : " (line " + e.getLocation().getLineNr() + ")"));
        } catch (IOException e) {
            throw new Misuse(source() + " cannot be read: " + e.getMessage());
        }
    }

    private String source() {
        return file == null || file.equals(STANDARD_INPUT) ? "the standard input" : file;
    }
}
