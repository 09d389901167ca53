package dev.longshore.api.jobs;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.github.f4b6a3.uuid.factory.standard.TimeOrderedEpochFactory;
import dev.longshore.api.accept.Acceptor;
import dev.longshore.api.accept.Backlogs;
import dev.longshore.api.accept.Windows;
import dev.longshore.api.catalogue.Catalogue;
import dev.longshore.api.destinations.Destinations;
import dev.longshore.api.destinations.KnownEndpoints;
import dev.longshore.api.errors.Problems;
import dev.longshore.api.request.Caller;
import dev.longshore.api.request.Query;
import dev.longshore.api.request.Request;
import dev.longshore.api.view.Answers;
import dev.longshore.api.view.FreshJob;
import dev.longshore.api.view.Page;
import dev.longshore.api.watch.JobWatch;
import dev.longshore.api.watch.OpenReaders;
import dev.longshore.job.Accepted;
import dev.longshore.job.JobId;
import dev.longshore.job.JobStatus;
import dev.longshore.job.JobStore;
import dev.longshore.job.NewJob.IdempotencyGuard;
import dev.longshore.lane.Lane;
import dev.longshore.problem.Problem;
import dev.longshore.problem.ProblemCode;
import dev.longshore.problem.Refusal;
import dev.longshore.settings.LaneSettings;
import dev.longshore.settings.LongshoreSettings;
import dev.longshore.tokens.TokenCounter;
import dev.longshore.view.JobReader;
import dev.longshore.view.JobRow;
import dev.longshore.view.JobView;
import io.quarkus.virtual.threads.VirtualThreads;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
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

/// The jobs of a tenant. A job comes in on the event loop, where nothing blocks; everything else runs on
/// virtual threads. One class, since its calls share how a job is found, waited for and shown.
@Singleton
@Path("/v1/jobs")
@Tag(name = "Jobs")
public final class JobsResource {
    /// When a poller should look again at the earliest.
    private static final String POLL_ADVICE_SECONDS = "1";

    /// Workers learn of a cancel within two seconds; the rest is for them to settle.
    private static final Duration CANCEL_PATIENCE = Duration.ofMillis(2_500);

    private static final String REPLAYED = "Idempotency-Replayed";

    private final JobStore store;
    private final Acceptor acceptor;
    private final Backlogs backlogs;
    private final JobWatch watch;
    private final JobReader reader;
    private final Answers answers;
    private final JobRequestReader requests;
    private final WebhookField webhooks;
    private final TokenCheck tokens;
    private final JobList list;
    private final JobStory story;
    private final QueuePlaces places;
    private final LiveEvents events;
    private final Duration retention;
    private final ExecutorService blocking;

    JobsResource(
            LongshoreSettings settings,
            DataSource database,
            JobStore store,
            Acceptor acceptor,
            Backlogs backlogs,
            Windows windows,
            JobWatch watch,
            OpenReaders readers,
            JobReader reader,
            Answers answers,
            Catalogue catalogue,
            Destinations destinations,
            TokenCounter counter,
            InstantSource clock,
            TimeOrderedEpochFactory ids,
            @VirtualThreads ExecutorService blocking) {
        this.store = store;
        this.acceptor = acceptor;
        this.backlogs = backlogs;
        this.watch = watch;
        this.reader = reader;
        this.answers = answers;
        this.blocking = blocking;
        retention = settings.retention().jobs();
        webhooks = new WebhookField(destinations, new KnownEndpoints(database));
        requests = new JobRequestReader(
                catalogue,
                webhooks,
                Map.of(
                        Lane.INTERACTIVE, defaults(settings.lanes().interactive()),
                        Lane.STANDARD, defaults(settings.lanes().standard()),
                        Lane.BATCH, defaults(settings.lanes().batch())),
                settings.idempotency().retention(),
                settings.idempotency().dedupeWindow(),
                clock,
                ids);
        tokens = new TokenCheck(counter);
        list = new JobList(database, reader);
        story = new JobStory(database);
        events = new LiveEvents(readers);
        places = new QueuePlaces(database, windows);
    }

    private static LaneDefaults defaults(LaneSettings lane) {
        return new LaneDefaults(lane.deadline(), lane.retry().maxAttempts());
    }

    @POST
    @NonBlocking
    @Operation(operationId = "submitJob", summary = "Accept a job", description = "Answered once the job is safe.")
    @RequestBody(
            required = true,
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = JobRequest.class)))
    @Parameter(
            name = "Idempotency-Key",
            in = ParameterIn.HEADER,
            schema = @Schema(type = SchemaType.STRING),
            description = "the same key and body make one job, however often they are sent")
    @Parameter(
            name = "Prefer",
            in = ParameterIn.HEADER,
            schema = @Schema(type = SchemaType.STRING),
            description = "`wait=N` holds the answer until the job is over or N seconds have passed, at most 60")
    @APIResponse(
            responseCode = "202",
            description =
                    "accepted; `Location` names it, `Retry-After` says when to look. Of a model that ends `Deprecation`,"
                            + " `Sunset` and `Link` with `rel=\"successor-version\"` tell; `Longshore-Model-Replaced` says"
                            + " that its successor took the job",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = JobView.class)))
    @APIResponse(
            responseCode = "200",
            description =
                    "the job that the same request made before (`Idempotency-Replayed: true`), or with `Prefer: wait` the"
                            + " job that is over",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = JobView.class)))
    public CompletionStage<Response> submit(@Parameter(hidden = true) @Context RoutingContext context) {
        ReadJob read = read(context);
        Preferences preferences = Preferences.of(context.request().headers().getAll("Prefer"));
        return switch (read) {
            case CheckedJob checked -> submit(context, checked, preferences);
            case ReadJob.WithoutModel(var tenant, var guard, var refusal) ->
                CompletableFuture.supplyAsync(
                        () -> answerKnown(context, tenant, known(tenant, guard, refusal), Map.of(), preferences),
                        blocking);
        };
    }

    private CompletableFuture<Response> submit(RoutingContext context, CheckedJob checked, Preferences preferences) {
        Executor home = ((ContextInternal) Vertx.currentContext()).nettyEventLoop();
        CompletableFuture<Accepted> accepted =
                checked.fitsForSure() && checked.job().webhook() == null
                        ? accept(checked, home)
                        : CompletableFuture.supplyAsync(() -> knownUnlessItFits(checked), blocking)
                                .thenComposeAsync(
                                        known -> known.map(CompletableFuture::completedFuture)
                                                .orElseGet(() -> accept(checked, home)),
                                        home);
        if (!preferences.waiting().isZero()) {
            return accepted.thenApplyAsync(answer -> answerLater(context, checked, answer, preferences), blocking);
        }
        return accepted.thenCompose(answer -> switch (answer) {
            case Accepted.Fresh fresh -> CompletableFuture.completedFuture(accepted(checked, fresh, preferences));
            case Accepted.Replayed _, Accepted.KeyReused _ ->
                CompletableFuture.supplyAsync(() -> answerLater(context, checked, answer, preferences), blocking);
        });
    }

    /// What takes longer than the event loop has time for.
    private void lookInto(CheckedJob checked) {
        webhooks.check(checked.job());
        if (!checked.fitsForSure()) {
            tokens.count(checked);
        }
    }

    private ReadJob read(RoutingContext context) {
        return requests.read(
                Request.body(context),
                context.request().headers().getAll(IdempotencyKey.HEADER),
                Request.caller(context),
                Request.trace(context));
    }

    /// Models, their sizes and their prices change, and a request that was accepted once is answered with its job
    /// whatever they are now.
    private Optional<Accepted> knownUnlessItFits(CheckedJob checked) {
        try {
            lookInto(checked);
            return Optional.empty();
        } catch (Refusal refusal) {
            return Optional.of(known(checked.job().tenantId(), checked.job().guard(), refusal));
        }
    }

    /// @throws Refusal the one given, where the request is no repetition
    private Accepted known(int tenant, @Nullable IdempotencyGuard guard, Refusal refusal) {
        if (guard == null) {
            throw refusal;
        }
        try {
            return store.known(tenant, guard).orElseThrow(() -> refusal);
        } catch (SQLException e) {
            throw new CompletionException(e);
        }
    }

    private CompletableFuture<Accepted> accept(CheckedJob checked, Executor home) {
        return acceptor.accept(checked.job(), checked.scheduled(), checked.bytes(), home);
    }

    private Response accepted(CheckedJob checked, Accepted.Fresh written, Preferences preferences) {
        JobView fresh =
                FreshJob.of(checked.job(), written.waits() ? checked.job().runAt() : null, retention);
        JobView job = written.waits()
                ? fresh
                : places.ofFresh(
                                checked.job().lane(),
                                backlogs.inBacklog(checked.job().lane()))
                        .in(fresh);
        return found(202, job, preferences, checked.choice().headers());
    }

    /// Holds the answer back until the job is over, where the caller wants that.
    private Response answerLater(RoutingContext context, CheckedJob checked, Accepted answer, Preferences preferences) {
        int tenant = checked.job().tenantId();
        if (answer instanceof Accepted.Fresh(var id, var _, var _)) {
            waitFor(context, id, preferences.waiting());
            JobRow job = job(tenant, id);
            return found(
                    job.status().terminal() ? 200 : 202,
                    shown(job),
                    preferences,
                    checked.choice().headers());
        }
        // Which model the original went to was decided when it was accepted, so it is not told here that another
        // took it.
        return answerKnown(context, tenant, answer, checked.choice().warnings(), preferences);
    }

    /// @param warnings of the model that was named
    private Response answerKnown(
            RoutingContext context, int tenant, Accepted known, Map<String, String> warnings, Preferences preferences) {
        return switch (known) {
            case Accepted.Fresh _ -> throw new IllegalStateException("what was made before is not fresh");
            case Accepted.Replayed(var original) -> {
                JobRow job = job(tenant, original);
                if (!preferences.waiting().isZero() && !job.status().terminal()) {
                    waitFor(context, original, preferences.waiting());
                    job = job(tenant, original);
                }
                Response answer = found(200, shown(job), preferences, warnings);
                answer.getHeaders().putSingle(REPLAYED, "true");
                yield answer;
            }
            case Accepted.KeyReused _ -> throw keyReused();
        };
    }

    private Response found(int status, JobView job, Preferences preferences, Map<String, String> ofModel) {
        Response.ResponseBuilder answer =
                answers.json(status, job).header("Location", job.links().self());
        if (status == 202) {
            answer.header("Retry-After", POLL_ADVICE_SECONDS);
        }
        String applied = preferences.applied();
        if (applied != null) {
            answer.header("Preference-Applied", applied);
        }
        ofModel.forEach(answer::header);
        return answer.build();
    }

    private static Refusal keyReused() {
        return new Refusal(Problem.of(
                ProblemCode.IDEMPOTENCY_KEY_REUSED,
                "This idempotency key was used for another request.",
                IdempotencyKey.FIELD));
    }

    @GET
    @RunOnVirtualThread
    @Operation(
            operationId = "listJobs",
            summary = "List jobs, newest first",
            description = "Also `label.<key>=<value>` filters by label.")
    @Parameter(name = "status", in = ParameterIn.QUERY, schema = @Schema(type = SchemaType.STRING))
    @Parameter(name = "lane", in = ParameterIn.QUERY, schema = @Schema(type = SchemaType.STRING))
    @Parameter(name = "operation", in = ParameterIn.QUERY, schema = @Schema(type = SchemaType.STRING))
    @Parameter(name = "batch_id", in = ParameterIn.QUERY, schema = @Schema(type = SchemaType.STRING))
    @Parameter(
            name = "created_after",
            in = ParameterIn.QUERY,
            schema = @Schema(type = SchemaType.STRING, format = "date-time"))
    @Parameter(
            name = "created_before",
            in = ParameterIn.QUERY,
            schema = @Schema(type = SchemaType.STRING, format = "date-time"))
    @Parameter(
            name = "limit",
            in = ParameterIn.QUERY,
            schema = @Schema(type = SchemaType.INTEGER, minimum = "1", maximum = "100", defaultValue = "20"))
    @Parameter(
            name = "after",
            in = ParameterIn.QUERY,
            schema = @Schema(type = SchemaType.STRING),
            description = "`next` of the page before")
    @APIResponse(
            responseCode = "200",
            description = "a page of jobs",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = JobPage.class)))
    public Response list(@Parameter(hidden = true) @Context RoutingContext context) throws SQLException {
        JobFilter filter = JobFilter.of(new Query(context.queryParams()));
        return answers.json(200, list.page(Request.caller(context).tenantId(), filter))
                .build();
    }

    @GET
    @Path("/{id}")
    @RunOnVirtualThread
    @Operation(operationId = "getJob", summary = "The job as it is now")
    @Parameter(
            name = "wait",
            in = ParameterIn.QUERY,
            schema = @Schema(type = SchemaType.INTEGER, minimum = "1", maximum = "60"),
            description = "holds the answer until the job is over or so many seconds have passed")
    @Parameter(name = "If-None-Match", in = ParameterIn.HEADER, schema = @Schema(type = SchemaType.STRING))
    @APIResponse(
            responseCode = "200",
            description = "the job; `ETag` differs whenever it has changed",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = JobView.class)))
    @APIResponse(responseCode = "304", description = "the job is as `If-None-Match` says")
    public Response get(@PathParam("id") String id, @Parameter(hidden = true) @Context RoutingContext context) {
        Query query = new Query(context.queryParams());
        query.only(Set.of("wait"), "");
        Integer wait = query.whole("wait", 1, (int) Preferences.LONGEST_WAIT.toSeconds());
        query.refuseIfAny();
        int tenant = Request.caller(context).tenantId();
        JobRow job = job(tenant, known(id));
        if (wait != null && !job.status().terminal()) {
            waitFor(context, job.id(), Duration.ofSeconds(wait));
            job = job(tenant, job.id());
        }
        String etag = "W/\"" + job.version() + "\"";
        if (matches(context.request().headers().getAll("If-None-Match"), etag)) {
            return Response.status(304).header("ETag", etag).build();
        }
        return answers.json(200, shown(job)).header("ETag", etag).build();
    }

    @POST
    @Path("/{id}/cancel")
    @RunOnVirtualThread
    @Operation(operationId = "cancelJob", summary = "Cancel a job", description = "A job that is over stays as it is.")
    @APIResponse(
            responseCode = "200",
            description = "the job, which is over",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = JobView.class)))
    @APIResponse(
            responseCode = "202",
            description = "the job's worker has been asked to stop; the job will end cancelled",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = JobView.class)))
    public Response cancel(@PathParam("id") String id, @Parameter(hidden = true) @Context RoutingContext context)
            throws SQLException {
        Caller caller = Request.caller(context);
        JobId job = known(id);
        switch (store.cancel(caller.tenantId(), job, caller.who())) {
            case STOPPING -> waitFor(context, job, CANCEL_PATIENCE);
            case ENDED, NOT_OPEN -> {}
        }
        JobRow now = job(caller.tenantId(), job);
        return answers.json(now.status().terminal() ? 200 : 202, shown(now)).build();
    }

    @POST
    @Path("/{id}/replay")
    @RunOnVirtualThread
    @Operation(operationId = "replayJob", summary = "Run a failed job again", description = "Same id, fresh attempts.")
    @APIResponse(
            responseCode = "202",
            description = "the job, queued",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = JobView.class)))
    public Response replay(@PathParam("id") String id, @Parameter(hidden = true) @Context RoutingContext context)
            throws SQLException {
        Caller caller = Request.caller(context);
        JobRow before = job(caller.tenantId(), known(id));
        if (before.status() != JobStatus.FAILED
                || store.replay(caller.tenantId(), List.of(before.id().uuid()), caller.who())
                        .isEmpty()) {
            throw new Refusal(new Problem(
                    ProblemCode.CONFLICT,
                    "Only a failed job can be replayed; this one is "
                            + before.view().status() + ".",
                    null,
                    Map.of("status", before.view().status()),
                    null));
        }
        JobView now = shown(job(caller.tenantId(), before.id()));
        return answers.json(202, now).header("Location", now.links().self()).build();
    }

    @GET
    @Path("/{id}/events")
    @NonBlocking
    @Operation(
            operationId = "followJob",
            summary = "What happens to the job, as it happens",
            description =
                    "Server-sent events from the first on, or from the one after `Last-Event-ID`: `status` (the job"
                            + " without its result), `progress`, `token` (a piece of what the model says), `reset` (the tokens"
                            + " of that attempt count for nothing), and at the end `result` (the whole job) and `done`.")
    @Parameter(
            name = LiveEvents.LAST_EVENT_ID,
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
        return events.of(known(id), context, ((ContextInternal) Vertx.currentContext()).nettyEventLoop());
    }

    @GET
    @Path("/{id}/attempts")
    @RunOnVirtualThread
    @Operation(operationId = "listAttempts", summary = "Each provider call of the job, in order")
    @APIResponse(
            responseCode = "200",
            description = "the attempts",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = AttemptPage.class)))
    public Response attempts(@PathParam("id") String id, @Parameter(hidden = true) @Context RoutingContext context)
            throws SQLException {
        Query.none(context.queryParams());
        var attempts = story.attempts(Request.caller(context).tenantId(), known(id));
        return answers.json(200, whole(attempts.orElseThrow(JobsResource::noSuchJob)))
                .build();
    }

    @GET
    @Path("/{id}/timeline")
    @RunOnVirtualThread
    @Operation(operationId = "getTimeline", summary = "What happened to the job, in order")
    @APIResponse(
            responseCode = "200",
            description = "the entries",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = TimelinePage.class)))
    public Response timeline(@PathParam("id") String id, @Parameter(hidden = true) @Context RoutingContext context)
            throws SQLException {
        Query.none(context.queryParams());
        var entries = story.timeline(Request.caller(context).tenantId(), known(id));
        return answers.json(200, whole(entries.orElseThrow(JobsResource::noSuchJob)))
                .build();
    }

    @POST
    @Path("/estimate")
    @RunOnVirtualThread
    @Operation(operationId = "estimateJob", summary = "What a job would use and cost; nothing is accepted")
    @RequestBody(
            required = true,
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = JobRequest.class)))
    @APIResponse(
            responseCode = "200",
            description =
                    "tokens and cost of one attempt; of the model the headers say what those of an accepted job do",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = Estimate.class)))
    public Response estimate(@Parameter(hidden = true) @Context RoutingContext context) {
        return switch (read(context)) {
            case CheckedJob checked -> {
                var answer = answers.json(200, Estimate.of(checked, tokens.count(checked)));
                checked.choice().headers().forEach(answer::header);
                yield answer.build();
            }
            case ReadJob.WithoutModel(var _, var _, var refusal) -> throw refusal;
        };
    }

    private JobView shown(JobRow job) {
        try {
            return job.status() == JobStatus.QUEUED ? places.of(job).in(job.view()) : job.view();
        } catch (SQLException e) {
            throw new CompletionException(e);
        }
    }

    private JobRow job(int tenant, JobId id) {
        try {
            return reader.read(tenant, id).orElseThrow(JobsResource::noSuchJob);
        } catch (SQLException e) {
            throw new CompletionException(e);
        }
    }

    /// Returns when the job is over, the time has passed, the caller has gone, or too many are waiting
    /// already.
    private void waitFor(RoutingContext context, JobId job, Duration atMost) {
        var over = watch.await(job, atMost);
        if (over.isEmpty()) {
            return;
        }
        context.addEndHandler(_ -> over.get().cancel(false));
        if (context.response().closed()) {
            // Gone before we began to listen for it.
            over.get().cancel(false);
        }
        try {
            over.get().get();
        } catch (CancellationException | ExecutionException _) {
            // The caller has gone: what is answered now goes nowhere.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static JobId known(String id) {
        return JobId.parse(id).orElseThrow(JobsResource::noSuchJob);
    }

    private static Refusal noSuchJob() {
        return new Refusal(Problems.notFound("There is no such job."));
    }

    private static <T> Page<T> whole(List<T> rows) {
        return new Page<>(rows, false, null);
    }

    private static boolean matches(List<String> headers, String etag) {
        for (String header : headers) {
            for (String part : header.split(",", -1)) {
                String tag = part.strip();
                if (tag.equals("*") || (tag.startsWith("W/") ? tag : "W/" + tag).equals(etag)) {
                    return true;
                }
            }
        }
        return false;
    }

    /// For the API's description, which knows no type parameters.
    @Schema(name = "JobPage")
    record JobPage(
            List<JobView> data,
            @JsonProperty("has_more") boolean hasMore,
            @Nullable String next) {}

    /// For the API's description, which knows no type parameters.
    @Schema(name = "AttemptPage")
    record AttemptPage(
            List<AttemptView> data,
            @JsonProperty("has_more") boolean hasMore,
            @Nullable String next) {}

    /// For the API's description, which knows no type parameters.
    @Schema(name = "TimelinePage")
    record TimelinePage(
            List<TimelineEntry> data,
            @JsonProperty("has_more") boolean hasMore,
            @Nullable String next) {}
}
