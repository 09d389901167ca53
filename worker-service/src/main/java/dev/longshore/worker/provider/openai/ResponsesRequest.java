package dev.longshore.worker.provider.openai;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.util.List;

/// Writes a request to the Responses API. Fields of Chat Completions are translated or refused; all others, and those
/// that are the same in both, travel on untouched, so that `include` or `truncation` can be asked for by their
/// own names.
final class ResponsesRequest {
    static final TargetApi API = new TargetApi("OpenAI's Responses API");

    /// Fields of this API that some of a chat's go into. What was asked for by its own name wins.
    private static final List<String> OWN_GROUPS = List.of("reasoning", "text");

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /// The API insists on a schema, with properties.
    private static final JsonNode NO_PARAMETERS =
            NODES.objectNode().put("type", "object").set("properties", NODES.objectNode());

    private ResponsesRequest() {}

    static ObjectNode of(Ask ask, ObjectNode input) throws Inexpressible {
        ObjectNode request = NODES.objectNode();
        request.put("model", ask.model());
        // As it is with Chat Completions; this API would keep what is said for a month.
        request.put("store", false);
        TargetApi.eachField(input, (name, value) -> put(request, name, value));
        for (String group : OWN_GROUPS) {
            if (input.hasNonNull(group)) {
                request.withObject("/" + group).setAll(object(group, input.path(group)));
            }
        }
        return request;
    }

    private static void put(ObjectNode request, String name, JsonNode value) throws Inexpressible {
        switch (name) {
            case "model", "reasoning", "text" -> {
                // Set apart from the others.
            }
            case "messages" -> request.set("input", ResponsesInput.of(value));
            case "max_tokens", "max_completion_tokens" -> request.set("max_output_tokens", value);
            case "reasoning_effort" -> request.withObject("/reasoning").set("effort", value);
            case "verbosity" -> request.withObject("/text").set(name, value);
            case "response_format" -> request.withObject("/text").set("format", format(value));
            case "tools" -> request.set(name, tools(value));
            case "tool_choice" -> request.set(name, toolChoice(value));
            case "n" -> API.only(name, value, "1");
            // An answer in the background is not there yet when the call is over.
            case "background" -> API.only(name, value, "false");
            case "stream" -> request.put(name, TargetApi.isOn(name, value));
            case "presence_penalty", "frequency_penalty" -> API.onlyZero(name, value);
            case "seed", "stop" -> throw API.nothingLike(name);
            default -> {
                if (!API.leavesOut(name, value)) {
                    request.set(name, value);
                }
            }
        }
    }

    private static ObjectNode object(String name, JsonNode value) throws Inexpressible {
        if (value instanceof ObjectNode object) {
            return object;
        }
        throw new Inexpressible("/" + name, API.name() + " takes a JSON object.");
    }

    private static JsonNode format(JsonNode format) throws Inexpressible {
        return switch (format.path("type").asText("")) {
            case "text", "json_object" -> format;
            case "json_schema" -> {
                ObjectNode flat = NODES.objectNode().put("type", "json_schema");
                TargetApi.eachField(object("response_format/json_schema", format.path("json_schema")), flat::set);
                yield flat;
            }
            default ->
                throw new Inexpressible("/response_format/type", "it is one of text, json_object and json_schema.");
        };
    }

    private static ArrayNode tools(JsonNode tools) throws Inexpressible {
        ArrayNode all = NODES.arrayNode();
        for (int i = 0; i < tools.size(); i++) {
            JsonNode tool = tools.get(i);
            if (tool.has("custom")) {
                throw new Inexpressible("/tools/" + i, "of the caller's own tools, functions alone can be asked for.");
            }
            // A tool that is no function is one of OpenAI's own.
            all.add(FunctionTool.read(tool).map(ResponsesRequest::tool).orElse(tool));
        }
        return all;
    }

    private static JsonNode tool(FunctionTool function) {
        ObjectNode tool = function.introduced().put("type", "function");
        tool.set("parameters", function.takesParameters() ? function.parameters() : NO_PARAMETERS);
        // Unlike Chat Completions, this API is strict where nothing is said.
        return tool.put("strict", function.strict());
    }

    private static JsonNode toolChoice(JsonNode choice) throws Inexpressible {
        return switch (ToolChoice.read(choice)) {
            case Mode _ -> choice;
            case Named(var function) ->
                NODES.objectNode().put("type", "function").put("name", function);
        };
    }
}
