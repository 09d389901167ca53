package dev.longshore.api.webhooks;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.longshore.api.errors.Problems;
import dev.longshore.api.request.PublicId;
import dev.longshore.api.request.Query;
import dev.longshore.api.request.Request;
import dev.longshore.api.view.Answers;
import dev.longshore.problem.Refusal;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// What a tenant's receivers were told, and what they said to it.
@Singleton
@Path("/v1/webhook-deliveries")
@Tag(name = "Webhooks")
@RunOnVirtualThread
public final class WebhookDeliveriesResource {
    private final Answers answers;
    private final Deliveries deliveries;
    private final Notices notices;

    WebhookDeliveriesResource(Answers answers, DataSource database) {
        this.answers = answers;
        deliveries = new Deliveries(database);
        notices = new Notices(database);
    }

    @GET
    @Operation(operationId = "listWebhookDeliveries", summary = "List deliveries, newest first")
    @Parameter(name = "endpoint_id", in = ParameterIn.QUERY, schema = @Schema(type = SchemaType.STRING))
    @Parameter(name = "job_id", in = ParameterIn.QUERY, schema = @Schema(type = SchemaType.STRING))
    @Parameter(
            name = "status",
            in = ParameterIn.QUERY,
            schema =
                    @Schema(
                            type = SchemaType.STRING,
                            enumeration = {"pending", "delivered", "failed"}))
    @Parameter(
            name = "limit",
            in = ParameterIn.QUERY,
            schema = @Schema(type = SchemaType.INTEGER, minimum = "1", maximum = "100", defaultValue = "20"))
    @Parameter(name = "after", in = ParameterIn.QUERY, schema = @Schema(type = SchemaType.STRING))
    @APIResponse(
            responseCode = "200",
            description = "a page of deliveries, each with its attempts",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = DeliveryPage.class)))
    public Response list(@Parameter(hidden = true) @Context RoutingContext context) throws SQLException {
        DeliveryFilter filter = DeliveryFilter.of(new Query(context.queryParams()));
        return answers.json(200, deliveries.page(Request.caller(context).tenantId(), filter))
                .build();
    }

    @GET
    @Path("/{id}")
    @Operation(operationId = "getWebhookDelivery", summary = "A delivery with its attempts")
    @APIResponse(
            responseCode = "200",
            description = "the delivery",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = DeliveryView.class)))
    public Response get(@PathParam("id") String id, @Parameter(hidden = true) @Context RoutingContext context)
            throws SQLException {
        Query.none(context.queryParams());
        return answers.json(200, delivery(context, known(id))).build();
    }

    @POST
    @Path("/{id}/redeliver")
    @Operation(
            operationId = "redeliverWebhook",
            summary = "Send a delivery again",
            description =
                    "Now, with the same id and the same bytes. Attempts go on being counted: one that had used them up is"
                            + " tried once more. 409 while its endpoint is disabled or gone.")
    @APIResponse(
            responseCode = "202",
            description = "the delivery, pending",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = DeliveryView.class)))
    public Response redeliver(@PathParam("id") String id, @Parameter(hidden = true) @Context RoutingContext context)
            throws SQLException {
        UUID notice = known(id);
        boolean owed = notices.redeliver(Request.caller(context).tenantId(), notice);
        DeliveryView delivery = delivery(context, notice);
        if (!owed) {
            throw Notices.disabled();
        }
        return answers.json(202, delivery).build();
    }

    private DeliveryView delivery(RoutingContext context, UUID notice) throws SQLException {
        return deliveries
                .one(Request.caller(context).tenantId(), notice)
                .orElseThrow(WebhookDeliveriesResource::notFound);
    }

    private static UUID known(String id) {
        return PublicId.parse(PublicId.EVENT, id).orElseThrow(WebhookDeliveriesResource::notFound);
    }

    private static Refusal notFound() {
        return new Refusal(Problems.notFound("There is no such webhook delivery."));
    }

    /// For the API's description, which knows no type parameters.
    @Schema(name = "WebhookDeliveryPage")
    record DeliveryPage(
            List<DeliveryView> data,
            @JsonProperty("has_more") boolean hasMore,
            @Nullable String next) {}
}
