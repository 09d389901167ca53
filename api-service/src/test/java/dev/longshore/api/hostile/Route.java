package dev.longshore.api.hostile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.api.Api;
import dev.longshore.api.Bodies;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One call of the API, as its description has it.
///
/// @param path with names in braces
/// @param schema of the body; missing when the call takes none
/// @param needsBody whether it cannot do without
/// @param queries the names of its query parameters
record Route(String method, String path, JsonNode schema, boolean needsBody, List<String> queries) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern PARAMETER = Pattern.compile("\\{([^/}]+)}");

    /// A body that each of these calls takes, so that one wrong field in it is all that is wrong. A call
    /// that is not named here is sent what its schema says.
    private static final Map<String, String> SAMPLES = Map.ofEntries(
            Map.entry("POST /v1/jobs", Bodies.chat("")),
            Map.entry("POST /v1/jobs/estimate", Bodies.chat("")),
            Map.entry("POST /v1/dead-letters/replay", "{\"job_ids\":[\"job_0199a0000000700080000000000000ff\"]}"),
            Map.entry("POST /v1/dead-letters/discard", "{\"job_ids\":[\"job_0199a0000000700080000000000000ff\"]}"),
            Map.entry("POST /v1/admin/tenants", "{\"name\":\"hostile-sample\"}"),
            Map.entry("POST /v1/admin/tenants/{id}/api-keys", "{\"name\":\"sample\",\"scopes\":[\"jobs\"]}"),
            Map.entry(
                    "POST /v1/webhook-endpoints",
                    "{\"url\":\"http://127.0.0.1:65535/hook\",\"events\":[\"job.progress\"]}"),
            Map.entry("PATCH /v1/webhook-endpoints/{id}", "{\"description\":\"sample\"}"),
            Map.entry("POST /v1/webhook-endpoints/{id}/rotate-secret", "{\"overlap_seconds\":60}"),
            Map.entry("POST /v1/webhook-endpoints/{id}/recover", "{\"since\":\"2026-01-01T00:00:00Z\"}"),
            Map.entry("POST /v1/webhook-secret/rotate", "{\"overlap_seconds\":60}"));

    /// Every call that the service describes.
    static List<Route> all() {
        JsonNode description = description();
        List<Route> routes = new ArrayList<>();
        description
                .path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(call -> {
                    if (!call.getKey().equals("parameters")) {
                        JsonNode operation = call.getValue();
                        List<String> queries = new ArrayList<>();
                        operation.path("parameters").forEach(parameter -> {
                            if (parameter.path("in").asText().equals("query")) {
                                queries.add(parameter.path("name").asText());
                            }
                        });
                        routes.add(new Route(
                                call.getKey().toUpperCase(Locale.ROOT),
                                path.getKey(),
                                resolved(description, schema(operation)),
                                operation.at("/requestBody/required").asBoolean(),
                                queries));
                    }
                }));
        return List.copyOf(routes);
    }

    static JsonNode description() {
        try {
            return JSON.readTree(Api.stranger().get("/openapi?format=json").body());
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private static JsonNode schema(JsonNode operation) {
        for (JsonNode content : operation.at("/requestBody/content")) {
            return content.path("schema");
        }
        return MissingNode.getInstance();
    }

    boolean takesBody() {
        return !schema.isMissingNode();
    }

    String name() {
        return method + " " + path;
    }

    /// A body that is in order.
    String sample() {
        if (!takesBody()) {
            return "";
        }
        String known = SAMPLES.get(name());
        return known == null ? sample(schema).toString() : known;
    }

    /// The path with something in place of each parameter.
    String with(UnaryOperator<String> value) {
        Matcher parameter = PARAMETER.matcher(path);
        return parameter.replaceAll(found -> Matcher.quoteReplacement(value.apply(found.group(1))));
    }

    boolean hasParameters() {
        return path.contains("{");
    }

    /// Every field of the body by its pointer, with its schema.
    Map<String, JsonNode> fields() {
        Map<String, JsonNode> fields = new TreeMap<>();
        collect("", schema, fields);
        return fields;
    }

    private static void collect(String pointer, JsonNode schema, Map<String, JsonNode> into) {
        schema.path("properties").properties().forEach(property -> {
            String field = pointer + "/" + property.getKey();
            into.put(field, property.getValue());
            collect(field, property.getValue(), into);
        });
    }

    /// The same schema with all that it refers to in its place. The API's own schemas do not refer to
    /// themselves.
    private static JsonNode resolved(JsonNode description, JsonNode schema) {
        if (schema.isMissingNode()) {
            return MissingNode.getInstance();
        }
        JsonNode reference = schema.path("$ref");
        if (reference.isTextual()) {
            return resolved(description, description.at(reference.asText().substring(1)));
        }
        for (JsonNode choice : schema.path("anyOf")) {
            if (choice.path("$ref").isTextual()) {
                return resolved(description, choice);
            }
        }
        if (!schema.path("properties").isObject()) {
            return schema;
        }
        var copy = (ObjectNode) schema.deepCopy();
        var properties = copy.putObject("properties");
        schema.path("properties")
                .properties()
                .forEach(property -> properties.set(property.getKey(), resolved(description, property.getValue())));
        return copy;
    }

    private static JsonNode sample(JsonNode schema) {
        var nodes = JsonNodeFactory.instance;
        String type = schema.path("type").isArray()
                ? schema.path("type").path(0).asText()
                : schema.path("type").asText();
        return switch (type) {
            case "integer", "number" -> nodes.numberNode(schema.path("minimum").asInt(1));
            case "boolean" -> nodes.booleanNode(true);
            case "array" -> nodes.arrayNode();
            case "object", "" -> {
                var object = nodes.objectNode();
                schema.path("properties")
                        .properties()
                        .forEach(property -> object.set(property.getKey(), sample(property.getValue())));
                yield object;
            }
            default ->
                nodes.textNode(
                        schema.path("enum").isArray()
                                ? schema.path("enum").path(0).asText()
                                : "x");
        };
    }
}
