package dev.longshore.api.entrance;

import dev.longshore.api.access.ApiKeys;
import dev.longshore.api.errors.ErrorAnswers;
import dev.longshore.api.errors.Problems;
import dev.longshore.api.request.Caller;
import dev.longshore.api.request.Request;
import dev.longshore.api.request.Scope;
import dev.longshore.api.request.Trace;
import dev.longshore.problem.Problem;
import dev.longshore.problem.ProblemCode;
import dev.longshore.settings.LongshoreSettings;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Lets requests in: gives each its ids, finds out who sent it, and reads its body within bounds, all on
/// the event loop and before any resource sees it.
@Singleton
public final class Entrance {
    /// In front of every other filter: what they refuse must carry the ids too.
    private static final int PRIORITY = 10_000;

    private static final int LONGEST_KEY = 512;
    private static final String BEARER = "bearer ";
    private static final Pattern CALLBACK = Pattern.compile("/v1/callbacks/predictions/[A-Za-z0-9_-]{1,100}");

    private final ApiKeys keys;
    private final ErrorAnswers errors;
    private final BodyReader bodies;

    Entrance(ApiKeys keys, ErrorAnswers errors, LongshoreSettings settings) {
        this.keys = keys;
        this.errors = errors;
        this.bodies = new BodyReader(settings.limits().body().bytes(), errors);
    }

    void register(@Observes Filters filters) {
        filters.register(this::arrive, PRIORITY);
    }

    private void arrive(RoutingContext context) {
        MultiMap headers = context.request().headers();
        Trace trace = Trace.of(headers);
        Request.trace(context, trace);
        context.response().putHeader("X-Request-Id", trace.requestId()).putHeader("traceparent", trace.parent());
        if (open(context.normalizedPath())) {
            takeAnything(headers);
            context.next();
            return;
        }
        if (isCallback(context)) {
            forget(context);
            return;
        }
        String key = key(headers);
        if (key == null) {
            refuse(context, "This call needs an API key: send Authorization: Bearer <key>.");
            return;
        }
        Request.keyStillGood(context, () -> keys.find(key).thenApply(Optional::isPresent));
        CompletableFuture<Optional<Caller>> found = keys.find(key);
        if (found.isDone()) {
            recognised(context, found);
            return;
        }
        context.request().pause();
        Context home = Vertx.currentContext();
        found.whenComplete((_, _) -> home.runOnContext(_ -> {
            if (context.response().closed()) {
                // The caller has left meanwhile, and a request that is over cannot be read any more.
                return;
            }
            context.request().resume();
            recognised(context, found);
        }));
    }

    private void recognised(RoutingContext context, CompletableFuture<Optional<Caller>> found) {
        if (found.isCompletedExceptionally()) {
            errors.send(context, Problems.unavailable());
            return;
        }
        Optional<Caller> caller = found.join();
        if (caller.isEmpty()) {
            refuse(context, "This API key is unknown, expired or revoked.");
            return;
        }
        if (context.request().path().indexOf(';') >= 0) {
            // The router behind us drops what stands between a semicolon and the next slash: it would
            // see another path than the one whose scope is looked up here.
            errors.send(context, Problems.notFound("There is nothing at this path."));
            return;
        }
        Scope needed = context.normalizedPath().startsWith("/v1/admin") ? Scope.ADMIN : Scope.JOBS;
        if (!caller.get().scopes().contains(needed)) {
            errors.send(
                    context,
                    new Problem(
                            ProblemCode.FORBIDDEN,
                            "This call needs a key with the scope '" + needed.word() + "'.",
                            null,
                            Map.of("missing_scope", needed.word()),
                            null));
            return;
        }
        Request.caller(context, caller.get());
        // We answer JSON whatever the caller would rather have.
        context.request().headers().remove("Accept");
        if (hasBody(context.request())) {
            bodies.read(context, context::next);
        } else {
            context.next();
        }
    }

    private void refuse(RoutingContext context, String message) {
        errors.send(context, Problem.of(ProblemCode.UNAUTHENTICATED, message));
    }

    /// Metrics have two spellings; whoever wants neither gets the usual one rather than a bare status.
    private static void takeAnything(MultiMap headers) {
        String accept = headers.get("Accept");
        if (accept != null) {
            headers.set("Accept", accept + ", */*;q=0.1");
        }
    }

    /// Health, metrics and the API's own description tell nothing about tenants.
    private static boolean open(String path) {
        return path.equals("/q") || path.startsWith("/q/") || path.equals("/openapi") || path.startsWith("/openapi/");
    }

    /// A provider that calls back has no key of ours: the token at the end of the path says who it is.
    private static boolean isCallback(RoutingContext context) {
        return context.request().method() == HttpMethod.POST
                && CALLBACK.matcher(context.request().path()).matches();
    }

    /// Lets a body by without keeping any of it: whoever sends it need not be anybody.
    private static void forget(RoutingContext context) {
        HttpServerRequest request = context.request();
        request.headers().remove("Accept");
        if (hasBody(request)) {
            request.handler(_ -> {});
            request.endHandler(_ -> context.next());
        } else {
            context.next();
        }
    }

    private static @Nullable String key(MultiMap headers) {
        List<String> all = headers.getAll("Authorization");
        if (all.size() > 1) {
            // Whoever stands in front of us may have looked at the other one.
            return null;
        }
        String authorization = all.isEmpty() ? null : all.getFirst();
        String key = authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? authorization.substring(BEARER.length()).strip()
                : headers.get("x-api-key");
        return key == null || key.isEmpty() || key.length() > LONGEST_KEY ? null : key;
    }

    /// What a GET brings along is ignored. A request that names neither length nor encoding has no body,
    /// but for those of HTTP/2, which need not name any.
    private static boolean hasBody(HttpServerRequest request) {
        if (request.method() == HttpMethod.GET || request.method() == HttpMethod.HEAD) {
            return false;
        }
        String length = request.getHeader("Content-Length");
        return length == null
                ? request.getHeader("Transfer-Encoding") != null
                        || request.version() == HttpVersion.HTTP_2 && !request.isEnded()
                : !length.strip().equals("0");
    }
}
