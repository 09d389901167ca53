package dev.longshore.worker.provider;

import dev.longshore.worker.slots.StopSign;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Makes HTTP calls to one provider: one connection a call in flight, kept alive between calls,
/// thousands at once on a few event loops. It never retries and follows no redirect: whether a call is
/// made again is the judge's decision.
public final class HttpCaller implements AutoCloseable {
    /// No answer of a model is longer; a longer one would cost every other attempt its memory.
    public static final int LONGEST_ANSWER_BYTES = 64 * 1024 * 1024;

    private static final Duration KEEP_ALIVE = Duration.ofSeconds(50);

    private final Vertx vertx;
    private final HttpClientOptions options;
    private final List<Pool> pools = new CopyOnWriteArrayList<>();

    /// @param connect how long making a connection may take
    public HttpCaller(Vertx vertx, Duration connect) {
        this.vertx = vertx;
        options = new HttpClientOptions()
                .setConnectTimeout(Math.toIntExact(connect.toMillis()))
                .setKeepAlive(true)
                .setKeepAliveTimeout(Math.toIntExact(KEEP_ALIVE.toSeconds()))
                .setPipelining(false)
                .setDecompressionSupported(true)
                .setMaxHeaderSize(64 * 1024)
                .setTcpNoDelay(true);
    }

    /// Takes a stream of events as it comes.
    @FunctionalInterface
    public interface Pieces {
        /// Called by the thread that made the call, one piece after the other.
        ///
        /// @return whether more is wanted; when not, the stream may end in peace, but is not waited for long
        boolean take(byte[] piece);
    }

    /// Posts JSON and waits for the whole answer; made for virtual threads.
    public HttpExchange post(URI address, Map<String, String> headers, byte[] json, Timeouts timeouts, StopSign stop) {
        return post(address, headers, json, timeouts, stop, null);
    }

    /// The same, but a good answer that is a stream of events is handed on piece by piece. Any other is whole.
    public HttpExchange post(
            URI address,
            Map<String, String> headers,
            byte[] json,
            Timeouts timeouts,
            StopSign stop,
            @Nullable Pieces pieces) {
        RequestOptions request = new RequestOptions().setMethod(HttpMethod.POST);
        request.putHeader("content-type", "application/json");
        return exchange(request, address, headers, json, timeouts, stop, pieces);
    }

    /// Gets JSON and waits for the whole of it; made for virtual threads.
    public HttpExchange get(URI address, Map<String, String> headers, Timeouts timeouts, StopSign stop) {
        RequestOptions request = new RequestOptions().setMethod(HttpMethod.GET);
        return exchange(request, address, headers, new byte[0], timeouts, stop, null);
    }

    private HttpExchange exchange(
            RequestOptions request,
            URI address,
            Map<String, String> headers,
            byte[] json,
            Timeouts timeouts,
            StopSign stop,
            @Nullable Pieces pieces) {
        request.setAbsoluteURI(address.toString()).setFollowRedirects(false);
        request.putHeader("accept", pieces == null ? "application/json" : "text/event-stream, application/json");
        headers.forEach(request::putHeader);
        ExchangeInProgress exchange = new ExchangeInProgress(vertx, timeouts, LONGEST_ANSWER_BYTES, pieces != null);
        Pool pool = enterPool();
        try {
            exchange.start(pool.client, request, Buffer.buffer(json), stop);
            return pieces == null ? exchange.end() : exchange.end(pieces);
        } finally {
            pool.inFlight.decrementAndGet();
        }
    }

    /// The first pool with room, so that light load stays on the same few warm connections.
    private Pool enterPool() {
        for (Pool pool : pools) {
            if (pool.enter()) {
                return pool;
            }
        }
        synchronized (pools) {
            Pool last = pools.isEmpty() ? null : pools.getLast();
            if (last != null && last.enter()) {
                return last;
            }
            Pool fresh = new Pool(vertx.createHttpClient(options, Pool.OPTIONS));
            fresh.inFlight.incrementAndGet();
            pools.add(fresh);
            return fresh;
        }
    }

    @Override
    public void close() {
        pools.forEach(pool -> pool.client.close());
    }

    /// Some of the connections. A client looks through all of its connections for each call, so ten thousand
    /// calls in flight over one client would cost ten thousand looks each.
    private record Pool(HttpClient client, AtomicInteger inFlight) {
        static final int CALLS = 64;

        /// Twice as many, since the connection of a call that was given up may outlive it for a moment.
        static final PoolOptions OPTIONS =
                new PoolOptions().setHttp1MaxSize(2 * CALLS).setMaxWaitQueueSize(-1);

        Pool(HttpClient client) {
            this(client, new AtomicInteger());
        }

        boolean enter() {
            // Looked at first: a full pool is passed by every call, and a look costs the others nothing.
            return inFlight.get() < CALLS && inFlight.getAndUpdate(calls -> calls < CALLS ? calls + 1 : calls) < CALLS;
        }
    }
}
