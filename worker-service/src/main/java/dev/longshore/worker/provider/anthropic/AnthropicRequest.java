package dev.longshore.worker.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.worker.provider.Ask;
import dev.longshore.worker.provider.Inexpressible;
import dev.longshore.worker.provider.chat.FunctionTool;
import dev.longshore.worker.provider.chat.TargetApi;
import dev.longshore.worker.provider.chat.ToolChoice;
import dev.longshore.worker.provider.chat.ToolChoice.Mode;
import dev.longshore.worker.provider.chat.ToolChoice.Named;

/// Writes a request to the Messages API. Fields of Chat Completions are translated or refused; all others
/// travel on untouched, so that `thinking` or `top_k` can be asked for by their own names.
final class AnthropicRequest {
    static final TargetApi API = new TargetApi("Anthropic's API");

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final ObjectMapper json;

    AnthropicRequest(ObjectMapper json) {
        this.json = json;
    }

    ObjectNode of(Ask ask, ObjectNode input) throws Inexpressible {
        ObjectNode request = NODES.objectNode();
        request.put("model", ask.model());
        request.set("max_tokens", NODES.numberNode(ask.maxOutputTokens()));
        TargetApi.eachField(input, (name, value) -> put(request, name, value));
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
            case "stop" -> request.set("stop_sequences", TargetApi.asList(value));
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
            case "n" -> API.only(name, value, "1");
            case "store" -> API.only(name, value, "false");
            case "stream" -> request.put(name, TargetApi.isOn(name, value));
            case "presence_penalty", "frequency_penalty" -> API.onlyZero(name, value);
            case "seed", "verbosity" -> throw API.nothingLike(name);
            default -> {
                if (!API.leavesOut(name, value)) {
                    request.set(name, value);
                }
            }
        }
    }

    private static ArrayNode tools(JsonNode tools) {
        ArrayNode all = NODES.arrayNode();
        for (JsonNode tool : tools) {
            // A tool that is no function is one of Anthropic's own.
            all.add(FunctionTool.read(tool).map(AnthropicRequest::tool).orElse(tool));
        }
        return all;
    }

    private static JsonNode tool(FunctionTool function) {
        ObjectNode tool = function.introduced();
        tool.set("input_schema", function.schema());
        if (function.strict()) {
            tool.put("strict", true);
        }
        return tool;
    }

    private static ObjectNode toolChoice(JsonNode choice) throws Inexpressible {
        ObjectNode translated = NODES.objectNode();
        return switch (ToolChoice.read(choice)) {
            case Mode.AUTO -> translated.put("type", "auto");
            case Mode.NONE -> translated.put("type", "none");
            case Mode.REQUIRED -> translated.put("type", "any");
            case Named(var function) -> translated.put("type", "tool").put("name", function);
        };
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
