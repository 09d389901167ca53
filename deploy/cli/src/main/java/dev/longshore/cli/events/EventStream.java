package dev.longshore.cli.events;

import dev.longshore.cli.server.Fault;
import dev.longshore.cli.server.NotReached;
import dev.longshore.cli.server.Query;
import dev.longshore.cli.server.Refused;
import dev.longshore.cli.server.Server;
import dev.longshore.cli.surroundings.Pause;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.random.RandomGenerator;

/// The events of one job. A connection that breaks, ends too early or falls silent is replaced by another that goes on
/// after the last event that was seen. For one thread.
public final class EventStream implements AutoCloseable {
    /// The server writes something every 15 seconds.
    static final Duration SILENCE = Duration.ofSeconds(45);

    /// How long a server may be away before it is given up.
    static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final int OK = 200;
    private static final int NO_MORE = 204;
    private static final int LONGEST_REFUSAL = 64 * 1024;
    private static final Duration REFUSAL_LIMIT = Duration.ofSeconds(2);

    private sealed interface Connection {
        record Open(Chunks chunks, FrameReader reader, Queue<Frame> ready) implements Connection {}

        record Resting(Instant until) implements Connection {}
    }

    private final Server server;
    private final String path;
    private final InstantSource clock;
    private final Pause pause;
    private final Backoff backoff;
    private Connection connection;
    private String lastId = "";
    private Instant lastHeard;

    private EventStream(
            Server server, String path, InstantSource clock, Pause pause, RandomGenerator chance, Instant now) {
        this.server = server;
        this.path = path;
        this.clock = clock;
        this.pause = pause;
        backoff = new Backoff(chance);
        lastHeard = now;
        connection = new Connection.Resting(now);
    }

    /// Connects.
    ///
    /// @throws Refused when the server says no
    /// @throws NotReached when there is none
    public static EventStream of(Server server, String jobId, InstantSource clock, Pause pause, RandomGenerator chance)
            throws InterruptedException {
        String path = "/v1/jobs/" + Query.segment(jobId) + "/events";
        EventStream stream = new EventStream(server, path, clock, pause, chance, clock.instant());
        stream.connection = stream.connect();
        return stream;
    }

    /// What happens next, within the given time.
    ///
    /// @throws Refused when the server will not go on
    /// @throws NotReached when it has been away for too long
    public Seen next(Duration atMost) throws InterruptedException {
        return switch (connection) {
            case Connection.Resting(var until) -> rest(until, atMost);
            case Connection.Open open -> read(open, atMost);
        };
    }

    @Override
    public void close() {
        if (connection instanceof Connection.Open(var chunks, var _, var _)) {
            chunks.close();
        }
    }

    private Seen rest(Instant until, Duration atMost) throws InterruptedException {
        Duration left = Duration.between(clock.instant(), until);
        if (left.isPositive()) {
            pause.pause(left.compareTo(atMost) < 0 ? left : atMost);
            return new Seen.Nothing();
        }
        try {
            connection = connect();
            return new Seen.Back();
        } catch (NotReached e) {
            if (Duration.between(lastHeard, clock.instant()).compareTo(PATIENCE) > 0) {
                throw e;
            }
            return lost(e.why(), Optional.empty());
        } catch (Refused e) {
            if (mayPass(e.fault())
                    && Duration.between(lastHeard, clock.instant()).compareTo(PATIENCE) <= 0) {
                return lost(
                        "the server answered " + e.fault().status(), e.fault().retryAfter());
            }
            throw e;
        }
    }

    private static boolean mayPass(Fault fault) {
        return !fault.isOurs() || fault.status() == 429 || fault.status() == 408;
    }

    private Seen read(Connection.Open open, Duration atMost) throws InterruptedException {
        Frame frame = open.ready().poll();
        if (frame != null) {
            return understood(open, frame);
        }
        Optional<Chunks.Piece> piece = open.chunks().next(atMost);
        if (piece.isEmpty()) {
            return Duration.between(lastHeard, clock.instant()).compareTo(SILENCE) > 0
                    ? lost(open, "nothing was heard for " + SILENCE.toSeconds() + " s")
                    : new Seen.Nothing();
        }
        return switch (piece.get()) {
            case Chunks.Piece.Bytes(byte[] bytes) -> {
                lastHeard = clock.instant();
                backoff.reset();
                open.ready().addAll(open.reader().feed(bytes));
                Frame first = open.ready().poll();
                yield first == null ? new Seen.Nothing() : understood(open, first);
            }
            case Chunks.Piece.Ended() -> lost(open, "the server ended the stream before the job did");
            case Chunks.Piece.Broken(var why) -> lost(open, "the connection broke (" + why + ")");
        };
    }

    private Seen understood(Connection.Open open, Frame frame) {
        Optional<Event> event = Event.of(frame);
        if (event.isEmpty()) {
            return lost(open, "the server sent a " + frame.name() + " event that cannot be read");
        }
        boolean again = isKnown(frame);
        if (!frame.id().isEmpty()) {
            lastId = frame.id();
        }
        // What is told twice does no harm, but a token that is printed twice does.
        return again && event.get() instanceof Event.Token ? new Seen.Nothing() : new Seen.Happened(frame, event.get());
    }

    private boolean isKnown(Frame frame) {
        return isNumber(frame.id()) && isNumber(lastId) && Long.parseLong(frame.id()) <= Long.parseLong(lastId);
    }

    private static boolean isNumber(String id) {
        return id.matches("[0-9]{1,18}");
    }

    private Seen lost(Connection.Open open, String why) {
        open.chunks().close();
        return lost(why, open.reader().retry());
    }

    private Seen lost(String why, Optional<Duration> wish) {
        Duration again = backoff.next(wish);
        connection = new Connection.Resting(clock.instant().plus(again));
        return new Seen.Lost(why, again);
    }

    private Connection.Open connect() throws InterruptedException {
        Map<String, String> headers = new HashMap<>(Map.of("Accept", "text/event-stream", "Cache-Control", "no-store"));
        if (!lastId.isEmpty()) {
            headers.put("Last-Event-ID", lastId);
        }
        HttpResponse<Chunks> answer = server.open(path, headers, _ -> new Chunks());
        Queue<Frame> ready = new ArrayDeque<>();
        if (answer.statusCode() == NO_MORE) {
            ready.add(new Frame("", "done", "[DONE]"));
        } else if (answer.statusCode() != OK) {
            byte[] body = answer.body().all(LONGEST_REFUSAL, REFUSAL_LIMIT);
            answer.body().close();
            throw new Refused(Fault.of(answer.statusCode(), answer.headers(), body));
        } else if (!answer.headers().firstValue("Content-Type").orElse("").startsWith("text/event-stream")) {
            answer.body().close();
            throw NotReached.because("what answers at " + server.address().base() + " is no Longshore", true);
        }
        lastHeard = clock.instant();
        return new Connection.Open(answer.body(), new FrameReader(), ready);
    }
}
