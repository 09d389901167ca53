package dev.longshore.api.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.longshore.api.admin.ProviderView.LimitInUse;
import dev.longshore.api.errors.Problems;
import dev.longshore.api.request.Query;
import dev.longshore.api.request.Request;
import dev.longshore.api.view.Answers;
import dev.longshore.api.view.Page;
import dev.longshore.problem.Refusal;
import dev.longshore.settings.LongshoreSettings;
import dev.longshore.settings.ModelSettings;
import dev.longshore.settings.ProviderSettings;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The providers of the operator's file, and how they are doing. The entrance lets only keys with the scope `admin`
/// come here.
@Singleton
@Path("/v1/admin/providers")
@Tag(name = "Operators")
@RunOnVirtualThread
public class ProvidersResource {
    private static final Logger LOG = Logger.getLogger(ProvidersResource.class);

    private final TreeMap<String, ProviderSettings> providers;
    private final Map<String, ModelSettings> models;
    private final DataSource database;
    private final Answers answers;

    ProvidersResource(LongshoreSettings settings, DataSource database, Answers answers) {
        providers = new TreeMap<>(settings.providers());
        models = settings.models();
        this.database = database;
        this.answers = answers;
    }

    @GET
    @Transactional
    @Operation(
            operationId = "listProviders",
            summary = "List providers by name",
            description = "All at once: breakers, load, limits and pauses of all workers together.")
    @APIResponse(
            responseCode = "200",
            description = "the providers",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = ProviderPage.class)))
    public Response list(@Parameter(hidden = true) @Context RoutingContext context) throws SQLException {
        Query.none(context.queryParams());
        ProviderFigures figures = ProviderFigures.read(database);
        List<ProviderView> views = new ArrayList<>();
        for (String name : providers.keySet()) {
            views.add(view(name, figures));
        }
        return answers.json(200, new Page<>(views, false, null)).build();
    }

    @GET
    @Path("/{name}")
    @Transactional
    @Operation(operationId = "getProvider", summary = "One provider")
    @APIResponse(
            responseCode = "200",
            description = "the provider as it is now",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = ProviderView.class)))
    public Response get(@PathParam("name") String name, @Parameter(hidden = true) @Context RoutingContext context)
            throws SQLException {
        Query.none(context.queryParams());
        return now(name);
    }

    @POST
    @Path("/{name}/pause")
    @Transactional
    @Operation(
            operationId = "pauseProvider",
            summary = "Call a provider no more",
            description =
                    "Workers hear of it within seconds; calls under way go on to their end. Pausing it again changes nothing.")
    @APIResponse(
            responseCode = "200",
            description = "the provider as it is now",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = ProviderView.class)))
    public Response pause(@PathParam("name") String name, @Parameter(hidden = true) @Context RoutingContext context)
            throws SQLException {
        String who = Request.caller(context).who();
        ProviderPause.pause(known(name), who);
        LOG.infof("A provider is called no more until it is resumed. provider=%s by=%s", name, who);
        return now(name);
    }

    @POST
    @Path("/{name}/resume")
    @Transactional
    @Operation(operationId = "resumeProvider", summary = "Call a provider again")
    @APIResponse(
            responseCode = "200",
            description = "the provider as it is now",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = ProviderView.class)))
    public Response resume(@PathParam("name") String name, @Parameter(hidden = true) @Context RoutingContext context)
            throws SQLException {
        ProviderPause.resume(known(name));
        LOG.infof(
                "A provider is called again. provider=%s by=%s",
                name, Request.caller(context).who());
        return now(name);
    }

    private Response now(String name) throws SQLException {
        return answers.json(200, view(known(name), ProviderFigures.read(database)))
                .build();
    }

    private ProviderView view(String name, ProviderFigures figures) {
        List<LimitInUse> inUse = figures.limits().stream()
                .filter(limit -> limit.isOf(name, providers.keySet().stream()))
                .toList();
        return ProviderView.of(name, settings(name), models, figures, inUse, ProviderPause.findById(name));
    }

    private String known(String name) {
        settings(name);
        return name;
    }

    private ProviderSettings settings(String name) {
        ProviderSettings provider = providers.get(name);
        if (provider == null) {
            throw new Refusal(Problems.notFound("There is no such provider."));
        }
        return provider;
    }

    /// For the API's description, which knows no type parameters.
    @Schema(name = "ProviderPage")
    record ProviderPage(
            List<ProviderView> data,
            @JsonProperty("has_more") boolean hasMore,
            @Nullable String next) {}
}
