package dev.longshore.api.destinations;

import dev.longshore.webhook.Names;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Looks names up for callers who wait for their answer. A name that is slow counts as one without an address, and is
/// left alone for a while: it is looked up again, with all patience, when it is called.
final class HastyNames implements Names {
    private static final Duration PATIENCE = Duration.ofMillis(300);
    private static final Duration LEFT_ALONE = Duration.ofSeconds(30);
    private static final int MOST_REMEMBERED = 1_000;

    private final Names names;
    private final ExecutorService threads;
    private final InstantSource clock;
    private final Map<String, Instant> silent = new ConcurrentHashMap<>();

    /// @param threads on which lookups wait
    HastyNames(Names names, ExecutorService threads, InstantSource clock) {
        this.names = names;
        this.threads = threads;
        this.clock = clock;
    }

    @Override
    public List<InetAddress> addressesOf(String name) throws UnknownHostException, InterruptedException {
        Instant until = silent.get(name);
        if (until != null && clock.instant().isBefore(until)) {
            throw new UnknownHostException(name);
        }
        Future<List<InetAddress>> answer = threads.submit(() -> names.addressesOf(name));
        try {
            List<InetAddress> addresses = answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            silent.remove(name);
            return addresses;
        } catch (TimeoutException _) {
            answer.cancel(true);
            remember(name);
            throw new UnknownHostException(name);
        } catch (ExecutionException e) {
            UnknownHostException unknown = new UnknownHostException(name);
            unknown.initCause(e);
            throw unknown;
        }
    }

    private void remember(String name) {
        if (silent.size() >= MOST_REMEMBERED) {
            // Callers choose the names. To forget all costs no more than looking them up again.
            silent.clear();
        }
        silent.put(name, clock.instant().plus(LEFT_ALONE));
    }
}
