package dev.longshore.api.jobs;

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
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/// Lets readers of a job's events in. Nothing here blocks.
final class LiveEvents {
    static final String LAST_EVENT_ID = "Last-Event-ID";

    /// As many digits as the highest number has.
    private static final int LONGEST_NUMBER = Long.toString(EventSequence.LAST).length();

    private final OpenReaders readers;

    LiveEvents(OpenReaders readers) {
        this.readers = readers;
    }

    /// The answer to a reader, once it is known that there is such a job.
    ///
    /// @param home runs what is to be done for the connection
    /// @throws Refusal when the request is wrong or there is no room
    CompletionStage<Response> of(JobId job, RoutingContext context, Executor home) {
        Query.none(context.queryParams());
        long last = lastNumber(context.request().headers().getAll(LAST_EVENT_ID));
        EventReader reader =
                readers.admit(new Owned(job, Request.caller(context).tenantId()), last, Request.keyStillGood(context));
        context.addEndHandler(_ -> reader.leave());
        if (context.response().closed()) {
            // Gone before we began to listen for it.
            reader.leave();
        }
        boolean headOnly = context.request().method() == HttpMethod.HEAD;
        return reader.found()
                .thenApplyAsync(
                        more -> more
                                ? Response.ok(headOnly ? null : reader)
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
