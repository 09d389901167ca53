package dev.longshore.api.errors;

import dev.longshore.problem.ProblemCode;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.security.SecurityScheme;

/// Puts the errors into the API's description: the shape, every code with what to do about it, and that
/// every call needs a key.
public final class ErrorsInOpenApi implements OASFilter {
    private static final String KEY = "api_key";
    private static final String JSON = "application/json";

    @Override
    public void filterOpenAPI(OpenAPI api) {
        if (api.getComponents() == null) {
            api.setComponents(OASFactory.createComponents());
        }
        api.getComponents().addSchema("Error", shape(ProblemCode::name));
        api.getComponents().addSchema("OpenAiError", shape(code -> code.name().toLowerCase(Locale.ROOT)));
        api.getComponents()
                .addSecurityScheme(
                        KEY,
                        OASFactory.createSecurityScheme()
                                .type(SecurityScheme.Type.HTTP)
                                .scheme("bearer")
                                .description("An API key; `x-api-key` takes it too."));
        api.addSecurityRequirement(OASFactory.createSecurityRequirement().addScheme(KEY));
        Map<Integer, String> codes = Arrays.stream(ProblemCode.values())
                .collect(Collectors.groupingBy(
                        ProblemCode::status,
                        TreeMap::new,
                        Collectors.mapping(
                                code -> "`" + code.name() + "`: " + code.advice(), Collectors.joining("  \n"))));
        api.getPaths()
                .getPathItems()
                .forEach((path, item) -> item.getOperations()
                        .values()
                        .forEach(operation ->
                                addErrors(operation, codes, OpenAiRoutes.has(path) ? "OpenAiError" : "Error")));
    }

    private static void addErrors(Operation operation, Map<Integer, String> codes, String shape) {
        codes.forEach((status, advice) -> {
            String name = Integer.toString(status);
            if (operation.getResponses().getAPIResponse(name) == null) {
                operation.getResponses().addAPIResponse(name, error(advice, shape));
            }
        });
    }

    private static APIResponse error(String advice, String shape) {
        return OASFactory.createAPIResponse()
                .description(advice)
                .content(OASFactory.createContent()
                        .addMediaType(
                                JSON,
                                OASFactory.createMediaType()
                                        .schema(OASFactory.createSchema().ref("#/components/schemas/" + shape))));
    }

    /// @param spelling how codes are written
    private static Schema shape(Function<ProblemCode, String> spelling) {
        Schema detail = OASFactory.createSchema()
                .addType(Schema.SchemaType.OBJECT)
                .addProperty(
                        "code",
                        text().enumeration(Arrays.stream(ProblemCode.values())
                                .map(code -> (Object) spelling.apply(code))
                                .toList()))
                .addProperty("type", text())
                .addProperty("message", text())
                .addProperty("param", text().description("null unless it is about one field"))
                .addProperty("details", OASFactory.createSchema().addType(Schema.SchemaType.OBJECT))
                .addProperty("retryable", OASFactory.createSchema().addType(Schema.SchemaType.BOOLEAN))
                .addProperty("trace_id", text());
        return OASFactory.createSchema().addType(Schema.SchemaType.OBJECT).addProperty("error", detail);
    }

    private static Schema text() {
        return OASFactory.createSchema().addType(Schema.SchemaType.STRING);
    }
}
