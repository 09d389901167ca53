package dev.longshore.api.jobs;

import dev.longshore.api.errors.Problems;
import dev.longshore.api.request.Query;
import dev.longshore.api.request.Request;
import dev.longshore.api.watch.EventReader;
import dev.longshore.api.watch.OpenReaders;
import dev.longshore.job.JobId;
import dev.longshore.outbox.EventSequence;
import dev.longshore.problem.Problem;
import dev.longshore.problem.Problem.Fault;
import dev.longshore.problem.Refusal;
import dev.longshore.view.Owned;
import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.impl.ContextInternal;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/// The live events of a job. The event loop lets readers in and waits with them; nothing here blocks.
@Singleton
@Path("/v1/jobs/{id}/events")
@Tag(name = "Jobs")
public final class EventsResource {
    private static final String LAST_EVENT_ID = "Last-Event-ID";

    /// As many digits as the highest number has.
    private static final int LONGEST_NUMBER = Long.toString(EventSequence.LAST).length();

    private final OpenReaders readers;

    EventsResource(OpenReaders readers) {
        this.readers = readers;
    }

    @GET
    @NonBlocking
    @Operation(
            operationId = "followJob",
            summary = "What happens to the job, as it happens",
            description =
                    "Server-sent events from the first on, or from the one after `Last-Event-ID`: `status` (the job"
                            + " without its result), `progress`, `token` (a piece of what the model says), `reset` (the tokens of"
                            + " that attempt count for nothing), and at the end `result` (the whole job) and `done`.")
    @Parameter(
            name = LAST_EVENT_ID,
            in = ParameterIn.HEADER,
            schema = @Schema(type = SchemaType.STRING),
            description = "the `id` of the last event that was read")
    @APIResponse(
            responseCode = "200",
            description = "the events; it ends when the job is over",
            content = @Content(mediaType = MediaType.SERVER_SENT_EVENTS, schema = @Schema(type = SchemaType.STRING)))
    @APIResponse(
            responseCode = "204",
            description = "the job is over and `Last-Event-ID` is its last event: stop asking")
    public CompletionStage<Response> events(
            @PathParam("id") String id, @Parameter(hidden = true) @Context RoutingContext context) {
        Query.none(context.queryParams());
        long last = lastNumber(context.request().headers().getAll(LAST_EVENT_ID));
        JobId job = JobId.parse(id).orElseThrow(() -> new Refusal(Problems.notFound("There is no such job.")));
        Executor home = ((ContextInternal) Vertx.currentContext()).nettyEventLoop();
        EventReader reader =
                readers.admit(new Owned(job, Request.caller(context).tenantId()), last);
        context.addEndHandler(_ -> reader.leave());
        if (context.response().closed()) {
            // Gone before we began to listen for it.
            reader.leave();
        }
        boolean wantsNothing = context.request().method() == HttpMethod.HEAD;
        return reader.found()
                .thenApplyAsync(
                        more -> more
                                ? Response.ok(wantsNothing ? null : reader)
                                        .type(MediaType.SERVER_SENT_EVENTS)
                                        .header("Cache-Control", "no-store")
                                        .header("X-Accel-Buffering", "no")
                                        .build()
                                : Response.noContent().build(),
                        home);
    }

    /// @return -1 for none
    private static long lastNumber(List<String> headers) {
        if (headers.isEmpty()) {
            return -1;
        }
        String text = headers.getFirst().strip();
        if (headers.size() == 1 && text.isEmpty()) {
            // What a client sends that has seen no id.
            return -1;
        }
        if (headers.size() == 1
                && text.length() <= LONGEST_NUMBER
                && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            long number = Long.parseLong(text);
            if (number <= EventSequence.LAST) {
                return number;
            }
        }
        throw new Refusal(Problem.invalid(
                List.of(new Fault("/" + LAST_EVENT_ID, LAST_EVENT_ID + " must be the id of an event"))));
    }
}
