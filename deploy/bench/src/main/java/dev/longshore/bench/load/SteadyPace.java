package dev.longshore.bench.load;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/// Callers that come at a steady pace whether or not earlier ones have been answered, as people do. Times
/// count from the moment when a request was meant to be sent: one that had to wait for a connection, or for
/// this program itself, waited all the same.
public final class SteadyPace {
    private static final long SLOWEST_MICROS = Duration.ofMinutes(2).toNanos() / 1_000;
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(60);
    private static final String ID = "\"job_id\":\"";

    private final Vertx vertx;
    private final Target target;

    public SteadyPace(Vertx vertx, Target target) {
        this.vertx = vertx;
        this.target = target;
    }

    /// What a run saw.
    ///
    /// @param intendedMicros job id to the moment its request was meant to be sent, microseconds of the epoch
    /// @param others answers with another status than 202, and connections that broke
    /// @param micros from the intended moment to the answer
    public record Pace(Map<String, Long> intendedMicros, long others, Histogram micros) {}

    /// Sends that many requests and returns when all are answered.
    ///
    /// @param connections how many requests may be under way at once; further ones wait
    /// @throws IllegalStateException when answers do not come for a minute
    public Pace run(int requests, double perSecond, int connections) {
        NetClient client = vertx.createNetClient(new NetClientOptions().setTcpNoDelay(true));
        Context loop = vertx.getOrCreateContext();
        Run run = new Run(client, requests);
        CompletableFuture<Void> connected = new CompletableFuture<>();
        loop.runOnContext(_ -> {
            List<io.vertx.core.Future<NetSocket>> sockets = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                sockets.add(client.connect(target.port(), "127.0.0.1").onSuccess(run::adopt));
            }
            io.vertx.core.Future.all(sockets)
                    .onFailure(connected::completeExceptionally)
                    .onSuccess(_ -> connected.complete(null));
        });
        try {
            connected.get(LAST_ANSWERS.toMillis(), TimeUnit.MILLISECONDS);
            pace(run, loop, requests, perSecond);
            run.over.get(LAST_ANSWERS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("not every request at a steady pace was answered", e);
        } finally {
            client.close();
        }
        return new Pace(run.intended, run.others, run.micros);
    }

    private static void pace(Run run, Context loop, int requests, double perSecond) {
        long nanosApart = (long) (1e9 / perSecond);
        // The first is a little ahead, so that it is not late already.
        long begin = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(5);
        Instant clock = Instant.now();
        long epochMicrosAtZero =
                TimeUnit.SECONDS.toMicros(clock.getEpochSecond()) + clock.getNano() / 1_000 - System.nanoTime() / 1_000;
        for (int i = 0; i < requests; i++) {
            long due = begin + i * nanosApart;
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            loop.runOnContext(_ -> run.send(new Due(due, epochMicrosAtZero + due / 1_000)));
        }
    }

    private record Due(long nanos, long epochMicros) {}

    /// All of it runs on one event loop.
    private final class Run {
        private final NetClient client;
        private final int requests;
        private final Deque<NetSocket> idle = new ArrayDeque<>();
        private final Deque<Due> waiting = new ArrayDeque<>();
        private final Map<NetSocket, Due> under = new HashMap<>();
        private final Map<String, Long> intended = new HashMap<>();
        private final Histogram micros = new Histogram(SLOWEST_MICROS, 3);
        private final CompletableFuture<Void> over = new CompletableFuture<>();
        private int answered;
        private long others;

        Run(NetClient client, int requests) {
            this.client = client;
            this.requests = requests;
        }

        void adopt(NetSocket socket) {
            AnswerReader reader = new AnswerReader();
            socket.exceptionHandler(_ -> {});
            socket.closeHandler(_ -> lost(socket));
            socket.handler(piece -> piece(socket, reader, piece));
            free(socket);
        }

        void send(Due due) {
            NetSocket socket = idle.poll();
            if (socket == null) {
                waiting.add(due);
                return;
            }
            under.put(socket, due);
            socket.write(target.request());
        }

        private void piece(NetSocket socket, AnswerReader reader, Buffer piece) {
            if (!reader.take(piece)) {
                return;
            }
            Due due = under.remove(socket);
            if (due != null) {
                micros.recordValue(Math.min(SLOWEST_MICROS, (System.nanoTime() - due.nanos()) / 1_000));
                String id = id(reader.text());
                if (reader.status() == 202 && !id.isEmpty()) {
                    intended.put(id, due.epochMicros());
                } else {
                    others++;
                }
                count();
            }
            if (reader.isLast()) {
                socket.close();
            } else {
                reader.next();
                free(socket);
            }
        }

        private void free(NetSocket socket) {
            idle.add(socket);
            Due next = waiting.poll();
            if (next != null) {
                send(next);
            }
        }

        private void lost(NetSocket socket) {
            idle.remove(socket);
            if (under.remove(socket) != null) {
                others++;
                count();
            }
            if (answered < requests) {
                client.connect(target.port(), "127.0.0.1")
                        .onSuccess(this::adopt)
                        .onFailure(over::completeExceptionally);
            }
        }

        private void count() {
            if (++answered == requests) {
                over.complete(null);
            }
        }
    }

    private static String id(String answer) {
        int at = answer.indexOf(ID);
        int end = at < 0 ? -1 : answer.indexOf('"', at + ID.length());
        return end < 0 ? "" : answer.substring(at + ID.length(), end);
    }
}
