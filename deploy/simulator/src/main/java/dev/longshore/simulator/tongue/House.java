package dev.longshore.simulator.tongue;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A provider as it is known from outside: where it is asked what, and what all of its answers share, above all its way
/// of saying no.
public interface House {

    /// The tongue that is spoken at this path, or null if the house serves nothing there.
    @Nullable
    Tongue<?> at(String path);

    /// The API key of a request, or null if it brings none.
    @Nullable
    String key(HttpServerRequest request);

    /// What the house says to this trouble if nobody wants it otherwise.
    Complaint complaint(Trouble trouble);

    /// The body of an error.
    Buffer write(Trouble trouble, Complaint complaint, Stamp stamp);

    /// The headers of every answer.
    default void sign(MultiMap headers, Stamp stamp, long tookMs) {}

    /// The headers that tell what is left of the limits.
    default void allow(MultiMap headers, List<Allowance> allowances, long nowMs) {}

    /// The headers that tell a caller over a limit when to come back.
    default void postpone(MultiMap headers, long retryMs) {
        headers.set("retry-after", Long.toString(Math.max(1, (retryMs + 999) / 1000)));
    }
}
