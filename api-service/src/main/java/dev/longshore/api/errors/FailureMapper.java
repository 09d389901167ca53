package dev.longshore.api.errors;

import io.vertx.core.net.impl.URIDecoder;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;

/// The one place where failures become answers: those of resources, and those of the router around them.
@Singleton
public final class FailureMapper {
    /// In front of the framework's own failure handlers, which would answer in a shape of theirs.
    private static final int FIRST = Integer.MIN_VALUE;

    private final ErrorAnswers answers;

    FailureMapper(ErrorAnswers answers) {
        this.answers = answers;
    }

    @ServerExceptionMapper
    Response failed(Throwable failure, RoutingContext context) {
        return answers.response(context, failure);
    }

    @ServerExceptionMapper
    Response refused(WebApplicationException failure, RoutingContext context) {
        return answers.response(context, failure);
    }

    void register(@Observes Router router) {
        router.route().order(FIRST).failureHandler(answers::failed);
        // The router refuses what it cannot decode before any route has seen it.
        router.errorHandler(
                400,
                context -> answers.send(
                        context, Problems.ofStatus(decodes(context.request().path()) ? 400 : 404)));
        // Behind everything: whatever has come so far found no route.
        router.route().last().handler(context -> answers.send(context, Problems.ofStatus(404)));
    }

    private static boolean decodes(@Nullable String path) {
        try {
            return path == null || URIDecoder.decodeURIComponent(path, false) != null;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }
}
