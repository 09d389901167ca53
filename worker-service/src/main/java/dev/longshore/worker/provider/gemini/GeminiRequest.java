package dev.longshore.worker.provider.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.worker.provider.Ask;
import dev.longshore.worker.provider.Inexpressible;
import java.util.Map;

/// Writes a request to `generateContent`. Fields of Chat Completions are translated or refused; all others
/// travel on untouched, so that `safetySettings` or `cachedContent` can be asked for by their own names.
final class GeminiRequest {
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
        for (Map.Entry<String, JsonNode> field : input.properties()) {
            // OpenAI takes null for a field that is not set.
            if (!field.getValue().isNull()) {
                put(request, generation, field.getKey(), field.getValue());
            }
        }
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
            case "stop" ->
                generation.set(
                        "stopSequences", value.isTextual() ? NODES.arrayNode().add(value) : value);
            case "response_format" -> responseFormat(generation, value);
            case "reasoning_effort" ->
                generation.withObject("/thinkingConfig").put("thinkingBudget", thinking(value.asText()));
            case "tools" -> request.set("tools", tools(value));
            case "tool_choice" -> request.withObject("/toolConfig").set("functionCallingConfig", toolChoice(value));
            case "stream" -> only("/stream", value, "false");
            case "store" -> only("/store", value, "false");
            case "logprobs" -> only("/logprobs", value, "false");
            case "parallel_tool_calls" -> only("/parallel_tool_calls", value, "true");
            case "modalities" -> only("/modalities", value, "[\"text\"]");
            case "functions", "function_call" ->
                throw new Inexpressible("/" + name, "use 'tools' and 'tool_choice', which have taken its place.");
            case "logit_bias",
                    "top_logprobs",
                    "audio",
                    "prediction",
                    "web_search_options",
                    "verbosity",
                    "user",
                    "safety_identifier",
                    "metadata",
                    "service_tier" -> throw new Inexpressible("/" + name, "Google's API has nothing like it.");
            default -> request.set(name, value);
        }
    }

    private static void only(String where, JsonNode value, String allowed) throws Inexpressible {
        if (!value.toString().equals(allowed)) {
            throw new Inexpressible(where, "Google's API can only be asked for " + allowed + ".");
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
            if (!"function".equals(tool.path("type").textValue())) {
                // One of Google's own, by its own name.
                all.add(tool);
                continue;
            }
            JsonNode function = tool.path("function");
            ObjectNode declared = functions.addObject();
            declared.set("name", function.path("name"));
            if (function.hasNonNull("description")) {
                declared.set("description", function.path("description"));
            }
            if (function.hasNonNull("parameters")) {
                declared.set("parametersJsonSchema", function.path("parameters"));
            }
        }
        if (!functions.isEmpty()) {
            all.addObject().set("functionDeclarations", functions);
        }
        return all;
    }

    private static ObjectNode toolChoice(JsonNode choice) throws Inexpressible {
        ObjectNode calling = NODES.objectNode();
        if (choice.isTextual()) {
            return switch (choice.textValue()) {
                case "auto" -> calling.put("mode", "AUTO");
                case "none" -> calling.put("mode", "NONE");
                case "required" -> calling.put("mode", "ANY");
                default -> throw new Inexpressible("/tool_choice", "it is one of auto, none and required.");
            };
        }
        if (!choice.path("function").hasNonNull("name")) {
            throw new Inexpressible("/tool_choice", "one function can be named, or 'auto', 'none' or 'required'.");
        }
        calling.put("mode", "ANY");
        calling.putArray("allowedFunctionNames").add(choice.path("function").path("name"));
        return calling;
    }
}
