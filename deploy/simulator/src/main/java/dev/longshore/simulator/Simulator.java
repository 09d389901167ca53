package dev.longshore.simulator;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/// A running provider of paper. Speaks OpenAI's HTTP API on `baseUrl()`, and the APIs of others beside it, is told what
/// to do by a [Script], and remembers its calls. Safe for use by several threads.
public final class Simulator implements AutoCloseable {

    static final String LOOPBACK = "127.0.0.1";

    private static final int FEWEST_LOOPS = 2;
    private static final long LONGEST_START_OR_STOP_S = 30;

    private final Vertx vertx;
    private final Theatre theatre;
    private final String host;
    private final int port;

    private Simulator(Vertx vertx, Theatre theatre, String host, int port) {
        this.vertx = vertx;
        this.theatre = theatre;
        this.host = host;
        this.port = port;
    }

    /// Runs until it is killed. Prints one line once it can be called.
    public static void main(String... words) {
        try {
            Arguments arguments = Arguments.parse(words);
            Simulator simulator = start(arguments.host(), arguments.port(), arguments.script(), InstantSource.system());
            System.out.println("simulator: listening on http://" + simulator.host + ":" + simulator.port);
        } catch (IllegalArgumentException | IllegalStateException e) {
            System.err.println("simulator: " + e.getMessage());
            System.err.println(Arguments.USAGE);
            System.exit(64);
        }
    }

    /// Starts on a port of the loopback interface, 0 for a free one; [IllegalStateException] if that cannot be had.
    public static Simulator start(int port) {
        return start(LOOPBACK, port, Script.EMPTY, InstantSource.system());
    }

    /// Starts with a script and on any interface. The clock dates the call log and fills rate limits; delays follow
    /// real time.
    public static Simulator start(String host, int port, Script script, InstantSource clock) {
        Theatre theatre = new Theatre(script, new CallLog(CallLog.usualCapacity()), clock, System::nanoTime);
        int loops = Math.max(FEWEST_LOOPS, Runtime.getRuntime().availableProcessors());
        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(loops)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        AtomicInteger listening = new AtomicInteger();
        // To Vert.x, 0 is a free port for each event loop, a negative number one free port for all of them.
        int asked = port == 0 ? -1 : port;
        try {
            await(vertx.deployVerticle(
                    () -> new Front(theatre, clock, host, asked, listening::set),
                    new DeploymentOptions().setInstances(loops)));
        } catch (IllegalStateException e) {
            vertx.close();
            throw new IllegalStateException("cannot listen on " + host + ":" + port + ": " + e.getMessage(), e);
        }
        return new Simulator(vertx, theatre, host, listening.get());
    }

    /// The port it listens on.
    public int port() {
        return port;
    }

    /// Where clients of OpenAI, Anthropic and Replicate go, up to the version segment: `http://127.0.0.1:PORT/v1`.
    /// Google's may too, or to `/v1beta`.
    public String baseUrl() {
        return "http://" + host + ":" + port + "/v1";
    }

    /// Where scripts and the call log are, without a slash at the end: `http://127.0.0.1:PORT/_sim`.
    public String controlUrl() {
        return "http://" + host + ":" + port + ControlRoutes.PREFIX;
    }

    /// Plays this script from now on. Call numbers for `calls`, limits and `times` start afresh; the log goes on.
    public void script(Script script) {
        theatre.play(script);
    }

    /// Plays the script that this JSON describes; [IllegalArgumentException] if it is wrong, and then nothing changes.
    public void script(String json) {
        theatre.play(Script.parse(json));
    }

    /// The script being played.
    public Script script() {
        return theatre.stage().script();
    }

    /// All remembered calls, oldest first.
    public List<Call> calls() {
        return theatre.log().after(0, Integer.MAX_VALUE, null);
    }

    /// All remembered calls of one model, oldest first.
    public List<Call> calls(String model) {
        return theatre.log().after(0, Integer.MAX_VALUE, model);
    }

    /// What was counted since the start or the last reset.
    public Stats stats() {
        return theatre.log().stats();
    }

    /// Forgets all calls and counts; numbers start at 1 again. The script stays; calls that are open stay open.
    public void reset() {
        theatre.reset();
    }

    /// Answers all calls that a `hold` keeps waiting, and ends all predictions that are `endless`; gives how many there
    /// were.
    public int release() {
        return theatre.holds().release(null, Integer.MAX_VALUE);
    }

    /// Answers at most that many held calls of one model, the longest held first; gives how many there were.
    public int release(String model, int most) {
        return theatre.holds().release(model, most);
    }

    /// Stops listening and closes all connections. Calls that were open count as aborted.
    @Override
    public void close() {
        await(vertx.close());
        theatre.webhooks().close();
    }

    private static void await(Future<?> future) {
        try {
            future.toCompletionStage().toCompletableFuture().get(LONGEST_START_OR_STOP_S, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(String.valueOf(e.getCause() == null ? e : e.getCause()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
