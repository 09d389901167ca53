package dev.longshore.api.webhooks;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.f4b6a3.uuid.factory.standard.TimeOrderedEpochFactory;
import dev.longshore.api.destinations.Destinations;
import dev.longshore.api.destinations.EventNames;
import dev.longshore.api.errors.Problems;
import dev.longshore.api.request.Faults;
import dev.longshore.api.request.Fields;
import dev.longshore.api.request.JsonBody;
import dev.longshore.api.request.PublicId;
import dev.longshore.api.request.Query;
import dev.longshore.api.request.Request;
import dev.longshore.api.view.Answers;
import dev.longshore.api.view.Page;
import dev.longshore.api.webhooks.EndpointReader.Asked;
import dev.longshore.problem.Problem;
import dev.longshore.problem.ProblemCode;
import dev.longshore.problem.Refusal;
import dev.longshore.webhook.SigningSecret;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// The URLs that a tenant wants called when something happens.
@Singleton
@Path("/v1/webhook-endpoints")
@Tag(name = "Webhooks")
@RunOnVirtualThread
public class WebhookEndpointsResource {
    /// Of one tenant. Every change of one of its jobs looks at each of them.
    static final int MOST_ENDPOINTS = 50;

    private final Answers answers;
    private final InstantSource clock;
    private final TimeOrderedEpochFactory ids;
    private final EndpointReader reader;
    private final Secrets secrets;
    private final Notices notices;
    private final TestCall tests;
    private final SecureRandom random = new SecureRandom();

    WebhookEndpointsResource(
            Answers answers,
            InstantSource clock,
            TimeOrderedEpochFactory ids,
            Destinations destinations,
            DataSource database,
            TestCall tests) {
        this.answers = answers;
        this.clock = clock;
        this.ids = ids;
        this.tests = tests;
        reader = new EndpointReader(destinations, clock);
        secrets = new Secrets(database);
        notices = new Notices(database);
    }

    @POST
    @Transactional(rollbackOn = SQLException.class)
    @Operation(
            operationId = "createWebhookEndpoint",
            summary = "Have a URL called when something happens",
            description = "The secret that calls are signed with is shown this once.")
    @RequestBody(
            required = true,
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = NewEndpoint.class)))
    @APIResponse(
            responseCode = "201",
            description = "the endpoint, with its secret",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = EndpointView.class)))
    public Response create(@Parameter(hidden = true) @Context RoutingContext context)
            throws SQLException, InterruptedException {
        Asked asked = reader.ofNew(JsonBody.read(Request.body(context)));
        int tenant = Request.caller(context).tenantId();
        if (WebhookEndpoint.count("tenantId", tenant) >= MOST_ENDPOINTS) {
            throw new Refusal(Problem.of(
                    ProblemCode.CONFLICT,
                    "There are " + MOST_ENDPOINTS + " webhook endpoints, and no more may be made."));
        }
        WebhookEndpoint endpoint = new WebhookEndpoint();
        endpoint.id = ids.create();
        endpoint.tenantId = tenant;
        endpoint.createdAt = clock.instant();
        endpoint.events = EventNames.USUAL.toArray(String[]::new);
        endpoint.status = WebhookEndpoint.ENABLED;
        reader.put(asked, endpoint);
        endpoint.persistAndFlush();
        SigningSecret secret = SigningSecret.create(random);
        secrets.add(tenant, endpoint.id, secret);
        EndpointView view = EndpointView.of(endpoint, secret);
        return answers.json(201, view)
                .header("Location", "/v1/webhook-endpoints/" + view.id())
                .build();
    }

    @GET
    @Transactional
    @Operation(operationId = "listWebhookEndpoints", summary = "List webhook endpoints, newest first")
    @Parameter(
            name = "limit",
            in = ParameterIn.QUERY,
            schema = @Schema(type = SchemaType.INTEGER, minimum = "1", maximum = "100", defaultValue = "20"))
    @Parameter(name = "after", in = ParameterIn.QUERY, schema = @Schema(type = SchemaType.STRING))
    @APIResponse(
            responseCode = "200",
            description = "a page of endpoints",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = EndpointPage.class)))
    public Response list(@Parameter(hidden = true) @Context RoutingContext context) {
        Query query = new Query(context.queryParams());
        query.only(Set.of("limit", "after"), "");
        int limit = query.limit();
        UUID after = query.choice("after", text -> PublicId.parse(PublicId.ENDPOINT, text));
        query.refuseIfAny();
        List<EndpointView> rows = WebhookEndpoint.<WebhookEndpoint>find(
                        "tenantId = ?1 and id < ?2 order by id desc",
                        Request.caller(context).tenantId(),
                        after == null ? new UUID(-1, -1) : after)
                .range(0, limit)
                .list()
                .stream()
                .map(EndpointView::of)
                .toList();
        return answers.json(200, Page.of(rows, limit, EndpointView::id)).build();
    }

    @GET
    @Path("/{id}")
    @Transactional
    @Operation(operationId = "getWebhookEndpoint", summary = "A webhook endpoint")
    @APIResponse(
            responseCode = "200",
            description = "the endpoint, without its secret",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = EndpointView.class)))
    public Response get(@PathParam("id") String id, @Parameter(hidden = true) @Context RoutingContext context) {
        Query.none(context.queryParams());
        return answers.json(200, EndpointView.of(endpoint(context, id))).build();
    }

    @PATCH
    @Path("/{id}")
    @Operation(
            operationId = "updateWebhookEndpoint",
            summary = "Change a webhook endpoint",
            description =
                    "Fields that are not mentioned stay as they are; `null` clears `description` and `labels_filter`. What is"
                            + " owed to an endpoint that is disabled fails; `recover` sends it again. Enabling one forgets"
                            + " how it has failed.")
    @RequestBody(
            required = true,
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = EndpointChange.class)))
    @APIResponse(
            responseCode = "200",
            description = "the endpoint as it is now",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = EndpointView.class)))
    public Response change(@PathParam("id") String id, @Parameter(hidden = true) @Context RoutingContext context)
            throws SQLException, InterruptedException {
        known(context, id);
        Asked asked = reader.ofChange(JsonBody.read(Request.body(context)));
        WebhookEndpoint changed = QuarkusTransaction.requiringNew().call(() -> {
            WebhookEndpoint endpoint = endpoint(context, id);
            reader.put(asked, endpoint);
            return endpoint;
        });
        if (asked.url() != null || WebhookEndpoint.ENABLED.equals(asked.status())) {
            notices.forgetFailures(changed.id);
        }
        if (!changed.enabled()) {
            notices.giveUp(changed.id);
        }
        return answers.json(200, EndpointView.of(changed)).build();
    }

    @DELETE
    @Path("/{id}")
    @Operation(
            operationId = "deleteWebhookEndpoint",
            summary = "Remove a webhook endpoint",
            description = "What is still owed to it fails.")
    @APIResponse(
            responseCode = "200",
            description = "it is gone",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = Deleted.class)))
    public Response delete(@PathParam("id") String id, @Parameter(hidden = true) @Context RoutingContext context)
            throws SQLException {
        UUID endpointId = QuarkusTransaction.requiringNew().call(() -> {
            WebhookEndpoint endpoint = endpoint(context, id);
            endpoint.delete();
            return endpoint.id;
        });
        notices.forgetFailures(endpointId);
        notices.giveUp(endpointId);
        return answers.json(200, new Deleted(id, true)).build();
    }

    @POST
    @Path("/{id}/rotate-secret")
    @Operation(
            operationId = "rotateWebhookSecret",
            summary = "Give a webhook endpoint a new secret",
            description = "The old one signs beside it for a while, so that the receiver can change over.")
    @RequestBody(
            required = false,
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = Rotation.class)))
    @APIResponse(
            responseCode = "200",
            description = "the endpoint, with its new secret",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = EndpointView.class)))
    public Response rotate(@PathParam("id") String id, @Parameter(hidden = true) @Context RoutingContext context)
            throws SQLException {
        WebhookEndpoint endpoint = known(context, id);
        Rotation rotation = Rotation.read(Request.body(context));
        Secrets.Kept kept = secrets.rotate(
                        endpoint.tenantId, endpoint.id, SigningSecret.create(random), rotation.overlap())
                .orElseThrow(WebhookEndpointsResource::notFound);
        return answers.json(200, EndpointView.of(endpoint, kept.secret())).build();
    }

    @POST
    @Path("/{id}/test")
    @Operation(
            operationId = "testWebhookEndpoint",
            summary = "Call a webhook endpoint now",
            description = "Sends `webhook.test`, once, also to an endpoint that is disabled, and leaves no trace.")
    @APIResponse(
            responseCode = "200",
            description = "what came of it",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = TestView.class)))
    public Response test(@PathParam("id") String id, @Parameter(hidden = true) @Context RoutingContext context)
            throws SQLException, InterruptedException {
        WebhookEndpoint endpoint = known(context, id);
        List<SigningSecret> signing = secrets.signing(endpoint.tenantId, endpoint.id).stream()
                .map(Secrets.Kept::secret)
                .toList();
        if (signing.isEmpty()) {
            // Deleted since.
            throw notFound();
        }
        return answers.json(200, tests.call(id, endpoint.url, signing)).build();
    }

    @POST
    @Path("/{id}/recover")
    @Operation(
            operationId = "recoverWebhookEndpoint",
            summary = "Send again what a webhook endpoint has missed",
            description = "All of its deliveries that failed and are of events since then; 409 while it is disabled.")
    @RequestBody(
            required = true,
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = Recovery.class)))
    @APIResponse(
            responseCode = "202",
            description = "how many are sent again",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = Recovered.class)))
    public Response recover(@PathParam("id") String id, @Parameter(hidden = true) @Context RoutingContext context)
            throws SQLException {
        WebhookEndpoint endpoint = known(context, id);
        Instant since = since(JsonBody.read(Request.body(context)));
        if (!endpoint.enabled()) {
            throw Notices.disabled();
        }
        return answers.json(202, Map.of("recovered", notices.recover(endpoint.tenantId, endpoint.id, since)))
                .build();
    }

    private static Instant since(ObjectNode body) {
        Faults faults = new Faults();
        Fields fields = new Fields(body, "", faults);
        fields.only(Set.of("since"));
        String since = fields.text("since");
        Instant read = null;
        try {
            read = since == null ? null : OffsetDateTime.parse(since).toInstant();
        } catch (DateTimeParseException _) {
            // Told below, as when there is none.
        }
        if (read == null || read.isBefore(Instant.EPOCH) || read.isAfter(Notices.LATEST)) {
            fields.wrong("since", "must be a time such as 2026-11-21T08:00:00Z");
        }
        faults.refuseIfAny();
        return Objects.requireNonNull(read);
    }

    /// The caller's endpoint, in a transaction of its own.
    private static WebhookEndpoint known(RoutingContext context, String id) {
        return QuarkusTransaction.requiringNew().call(() -> endpoint(context, id));
    }

    /// The caller's endpoint, in the transaction that is open.
    private static WebhookEndpoint endpoint(RoutingContext context, String id) {
        Optional<UUID> uuid = PublicId.parse(PublicId.ENDPOINT, id);
        WebhookEndpoint endpoint = uuid.isPresent() ? WebhookEndpoint.findById(uuid.get()) : null;
        if (endpoint == null || endpoint.tenantId != Request.caller(context).tenantId()) {
            throw notFound();
        }
        return endpoint;
    }

    private static Refusal notFound() {
        return new Refusal(Problems.notFound("There is no such webhook endpoint."));
    }

    /// What makes an endpoint.
    @Schema(name = "NewWebhookEndpoint", additionalProperties = Schema.False.class)
    record NewEndpoint(
            @Schema(required = true, description = "`https`; `http` only into networks that the operator has opened")
            String url,

            @Schema(
                    description =
                            "`job.complete`, `job.failed`, `job.cancelled` and `job.awaiting_review` if nothing is"
                                    + " said")
            @Nullable
            List<String> events,

            @Schema(maxLength = EndpointReader.LONGEST_DESCRIPTION) @Nullable
            String description,

            @JsonProperty("labels_filter") @Schema(description = "only of jobs that have all of these labels") @Nullable
            Map<String, String> labelsFilter) {}

    /// What changes an endpoint.
    @Schema(name = "WebhookEndpointChange", additionalProperties = Schema.False.class)
    record EndpointChange(
            @Nullable String url,
            @Nullable List<String> events,

            @Schema(maxLength = EndpointReader.LONGEST_DESCRIPTION) @Nullable
            String description,

            @JsonProperty("labels_filter") @Nullable Map<String, String> labelsFilter,

            @Schema(enumeration = {"enabled", "disabled"}) @Nullable
            String status) {}

    /// Since when.
    @Schema(name = "WebhookRecovery", additionalProperties = Schema.False.class)
    record Recovery(@Schema(required = true) Instant since) {}

    /// How many deliveries are on their way again.
    @Schema(name = "WebhookRecovered")
    record Recovered(int recovered) {}

    /// That it is gone.
    @Schema(name = "WebhookEndpointDeleted")
    record Deleted(String id, boolean deleted) {}

    /// For the API's description, which knows no type parameters.
    @Schema(name = "WebhookEndpointPage")
    record EndpointPage(
            List<EndpointView> data,
            @JsonProperty("has_more") boolean hasMore,
            @Nullable String next) {}
}
