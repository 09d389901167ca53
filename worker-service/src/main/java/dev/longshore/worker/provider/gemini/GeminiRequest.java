package dev.longshore.worker.provider.gemini;

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
import java.util.Map;

/// Writes a request to `generateContent`. Fields of Chat Completions are translated or refused; all others
/// travel on untouched, so that `safetySettings` or `cachedContent` can be asked for by their own names.
final class GeminiRequest {
    static final TargetApi API = new TargetApi("Google's API");

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /// What Google's own layer for OpenAI's clients gives each effort to think, in tokens.
    private static final Map<String, Integer> THINKING =
            Map.of("none", 0, "minimal", 1_024, "low", 1_024, "medium", 8_192, "high", 24_576);

    private final ObjectMapper json;

    GeminiRequest(ObjectMapper json) {
        this.json = json;
    }

    ObjectNode chat(Ask ask, ObjectNode input) throws Inexpressible {
        ObjectNode request = NODES.objectNode();
        ObjectNode generation = NODES.objectNode();
        generation.put("maxOutputTokens", ask.maxOutputTokens());
        TargetApi.eachField(input, (name, value) -> put(request, generation, name, value));
        if (request.path("generationConfig") instanceof ObjectNode own) {
            // What was asked for by its own name wins.
            generation.setAll(own);
        }
        request.set("generationConfig", generation);
        return request;
    }

    private void put(ObjectNode request, ObjectNode generation, String name, JsonNode value) throws Inexpressible {
        switch (name) {
            case "model" -> {
                // It is part of the address.
            }
            // It is part of the address, too.
            case "stream" -> TargetApi.isOn(name, value);
            case "messages" -> {
                GeminiContents contents = new GeminiContents(json);
                contents.addAll(value);
                contents.putInto(request);
            }
            case "max_tokens", "max_completion_tokens" -> generation.set("maxOutputTokens", value);
            case "temperature", "seed" -> generation.set(name, value);
            case "top_p" -> generation.set("topP", value);
            case "top_k" -> generation.set("topK", value);
            case "presence_penalty" -> generation.set("presencePenalty", value);
            case "frequency_penalty" -> generation.set("frequencyPenalty", value);
            case "n" -> generation.set("candidateCount", value);
            case "stop" -> generation.set("stopSequences", TargetApi.asList(value));
            case "response_format" -> responseFormat(generation, value);
            case "reasoning_effort" ->
                generation.withObject("/thinkingConfig").put("thinkingBudget", thinking(value.asText()));
            case "tools" -> request.set("tools", tools(value));
            case "tool_choice" -> request.withObject("/toolConfig").set("functionCallingConfig", toolChoice(value));
            case "store" -> API.only(name, value, "false");
            case "parallel_tool_calls" -> API.only(name, value, "true");
            case "verbosity", "user", "safety_identifier", "metadata", "service_tier" -> throw API.nothingLike(name);
            default -> {
                if (!API.leavesOut(name, value)) {
                    request.set(name, value);
                }
            }
        }
    }

    private static int thinking(String effort) throws Inexpressible {
        Integer budget = THINKING.get(effort);
        if (budget == null) {
            throw new Inexpressible("/reasoning_effort", "it is one of none, minimal, low, medium and high.");
        }
        return budget;
    }

    private static void responseFormat(ObjectNode generation, JsonNode format) throws Inexpressible {
        switch (format.path("type").asText("")) {
            case "text" -> {
                // As it is without it.
            }
            case "json_object" -> generation.put("responseMimeType", "application/json");
            case "json_schema" ->
                generation
                        .put("responseMimeType", "application/json")
                        .set("responseJsonSchema", format.path("json_schema").path("schema"));
            default ->
                throw new Inexpressible("/response_format/type", "it is one of text, json_object and json_schema.");
        }
    }

    private static ArrayNode tools(JsonNode tools) {
        ArrayNode all = NODES.arrayNode();
        ArrayNode functions = NODES.arrayNode();
        for (JsonNode tool : tools) {
            // A tool that is no function is one of Google's own.
            FunctionTool.read(tool).ifPresentOrElse(function -> functions.add(declared(function)), () -> all.add(tool));
        }
        if (!functions.isEmpty()) {
            all.addObject().set("functionDeclarations", functions);
        }
        return all;
    }

    private static ObjectNode declared(FunctionTool function) {
        ObjectNode declared = function.introduced();
        if (function.takesParameters()) {
            declared.set("parametersJsonSchema", function.parameters());
        }
        return declared;
    }

    private static ObjectNode toolChoice(JsonNode choice) throws Inexpressible {
        ObjectNode calling = NODES.objectNode();
        switch (ToolChoice.read(choice)) {
            case Mode.AUTO -> calling.put("mode", "AUTO");
            case Mode.NONE -> calling.put("mode", "NONE");
            case Mode.REQUIRED -> calling.put("mode", "ANY");
            case Named(var function) ->
                calling.put("mode", "ANY").putArray("allowedFunctionNames").add(function);
        }
        return calling;
    }
}
