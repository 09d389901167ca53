package dev.longshore.api.callbacks;

import dev.longshore.api.access.KeyHash;
import dev.longshore.api.errors.Problems;
import dev.longshore.prediction.PredictionStore;
import dev.longshore.problem.Refusal;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Singleton;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import org.eclipse.microprofile.openapi.annotations.Operation;

/// Calls of providers about predictions. Whoever knows the token may come in and learns nothing: the call is only a
/// hint that the worker should look now, so its body is not even kept.
@Singleton
@Path("/v1/callbacks/predictions")
@RunOnVirtualThread
public class CallbacksResource {
    private final PredictionStore predictions;

    CallbacksResource(PredictionStore predictions) {
        this.predictions = predictions;
    }

    // Not for callers of the API, so not in its description.
    @POST
    @Path("/{token}")
    @Operation(hidden = true)
    public Response callBack(@PathParam("token") String token) throws SQLException {
        if (!predictions.callBack(KeyHash.of(token).bytes())) {
            throw new Refusal(Problems.notFound("Nothing is waited for under this token."));
        }
        return Response.noContent().build();
    }
}
