package dev.longshore.api.errors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.longshore.api.request.Request;
import dev.longshore.api.request.Trace;
import dev.longshore.problem.Problem;
import dev.longshore.problem.ProblemCode;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Writes problems as answers, whichever part of the server says no.
@Singleton
public final class ErrorAnswers {
    private static final Logger LOG = Logger.getLogger(ErrorAnswers.class);
    private static final String JSON = "application/json";

    private final ObjectWriter writer;
    private final AllowedMethods allowed;
    private final MeterRegistry metrics;

    ErrorAnswers(ObjectMapper mapper, AllowedMethods allowed, MeterRegistry metrics) {
        this.writer = mapper.writerFor(ErrorBody.class);
        this.allowed = allowed;
        this.metrics = metrics;
    }

    /// Answers a request that has not reached a resource.
    public void send(RoutingContext context, Problem problem) {
        send(context.request(), Request.trace(context), problem);
    }

    /// Answers a request that has not even reached the router.
    public void send(HttpServerRequest request, Trace trace, Problem problem) {
        HttpServerResponse response = request.response();
        if (response.headWritten() || response.closed()) {
            return;
        }
        response.setStatusCode(problem.code().status())
                .putHeader("Content-Type", JSON)
                // Requests that the framework refuses early have not been given these.
                .putHeader("X-Request-Id", trace.requestId())
                .putHeader("traceparent", trace.parent());
        headers(problem).forEach(response::putHeader);
        response.end(Buffer.buffer(body(problem, trace, request.path())));
    }

    /// The answer of a resource that failed.
    Response response(RoutingContext context, Throwable failure) {
        Problem problem = Problems.of(failure);
        Trace trace = Request.trace(context);
        logIfOurs(problem, failure, trace);
        Response.ResponseBuilder answer = Response.status(problem.code().status())
                .type(JSON)
                .entity(body(problem, trace, context.request().path()));
        headers(problem).forEach(answer::header);
        if (problem.code() == ProblemCode.METHOD_NOT_ALLOWED) {
            answer.header("Allow", allowed.of(context.normalizedPath()));
        }
        return answer.build();
    }

    /// Answers a failure on the way to a resource.
    void failed(RoutingContext context) {
        Throwable failure = context.failure();
        Problem problem = failure == null || context.statusCode() < 500 && context.statusCode() >= 400
                ? Problems.ofStatus(context.statusCode())
                : Problems.of(failure);
        logIfOurs(problem, failure, Request.trace(context));
        send(context, problem);
    }

    private void logIfOurs(Problem problem, @Nullable Throwable failure, Trace trace) {
        if (problem.code() == ProblemCode.INTERNAL) {
            LOG.errorf(
                    failure,
                    "A request failed; the caller was told to try again. traceId=%s requestId=%s",
                    trace.traceId(),
                    trace.requestId());
        }
    }

    private byte[] body(Problem problem, Trace trace, @Nullable String path) {
        metrics.counter("longshore.refusals", "code", problem.code().name()).increment();
        try {
            return writer.writeValueAsBytes(ErrorBody.of(problem, trace.traceId(), OpenAiRoutes.has(path)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("problems are made of plain values", e);
        }
    }

    private static Map<String, String> headers(Problem problem) {
        Map<String, String> headers = new LinkedHashMap<>();
        if (!problem.code().retryable()) {
            headers.put("x-should-retry", "false");
        }
        Duration retryAfter = problem.retryAfter();
        if (retryAfter != null) {
            headers.put("Retry-After", Long.toString(Math.max(1, retryAfter.toSeconds())));
        }
        if (problem.code() == ProblemCode.UNAUTHENTICATED) {
            headers.put("WWW-Authenticate", "Bearer realm=\"longshore\"");
        }
        return headers;
    }
}
