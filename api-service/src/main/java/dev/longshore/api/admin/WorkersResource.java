package dev.longshore.api.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.longshore.api.request.Query;
import dev.longshore.api.view.Answers;
import dev.longshore.api.view.Page;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// The worker processes. The entrance lets only keys with the scope `admin` come here.
@Singleton
@Path("/v1/admin/workers")
@Tag(name = "Operators")
@RunOnVirtualThread
public class WorkersResource {
    private final DataSource database;
    private final Answers answers;

    WorkersResource(DataSource database, Answers answers) {
        this.database = database;
        this.answers = answers;
    }

    @GET
    @Operation(operationId = "listWorkers", summary = "List the workers that are alive, newest first; all at once")
    @APIResponse(
            responseCode = "200",
            description = "the workers",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = WorkerPage.class)))
    public Response list(@Parameter(hidden = true) @Context RoutingContext context) throws SQLException {
        Query.none(context.queryParams());
        return answers.json(200, new Page<>(WorkerView.alive(database), false, null))
                .build();
    }

    /// For the API's description, which knows no type parameters.
    @Schema(name = "WorkerPage")
    record WorkerPage(
            List<WorkerView> data,
            @JsonProperty("has_more") boolean hasMore,
            @Nullable String next) {}
}
