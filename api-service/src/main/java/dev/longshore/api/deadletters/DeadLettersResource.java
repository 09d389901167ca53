package dev.longshore.api.deadletters;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.api.request.Caller;
import dev.longshore.api.request.Faults;
import dev.longshore.api.request.JsonBody;
import dev.longshore.api.request.Query;
import dev.longshore.api.request.Request;
import dev.longshore.api.view.Answers;
import dev.longshore.job.JobId;
import dev.longshore.job.JobStore;
import dev.longshore.view.JobReader;
import dev.longshore.view.JobView;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
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

/// A tenant's dead letters: jobs that failed for good and were neither replayed nor discarded.
@Singleton
@Path("/v1/dead-letters")
@Tag(name = "Dead letters")
public final class DeadLettersResource {
    /// How many ids one order may name. A filter may match any number; it is worked off in pages of this
    /// size.
    private static final int PAGE = 1_000;

    private final DeadLetters deadLetters;
    private final JobStore store;
    private final Answers answers;

    DeadLettersResource(DataSource database, JobReader reader, JobStore store, Answers answers) {
        deadLetters = new DeadLetters(database, reader);
        this.store = store;
        this.answers = answers;
    }

    @GET
    @RunOnVirtualThread
    @Operation(operationId = "listDeadLetters", summary = "List dead letters, newest job first")
    @Parameter(name = "operation", in = ParameterIn.QUERY, schema = @Schema(type = SchemaType.STRING))
    @Parameter(name = "lane", in = ParameterIn.QUERY, schema = @Schema(type = SchemaType.STRING))
    @Parameter(name = "error_code", in = ParameterIn.QUERY, schema = @Schema(type = SchemaType.STRING))
    @Parameter(
            name = "failed_after",
            in = ParameterIn.QUERY,
            schema = @Schema(type = SchemaType.STRING, format = "date-time"))
    @Parameter(
            name = "failed_before",
            in = ParameterIn.QUERY,
            schema = @Schema(type = SchemaType.STRING, format = "date-time"))
    @Parameter(
            name = "limit",
            in = ParameterIn.QUERY,
            schema = @Schema(type = SchemaType.INTEGER, minimum = "1", maximum = "100", defaultValue = "20"))
    @Parameter(name = "after", in = ParameterIn.QUERY, schema = @Schema(type = SchemaType.STRING))
    @APIResponse(
            responseCode = "200",
            description = "a page of failed jobs",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = DeadLetterPage.class)))
    public Response list(@Parameter(hidden = true) @Context RoutingContext context) throws SQLException {
        Query query = new Query(context.queryParams());
        DeadLetterFilter filter = DeadLetterFilter.of(query);
        int limit = query.limit();
        query.refuseIfAny();
        return answers.json(200, deadLetters.page(Request.caller(context).tenantId(), filter, limit))
                .build();
    }

    @POST
    @Path("/replay")
    @RunOnVirtualThread
    @Operation(operationId = "replayDeadLetters", summary = "Run dead letters again")
    @RequestBody(
            required = true,
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = Order.class)))
    @APIResponse(
            responseCode = "202",
            description = "how many are queued again",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = Replayed.class)))
    public Response replay(@Parameter(hidden = true) @Context RoutingContext context) throws SQLException {
        int replayed = order(context, store::replay);
        return answers.json(202, Map.of("replayed", replayed)).build();
    }

    @POST
    @Path("/discard")
    @RunOnVirtualThread
    @Operation(operationId = "discardDeadLetters", summary = "Take dead letters off the list for good")
    @RequestBody(
            required = true,
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = Order.class)))
    @APIResponse(
            responseCode = "202",
            description = "how many were discarded",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = Discarded.class)))
    public Response discard(@Parameter(hidden = true) @Context RoutingContext context) throws SQLException {
        int discarded = order(context, store::discard);
        return answers.json(202, Map.of("discarded", discarded)).build();
    }

    private int order(RoutingContext context, Doing doing) throws SQLException {
        ObjectNode body = JsonBody.read(Request.body(context));
        Caller caller = Request.caller(context);
        Faults faults = new Faults();
        body.fieldNames().forEachRemaining(name -> {
            if (!name.equals("job_ids") && !name.equals("filter")) {
                faults.add(Faults.pointer("", name), "unknown field");
            }
        });
        JsonNode ids = body.get("job_ids");
        JsonNode filter = body.get("filter");
        if ((ids == null) == (filter == null)) {
            faults.add("", "must have either job_ids or filter");
        }
        if (filter != null && !filter.isObject()) {
            faults.add("/filter", "must be an object");
        }
        Set<UUID> named = ids == null ? Set.of() : named(ids, faults);
        faults.refuseIfAny();
        return filter == null
                ? doing.to(caller.tenantId(), List.copyOf(named), caller.who()).size()
                : byFilter(caller, DeadLetterFilter.of(filter), doing);
    }

    private static Set<UUID> named(JsonNode ids, Faults faults) {
        Set<UUID> named = new LinkedHashSet<>();
        if (!ids.isArray() || ids.isEmpty() || ids.size() > PAGE) {
            faults.add("/job_ids", "must be a list of 1 to " + PAGE + " job ids");
            return named;
        }
        for (int i = 0; i < ids.size(); i++) {
            JobId id = JobId.parse(ids.get(i).asText()).orElse(null);
            if (id == null) {
                faults.add("/job_ids/" + i, "must be a job id");
            } else {
                named.add(id.uuid());
            }
        }
        return named;
    }

    /// What fails anew while this goes on is not met again: it walks from the newest job to the oldest.
    private int byFilter(Caller caller, DeadLetterFilter filter, Doing doing) throws SQLException {
        int done = 0;
        List<UUID> page = deadLetters.ids(caller.tenantId(), filter, PAGE);
        while (!page.isEmpty()) {
            done += doing.to(caller.tenantId(), new ArrayList<>(page), caller.who())
                    .size();
            page = page.size() < PAGE
                    ? List.of()
                    : deadLetters.ids(caller.tenantId(), filter.below(page.getLast()), PAGE);
        }
        return done;
    }

    /// What is done to jobs that are named.
    @FunctionalInterface
    private interface Doing {
        List<JobId> to(int tenantId, List<UUID> jobIds, String who) throws SQLException;
    }

    /// Which dead letters are meant: some by their ids, or all that a filter matches.
    @Schema(name = "DeadLetterOrder")
    record Order(
            @JsonProperty("job_ids") @Nullable List<String> jobIds,
            @Nullable Filter filter) {}

    /// The same fields as those of the list; an empty filter means all.
    @Schema(name = "DeadLetterFilter")
    record Filter(
            @Nullable String operation,
            @Nullable String lane,
            @JsonProperty("error_code") @Nullable String errorCode,
            @JsonProperty("failed_after") @Nullable String failedAfter,
            @JsonProperty("failed_before") @Nullable String failedBefore) {}

    /// How many jobs run again.
    @Schema(name = "Replayed")
    record Replayed(int replayed) {}

    /// How many jobs were discarded.
    @Schema(name = "Discarded")
    record Discarded(int discarded) {}

    /// For the API's description, which knows no type parameters.
    @Schema(name = "DeadLetterPage")
    record DeadLetterPage(
            List<JobView> data,
            @JsonProperty("has_more") boolean hasMore,
            @Nullable String next) {}
}
