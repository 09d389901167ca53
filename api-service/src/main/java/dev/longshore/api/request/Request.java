package dev.longshore.api.request;

import io.vertx.ext.web.RoutingContext;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What the entrance has found out about a request, kept beside it while it is being answered.
public final class Request {
    private static final String TRACE = "longshore.trace";
    private static final String CALLER = "longshore.caller";
    private static final String BODY = "longshore.body";
    private static final String KEY = "longshore.key";
    private static final byte[] NOTHING = {};

    private Request() {}

    public static Trace trace(RoutingContext context) {
        Trace trace = context.get(TRACE);
        if (trace == null) {
            // The framework refused it before the entrance saw it.
            trace = Trace.of(null, null);
            trace(context, trace);
        }
        return trace;
    }

    public static void trace(RoutingContext context, Trace trace) {
        context.put(TRACE, trace);
    }

    /// Who is calling. The entrance lets nobody without a key pass to a resource.
    public static Caller caller(RoutingContext context) {
        return Objects.requireNonNull(context.<@Nullable Caller>get(CALLER), "the entrance has set the caller");
    }

    public static void caller(RoutingContext context, Caller caller) {
        context.put(CALLER, caller);
    }

    /// Asks whether the caller's key is still good, for answers that take long enough for it to be revoked. What it
    /// gives fails when that cannot be found out now.
    public static Supplier<CompletableFuture<Boolean>> keyStillGood(RoutingContext context) {
        return Objects.requireNonNull(
                context.<@Nullable Supplier<CompletableFuture<Boolean>>>get(KEY), "the entrance has set it");
    }

    public static void keyStillGood(RoutingContext context, Supplier<CompletableFuture<Boolean>> question) {
        context.put(KEY, question);
    }

    /// The whole body, empty when there was none.
    public static byte[] body(RoutingContext context) {
        byte[] body = context.get(BODY);
        return body == null ? NOTHING : body;
    }

    public static void body(RoutingContext context, byte[] body) {
        context.put(BODY, body);
    }
}
