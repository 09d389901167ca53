package dev.longshore.api.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerResponse;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// What a response does to whoever writes to it.
class HttpOutletTest {
    private final StringBuilder written = new StringBuilder();
    private Handler<Void> drained = _ -> {};
    private int drains;
    private int ends;

    @SuppressWarnings("unchecked")
    private final HttpServerResponse response = proxy(HttpServerResponse.class, (self, method, arguments) -> {
        return switch (method.getName()) {
            case "drainHandler" -> {
                drained = (Handler<Void>) arguments[0];
                yield self;
            }
            case "ended" -> ends > 0;
            case "closed", "writeQueueFull" -> false;
            case "write" -> {
                written.append(((Buffer) arguments[0]).toString());
                // A queue that was full may run empty in the middle of a write.
                if (drains-- > 0) {
                    drained.handle(null);
                }
                yield Future.succeededFuture();
            }
            case "end" -> {
                ends++;
                yield Future.succeededFuture();
            }
            default -> throw new UnsupportedOperationException(method.getName());
        };
    });

    @SuppressWarnings("unchecked")
    private final Context home = proxy(Context.class, (_, method, arguments) -> {
        if (!method.getName().equals("runOnContext")) {
            throw new UnsupportedOperationException(method.getName());
        }
        ((Handler<Void>) arguments[0]).handle(null);
        return null;
    });

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    @Test
    void aQueueThatRunsEmptyDuringAWriteChangesNothingOfWhatIsWritten() {
        HttpOutlet.Backlog backlog = new HttpOutlet.Backlog(new AtomicLong(), Long.MAX_VALUE);
        HttpOutlet outlet = new HttpOutlet(
                response,
                proxy(HttpConnection.class, (_, method, _) -> {
                    throw new UnsupportedOperationException(method.getName());
                }),
                home,
                backlog,
                new EventMetrics(new SimpleMeterRegistry()),
                Duration.ofSeconds(15),
                () -> 0,
                () -> {});
        drains = 3;

        outlet.send(Buffer.buffer("one "));
        outlet.send(Buffer.buffer("two "));
        outlet.send(Buffer.buffer("x".repeat(100_000)));
        outlet.end();

        assertThat(written.toString()).isEqualTo("one two " + "x".repeat(100_000));
        assertThat(ends).isEqualTo(1);
        assertThat(backlog.bytes()).hasValue(0);
    }
}
