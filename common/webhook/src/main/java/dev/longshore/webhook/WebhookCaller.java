package dev.longshore.webhook;

import dev.longshore.webhook.CallOutcome.Forbidden;
import dev.longshore.webhook.CallOutcome.NotReached;
import dev.longshore.webhook.Clearance.Cleared;
import dev.longshore.webhook.Clearance.Refused;
import dev.longshore.webhook.Clearance.Unresolved;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.TrustOptions;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Makes single calls to customers' addresses. Each call looks the name up, checks every address that it stands for,
/// and connects to exactly a checked one, so that a name that changes its meaning in between gains nothing. The
/// certificate must still be that of the name.
///
/// Connections are kept for a moment for calls to the same checked address and name, and no others. No redirect is
/// followed, nothing is repeated. Safe for use by many threads; made for virtual ones.
public final class WebhookCaller implements AutoCloseable {
    /// How long connecting to one address may take.
    static final Duration CONNECT = Duration.ofSeconds(5);

    /// How long a call may take, from looking the name up to the end of reading.
    static final Duration WHOLE = Duration.ofSeconds(20);

    /// Addresses of one name that are tried when none accepts a connection.
    private static final int MOST_ADDRESSES = 3;

    /// Shorter than the five seconds after which common servers hang up, so that a call rarely runs into that.
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(3);

    /// Who shares an address and a name may be many receivers; what each may have in flight is for others to say.
    private static final int MOST_CONNECTIONS = 1_000;

    private final UrlCheck check;
    private final InstantSource clock;
    private final HttpClient client;
    private final Duration whole;

    public WebhookCaller(Vertx vertx, UrlCheck check, InstantSource clock) {
        this(vertx, check, clock, WHOLE, null);
    }

    /// @param trust whose certificates are good; null means the JDK's own list
    WebhookCaller(Vertx vertx, UrlCheck check, InstantSource clock, Duration whole, @Nullable TrustOptions trust) {
        this.check = check;
        this.clock = clock;
        this.whole = whole;
        HttpClientOptions options = new HttpClientOptions()
                .setConnectTimeout(Math.toIntExact(CONNECT.toMillis()))
                .setSslHandshakeTimeout(CONNECT.toMillis())
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setKeepAlive(true)
                .setKeepAliveTimeout(Math.toIntExact(KEEP_ALIVE.toSeconds()))
                .setPipelining(false)
                // A small answer that unpacks to a huge one is no answer that we want.
                .setDecompressionSupported(false)
                .setVerifyHost(true)
                .setTcpNoDelay(true);
        if (trust != null) {
            options.setTrustOptions(trust);
        }
        client = vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(MOST_CONNECTIONS));
    }

    /// Posts JSON, signed as of now, and waits for the end of the call.
    ///
    /// @param webhookId what the receiver tells repetitions by: the same for each try
    /// @param body the bytes, the same for each try
    /// @param secrets what it is signed with, the newest first; at least one
    public CallOutcome post(String url, String webhookId, byte[] body, List<SigningSecret> secrets)
            throws InterruptedException {
        long startedNanos = System.nanoTime();
        return switch (check.addresses(url)) {
            case Refused(var why) -> new Forbidden(why);
            case Unresolved(var why) -> new NotReached(why, since(startedNanos));
            case Cleared(var target, var addresses) ->
                post(target, addresses, signed(target, webhookId, body, secrets), Buffer.buffer(body), startedNanos);
        };
    }

    private RequestOptions signed(WebhookUrl url, String webhookId, byte[] body, List<SigningSecret> secrets) {
        Instant now = clock.instant();
        return new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setSsl(url.tls())
                .setHost(url.host())
                .setPort(url.port())
                .setURI(url.target())
                .setFollowRedirects(false)
                .putHeader("host", url.authority())
                .putHeader("user-agent", "Longshore-Webhooks")
                .putHeader("content-type", "application/json")
                .putHeader(Signature.ID_HEADER, webhookId)
                .putHeader(Signature.TIMESTAMP_HEADER, Long.toString(now.getEpochSecond()))
                .putHeader(Signature.SIGNATURE_HEADER, Signature.of(webhookId, now, body, secrets));
    }

    private CallOutcome post(
            WebhookUrl url, List<InetAddress> addresses, RequestOptions options, Buffer body, long startedNanos)
            throws InterruptedException {
        String reason = "";
        for (InetAddress address : addresses.subList(0, Math.min(MOST_ADDRESSES, addresses.size()))) {
            // By its number, which nobody looks up again, and which tells connections that are kept apart.
            options.setServer(SocketAddress.inetSocketAddress(url.port(), address.getHostAddress()));
            Future<HttpClientRequest> connecting = client.request(options);
            HttpClientRequest request;
            try {
                request = waitFor(connecting, startedNanos);
            } catch (ExecutionException e) {
                reason = Reasons.of(e);
                continue;
            } catch (TimeoutException _) {
                reason = "no connection in time";
                break;
            }
            return new CallInProgress(request, clock, startedNanos).run(body, left(startedNanos));
        }
        return new NotReached(reason, since(startedNanos));
    }

    private HttpClientRequest waitFor(Future<HttpClientRequest> connecting, long startedNanos)
            throws InterruptedException, ExecutionException, TimeoutException {
        CompletableFuture<HttpClientRequest> open =
                connecting.toCompletionStage().toCompletableFuture();
        boolean got = false;
        try {
            HttpClientRequest request = open.get(left(startedNanos).toMillis(), TimeUnit.MILLISECONDS);
            got = true;
            return request;
        } finally {
            if (!got) {
                connecting.onSuccess(HttpClientRequest::reset);
            }
        }
    }

    private Duration left(long startedNanos) {
        Duration left = whole.minus(since(startedNanos));
        return left.isNegative() ? Duration.ZERO : left;
    }

    private static Duration since(long startedNanos) {
        return Duration.ofNanos(System.nanoTime() - startedNanos);
    }

    @Override
    public void close() {
        client.close();
    }
}
