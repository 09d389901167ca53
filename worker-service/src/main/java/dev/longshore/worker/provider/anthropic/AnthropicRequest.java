package dev.longshore.worker.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.worker.provider.Ask;
import dev.longshore.worker.provider.Inexpressible;
import java.util.Map;

/// Writes a request to the Messages API. Fields of Chat Completions are translated or refused; all others
/// travel on untouched, so that `thinking` or `top_k` can be asked for by their own names.
final class AnthropicRequest {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final ObjectMapper json;

    AnthropicRequest(ObjectMapper json) {
        this.json = json;
    }

    ObjectNode of(Ask ask, ObjectNode input) throws Inexpressible {
        ObjectNode request = NODES.objectNode();
        request.put("model", ask.model());
        request.set("max_tokens", NODES.numberNode(ask.maxOutputTokens()));
        for (Map.Entry<String, JsonNode> field : input.properties()) {
            // OpenAI takes null for a field that is not set.
            if (!field.getValue().isNull()) {
                put(request, field.getKey(), field.getValue());
            }
        }
        if (input.path("parallel_tool_calls").isBoolean() && request.has("tools")) {
            ObjectNode choice = request.has("tool_choice")
                    ? (ObjectNode) request.get("tool_choice")
                    : request.putObject("tool_choice").put("type", "auto");
            choice.put(
                    "disable_parallel_tool_use",
                    !input.path("parallel_tool_calls").booleanValue());
        }
        return request;
    }

    private void put(ObjectNode request, String name, JsonNode value) throws Inexpressible {
        switch (name) {
            case "model", "parallel_tool_calls" -> {
                // Set apart from the others.
            }
            case "max_tokens", "max_completion_tokens" -> request.set("max_tokens", value);
            case "messages" -> {
                AnthropicMessages messages = new AnthropicMessages(json);
                messages.addAll(value);
                messages.putInto(request);
            }
            case "stop" ->
                request.set(
                        "stop_sequences", value.isTextual() ? NODES.arrayNode().add(value) : value);
            case "temperature" -> {
                if (value.asDouble() > 1) {
                    throw new Inexpressible("/temperature", "Anthropic's models take 0 to 1.");
                }
                request.set(name, value);
            }
            case "tools" -> request.set(name, tools(value));
            case "tool_choice" -> request.set(name, toolChoice(value));
            case "response_format" -> responseFormat(request, value);
            case "reasoning_effort" -> reasoning(request, value);
            case "user", "safety_identifier" -> request.withObject("/metadata").set("user_id", value);
            case "service_tier" -> request.put(name, tier(value));
            case "n" -> only("/n", value, "1");
            case "stream" -> only("/stream", value, "false");
            case "store" -> only("/store", value, "false");
            case "logprobs" -> only("/logprobs", value, "false");
            case "presence_penalty", "frequency_penalty" -> {
                if (value.asDouble() != 0) {
                    throw unknown(name);
                }
            }
            case "seed", "logit_bias", "top_logprobs", "audio", "prediction", "web_search_options", "verbosity" ->
                throw unknown(name);
            case "functions", "function_call" ->
                throw new Inexpressible("/" + name, "use 'tools' and 'tool_choice', which have taken its place.");
            case "modalities" -> only("/modalities", value, "[\"text\"]");
            default -> request.set(name, value);
        }
    }

    private static Inexpressible unknown(String name) {
        return new Inexpressible("/" + name, "Anthropic's API has nothing like it.");
    }

    private static void only(String where, JsonNode value, String allowed) throws Inexpressible {
        if (!value.toString().equals(allowed)) {
            throw new Inexpressible(where, "Anthropic's API can only be asked for " + allowed + ".");
        }
    }

    private static ArrayNode tools(JsonNode tools) {
        ArrayNode all = NODES.arrayNode();
        for (JsonNode tool : tools) {
            if (!"function".equals(tool.path("type").textValue())) {
                // One of Anthropic's own, by its own name.
                all.add(tool);
                continue;
            }
            JsonNode function = tool.path("function");
            ObjectNode translated = all.addObject();
            translated.set("name", function.path("name"));
            if (function.hasNonNull("description")) {
                translated.set("description", function.path("description"));
            }
            translated.set(
                    "input_schema",
                    function.hasNonNull("parameters")
                            ? function.path("parameters")
                            : NODES.objectNode().put("type", "object"));
            if (function.path("strict").asBoolean()) {
                translated.put("strict", true);
            }
        }
        return all;
    }

    private static ObjectNode toolChoice(JsonNode choice) throws Inexpressible {
        ObjectNode translated = NODES.objectNode();
        if (choice.isTextual()) {
            return switch (choice.textValue()) {
                case "auto", "none" -> translated.put("type", choice.textValue());
                case "required" -> translated.put("type", "any");
                default -> throw new Inexpressible("/tool_choice", "there is no choice '" + choice.textValue() + "'.");
            };
        }
        if (!choice.path("function").hasNonNull("name")) {
            throw new Inexpressible("/tool_choice", "one function can be named, or 'auto', 'none' or 'required'.");
        }
        return translated
                .put("type", "tool")
                .put("name", choice.path("function").path("name").asText());
    }

    private static void responseFormat(ObjectNode request, JsonNode format) throws Inexpressible {
        switch (format.path("type").asText("")) {
            case "text" -> {
                // As it is without it.
            }
            case "json_schema" ->
                request.withObject("/output_config")
                        .set(
                                "format",
                                NODES.objectNode()
                                        .put("type", "json_schema")
                                        .<ObjectNode>set(
                                                "schema",
                                                format.path("json_schema").path("schema")));
            default ->
                throw new Inexpressible(
                        "/response_format/type", "Anthropic's API takes 'text' and 'json_schema': give it a schema.");
        }
    }

    private static void reasoning(ObjectNode request, JsonNode effort) {
        if ("none".equals(effort.textValue())) {
            request.putObject("thinking").put("type", "disabled");
        } else {
            request.withObject("/output_config").set("effort", effort);
        }
    }

    private static String tier(JsonNode tier) throws Inexpressible {
        return switch (tier.asText()) {
            case "auto" -> "auto";
            case "default", "standard_only" -> "standard_only";
            default -> throw new Inexpressible("/service_tier", "Anthropic's API takes 'auto' and 'default'.");
        };
    }
}
