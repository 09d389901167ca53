package dev.longshore.api.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.longshore.api.request.Faults;
import dev.longshore.api.request.Fields;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Looks at the input of the two built-in operations: enough to refuse what no provider would take, and
/// no more, since fields that we do not know travel on.
final class InputCheck {
    private static final Set<String> ROLES = Set.of("system", "developer", "user", "assistant", "tool", "function");

    private final Fields request;
    private final Faults faults;

    InputCheck(Fields request, Faults faults) {
        this.request = request;
        this.faults = faults;
    }

    /// The model that the input names; null when that is wrong.
    @Nullable
    String model(boolean embed) {
        JsonNode input = request.object("input");
        if (input == null) {
            if (request.get("input") == null) {
                request.wrong("input", "is required");
            }
            return null;
        }
        Fields fields = new Fields(input, "/input", faults);
        String model = fields.text("model");
        if (fields.get("model") == null || model != null && model.isEmpty()) {
            fields.wrong("model", "is required");
        }
        if (embed) {
            embedding(fields);
        } else {
            chat(fields);
        }
        return model;
    }

    private void chat(Fields fields) {
        fields.flag("stream");
        fields.whole("max_tokens", 1, Integer.MAX_VALUE);
        fields.whole("max_completion_tokens", 1, Integer.MAX_VALUE);
        JsonNode messages = fields.get("messages");
        if (messages == null) {
            fields.wrong("messages", "is required");
        } else if (!messages.isArray() || messages.isEmpty()) {
            fields.wrong("messages", "must be a list of at least one message");
        } else {
            for (int i = 0; i < messages.size(); i++) {
                message(messages.get(i), "/input/messages/" + i);
            }
        }
    }

    private void message(JsonNode message, String pointer) {
        if (!message.isObject()) {
            faults.add(pointer, "must be an object with role and content");
            return;
        }
        Fields fields = new Fields(message, pointer, faults);
        if (fields.get("role") == null) {
            fields.wrong("role", "is required");
        } else {
            fields.word("role", ROLES);
        }
        JsonNode content = fields.get("content");
        if (content == null) {
            // An assistant that called tools has nothing to say.
            if (fields.get("tool_calls") == null && fields.get("function_call") == null) {
                fields.wrong("content", "is required");
            }
        } else if (!content.isTextual() && !content.isArray()) {
            fields.wrong("content", "must be a string or a list of parts");
        }
    }

    private static void embedding(Fields fields) {
        JsonNode input = fields.get("input");
        if (input == null) {
            fields.wrong("input", "is required");
            return;
        }
        boolean right = input.isTextual() ? !input.textValue().isEmpty() : input.isArray() && !input.isEmpty();
        for (JsonNode item : input) {
            right &= item.isTextual() && !item.textValue().isEmpty() || item.isIntegralNumber() || item.isArray();
        }
        if (!right) {
            fields.wrong("input", "must be a text, or a list of texts or tokens; none may be empty");
        }
    }
}
