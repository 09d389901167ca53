package dev.longshore.api.entrance;

import dev.longshore.api.errors.ErrorAnswers;
import dev.longshore.api.request.Trace;
import dev.longshore.problem.Problem;
import dev.longshore.problem.ProblemCode;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.quarkus.vertx.VertxOptionsCustomizer;
import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.vertx.core.Context;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.core.spi.tracing.SpanKind;
import io.vertx.core.spi.tracing.TagExtractor;
import io.vertx.core.spi.tracing.VertxTracer;
import io.vertx.core.tracing.TracingOptions;
import io.vertx.core.tracing.TracingPolicy;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/// Stands before the router. What the server takes for no HTTP, and targets that are no URIs, would
/// otherwise be refused by the framework with a bare status; and it bounds what one connection may make
/// the process hold.
///
/// The server lets nobody in so early but those who trace its requests, so this is a tracer that writes
/// nothing down.
@Singleton
final class Gate implements VertxOptionsCustomizer {
    private static final String GUARD = "longshore guard";

    private final Provider<ErrorAnswers> errors;
    private final Duration patience;

    /// @param errors asked for when first needed: the server is put together long before them
    /// @param patience how long a body may take to arrive
    Gate(Provider<ErrorAnswers> errors, @ConfigProperty(name = "quarkus.http.read-timeout") Duration patience) {
        this.errors = errors;
        this.patience = patience;
    }

    /// The framework builds the server itself and takes a tracer in no other way than the old one.
    @Override
    @SuppressWarnings("deprecation")
    public void accept(VertxOptions options) {
        TracingOptions tracing = options.getTracingOptions();
        if (tracing != null && tracing.getFactory() != null) {
            throw new IllegalStateException("The server has a tracer already, and has room for one only.");
        }
        options.setTracingOptions(new TracingOptions().setFactory(_ -> new Arrivals()));
    }

    /// Sees each request before anybody else does.
    private final class Arrivals implements VertxTracer<Object, Object> {
        @Override
        public <R> @Nullable Object receiveRequest(
                Context context,
                SpanKind kind,
                TracingPolicy policy,
                R received,
                String operation,
                Iterable<Map.Entry<String, String>> headers,
                TagExtractor<R> tags) {
            if (received instanceof HttpServerRequest request
                    && request.connection() instanceof HttpServerConnection connection) {
                arrive(request, connection);
            }
            return null;
        }
    }

    private void arrive(HttpServerRequest request, HttpServerConnection connection) {
        if (connection.channelHandlerContext().isRemoved()) {
            // Sent ahead by somebody who has gone.
            return;
        }
        ChannelPipeline pipeline = connection.channel().pipeline();
        ConnectionGuard guard = (ConnectionGuard) pipeline.get(GUARD);
        if (guard == null) {
            guard = new ConnectionGuard(patience, this::late);
            pipeline.addBefore(connection.channelHandlerContext().name(), GUARD, guard);
            connection.invalidRequestHandler(this::refuseGarbage);
        }
        guard.begun(request);
        if (!isUri(request.uri())) {
            guard.refusing(true);
            connection.handler(this::refuseTarget);
        } else if (guard.refusing()) {
            guard.refusing(false);
            connection.handler(VertxHttpRecorder.getRootHandler());
        }
    }

    private void refuseTarget(HttpServerRequest request) {
        Trace trace = Trace.of(request.headers());
        errors.get()
                .send(
                        request,
                        trace,
                        Problem.of(ProblemCode.INVALID_REQUEST, "The target of the request is not a valid URI."));
    }

    /// What cannot be read has no end either: the connection is over.
    private void refuseGarbage(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        String message = switch (cause) {
            case TooLongHttpLineException _ -> "The request line is too long.";
            case TooLongHttpHeaderException _ -> "The headers are too long.";
            case null, default -> "This is not a valid HTTP request.";
        };
        request.response().putHeader("Connection", "close");
        errors.get().send(request, Trace.of(null, null), Problem.of(ProblemCode.INVALID_REQUEST, message));
        request.connection().close();
    }

    /// The body did not arrive in time. Whoever has been answered already has nothing more to hear.
    private void late(HttpServerRequest request) {
        if (!request.response().ended() && !request.response().headWritten()) {
            request.response().putHeader("Connection", "close");
            errors.get()
                    .send(
                            request,
                            Trace.of(request.headers()),
                            Problem.of(
                                    ProblemCode.INVALID_REQUEST,
                                    "The body did not arrive within " + patience.toSeconds() + " seconds."));
        }
        request.connection().close();
    }

    /// Nearly all targets consist of letters and signs that are right anywhere; only the others are
    /// worth a parser.
    private static boolean isUri(String target) {
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            boolean plain = c >= 'a' && c <= 'z'
                    || c >= 'A' && c <= 'Z'
                    || c >= '-' && c <= '9'
                    || c == '_'
                    || c == '?'
                    || c == '='
                    || c == '&';
            if (!plain) {
                return parses(target);
            }
        }
        return target.startsWith("/") && !target.startsWith("//");
    }

    private static boolean parses(String target) {
        try {
            return !new URI(target).toString().isEmpty();
        } catch (URISyntaxException _) {
            return false;
        }
    }
}
