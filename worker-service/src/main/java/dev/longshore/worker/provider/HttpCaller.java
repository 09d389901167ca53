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
import java.util.Map;

/// Makes HTTP calls to one provider: one connection a call in flight, kept alive between calls,
/// thousands at once on a few event loops. It never retries and follows no redirect: whether a call is
/// made again is the judge's decision.
public final class HttpCaller implements AutoCloseable {
    /// No answer of a model is longer; a longer one would cost every other attempt its memory.
    public static final int LONGEST_ANSWER_BYTES = 64 * 1024 * 1024;

    private static final Duration KEEP_ALIVE = Duration.ofSeconds(50);

    private final Vertx vertx;
    private final HttpClient client;

    /// @param connections how many calls may be in flight at once
    /// @param connect how long making a connection may take
    public HttpCaller(Vertx vertx, int connections, Duration connect) {
        this.vertx = vertx;
        HttpClientOptions options = new HttpClientOptions()
                .setConnectTimeout(Math.toIntExact(connect.toMillis()))
                .setKeepAlive(true)
                .setKeepAliveTimeout(Math.toIntExact(KEEP_ALIVE.toSeconds()))
                .setPipelining(false)
                .setDecompressionSupported(true)
                .setMaxHeaderSize(64 * 1024)
                .setTcpNoDelay(true);
        PoolOptions pool = new PoolOptions().setHttp1MaxSize(connections).setMaxWaitQueueSize(-1);
        client = vertx.createHttpClient(options, pool);
    }

    /// Posts JSON and waits for the whole answer; made for virtual threads.
    public HttpExchange post(URI address, Map<String, String> headers, byte[] json, Timeouts timeouts, StopSign stop) {
        RequestOptions request = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setAbsoluteURI(address.toString())
                .setFollowRedirects(false);
        request.putHeader("content-type", "application/json");
        request.putHeader("accept", "application/json");
        headers.forEach(request::putHeader);
        ExchangeInProgress exchange = new ExchangeInProgress(vertx, timeouts, LONGEST_ANSWER_BYTES);
        exchange.start(client, request, Buffer.buffer(json), stop);
        return exchange.end();
    }

    @Override
    public void close() {
        client.close();
    }
}
