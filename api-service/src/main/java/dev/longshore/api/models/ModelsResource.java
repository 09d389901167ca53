package dev.longshore.api.models;

import dev.longshore.api.catalogue.Catalogue;
import dev.longshore.api.catalogue.Model;
import dev.longshore.api.errors.Problems;
import dev.longshore.api.request.Faults;
import dev.longshore.api.request.Query;
import dev.longshore.api.view.Answers;
import dev.longshore.problem.Refusal;
import dev.longshore.provider.TokenCountErrors;
import dev.longshore.provider.TokenCountErrors.Summary;
import dev.longshore.settings.LongshoreSettings;
import dev.longshore.settings.ModelSettings;
import dev.longshore.settings.ProviderSettings;
import dev.longshore.tokens.TokenCounter;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/// The models of the operator's file, in the shape of OpenAI's list.
@Singleton
@Path("/v1/models")
@Tag(name = "Models")
@RunOnVirtualThread
public final class ModelsResource {
    private final Map<String, ModelSettings> models;
    private final Map<String, ProviderSettings> providers;
    private final Catalogue catalogue;
    private final TokenCounter counter;
    private final TokenCountErrors errors;
    private final InstantSource clock;
    private final Answers answers;

    ModelsResource(
            LongshoreSettings settings,
            Catalogue catalogue,
            TokenCounter counter,
            TokenCountErrors errors,
            InstantSource clock,
            Answers answers) {
        models = settings.models();
        providers = settings.providers();
        this.catalogue = catalogue;
        this.counter = counter;
        this.errors = errors;
        this.clock = clock;
        this.answers = answers;
    }

    @GET
    @Operation(
            operationId = "listModels",
            summary = "List models by name",
            description =
                    "As OpenAI's, with fields of ours; all at once. Models that are shut down are listed as such.")
    @APIResponse(
            responseCode = "200",
            description = "the models",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = ModelList.class)))
    public Response list(@Parameter(hidden = true) @Context RoutingContext context) throws SQLException {
        Query.none(context.queryParams());
        Instant now = clock.instant();
        Map<String, Summary> known = errors.read();
        List<ModelView> views =
                catalogue.all().stream().map(model -> view(model, known, now)).toList();
        return answers.json(200, new ModelList("list", views)).build();
    }

    /// Names of models may have slashes in them, escaped or not.
    @GET
    @Path("/{id: .+}")
    @Operation(operationId = "getModel", summary = "One model, by its id or an alias")
    @APIResponse(
            responseCode = "200",
            description = "the model; `id` is its own name, whichever was asked for",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = ModelView.class)))
    public Response get(@PathParam("id") String id, @Parameter(hidden = true) @Context RoutingContext context)
            throws SQLException {
        Query.none(context.queryParams());
        Model model = catalogue
                .find(id)
                .orElseThrow(() -> new Refusal(Problems.notFound("There is no model '" + Faults.shown(id) + "'.")));
        return answers.json(200, view(model, errors.read(), clock.instant())).build();
    }

    private ModelView view(Model model, Map<String, Summary> known, Instant now) {
        ModelSettings settings = Objects.requireNonNull(models.get(model.name()));
        return ModelView.of(
                model,
                settings,
                Objects.requireNonNull(providers.get(settings.provider())),
                model.lifetime().at(now),
                counter.of(model.version()).method(),
                known.get(model.name()));
    }

    /// OpenAI's list.
    @Schema(name = "ModelList")
    record ModelList(@Schema(enumeration = "list") String object, List<ModelView> data) {}
}
