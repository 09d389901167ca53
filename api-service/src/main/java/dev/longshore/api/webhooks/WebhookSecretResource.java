package dev.longshore.api.webhooks;

import dev.longshore.api.request.Query;
import dev.longshore.api.request.Request;
import dev.longshore.api.view.Answers;
import dev.longshore.webhook.SigningSecret;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.security.SecureRandom;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/// The secret that calls to the URLs of single jobs are signed with. A URL that comes with a job has no endpoint whose
/// secret could be shown once, so this one can be looked up.
@Singleton
@Path("/v1/webhook-secret")
@Tag(name = "Webhooks")
@RunOnVirtualThread
public final class WebhookSecretResource {
    private final Answers answers;
    private final Secrets secrets;
    private final SecureRandom random = new SecureRandom();

    WebhookSecretResource(Answers answers, DataSource database) {
        this.answers = answers;
        secrets = new Secrets(database);
    }

    @GET
    @Operation(
            operationId = "getWebhookSecret",
            summary = "The secret for the URLs of single jobs",
            description = "Made when it is first asked for or needed.")
    @APIResponse(
            responseCode = "200",
            description = "the current secret",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = SecretView.class)))
    public Response get(@Parameter(hidden = true) @Context RoutingContext context) throws SQLException {
        Query.none(context.queryParams());
        Secrets.Kept kept = secrets.ofTenant(Request.caller(context).tenantId(), () -> SigningSecret.create(random));
        return answers.json(200, SecretView.of(kept)).build();
    }

    @POST
    @Path("/rotate")
    @Operation(
            operationId = "rotateOwnWebhookSecret",
            summary = "Make a new secret for the URLs of single jobs",
            description = "The old one signs beside it for a while, so that receivers can change over.")
    @RequestBody(
            required = false,
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = Rotation.class)))
    @APIResponse(
            responseCode = "200",
            description = "the new secret",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = SecretView.class)))
    public Response rotate(@Parameter(hidden = true) @Context RoutingContext context) throws SQLException {
        Rotation rotation = Rotation.read(Request.body(context));
        Secrets.Kept kept = secrets.rotate(
                        Request.caller(context).tenantId(), null, SigningSecret.create(random), rotation.overlap())
                .orElseThrow();
        return answers.json(200, SecretView.of(kept)).build();
    }
}
