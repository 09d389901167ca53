package dev.longshore.worker.provider;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// One call to be made, in the normal form.
///
/// @param operation what is asked for: `chat` or `embed`
/// @param model the provider's own name of the model
/// @param input the request as the caller wrote it, JSON in the shape of the operation's OpenAI counterpart
/// @param maxOutputTokens what the model answers at most, for APIs that want to be told
/// @param jobId for the provider's log and ours
/// @param claim which claim of the job this is
/// @param key which of the provider's API keys to use, from 0
public record Ask(
        Operation operation, String model, String input, int maxOutputTokens, String jobId, int claim, int key) {
    /// With the first key.
    public Ask(Operation operation, String model, String input, int maxOutputTokens, String jobId, int claim) {
        this(operation, model, input, maxOutputTokens, jobId, claim, 0);
    }

    /// The input, read.
    ///
    /// @throws Inexpressible when it is no JSON object
    public ObjectNode object(ObjectMapper json) throws Inexpressible {
        try {
            if (json.readTree(input) instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException _) {
            // Told below.
        }
        throw Inexpressible.noObject();
    }

    /// The operations that a provider can be asked for.
    public enum Operation {
        CHAT,
        EMBED;

        /// @throws IllegalArgumentException for an operation that no provider is asked for; the API
        ///     refuses such jobs
        public static Operation of(String name) {
            return switch (name) {
                case "chat" -> CHAT;
                case "embed" -> EMBED;
                default -> throw new IllegalArgumentException("no provider is asked for '" + name + "'");
            };
        }
    }
}
