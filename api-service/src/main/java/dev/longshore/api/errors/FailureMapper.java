package dev.longshore.api.errors;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

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
        // Behind everything: whatever has come so far found no route.
        router.route().last().handler(context -> answers.send(context, Problems.ofStatus(404)));
    }
}
