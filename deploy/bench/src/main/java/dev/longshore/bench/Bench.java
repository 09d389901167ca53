package dev.longshore.bench;

import dev.longshore.bench.load.ClosedLoop;
import dev.longshore.bench.machine.Limits;
import dev.longshore.bench.machine.Limits.Endpoint;
import dev.longshore.bench.stack.BenchFailed;
import dev.longshore.bench.stack.OperatorFile;
import dev.longshore.bench.stack.Rows;
import dev.longshore.bench.stack.RunningStack;
import dev.longshore.standalone.arguments.Arguments;
import dev.longshore.standalone.servers.Folders;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;

/// Starts a stack in a temporary folder, measures it and the machine in the same run, prints a table, and
/// leaves nothing behind.
public final class Bench {
    private static final int STATUS_FAILED = 1;
    private static final int STATUS_USAGE = 64;

    private final Order order;
    private final Sizes sizes;
    private final Path folder;
    private final RunningStack stack;
    private final List<Figures> rounds = new ArrayList<>();
    private final AtomicBoolean cleaned = new AtomicBoolean();
    private final long began = System.nanoTime();

    private Bench(Order order) throws IOException {
        this.order = order;
        sizes = order.quick() ? Sizes.quick() : Sizes.full();
        folder = Files.createTempDirectory("longshore-bench-");
        stack = new RunningStack(order.home(), folder.resolve("stack"));
    }

    /// Exits with 64 when the options are wrong, and with 1 when something could not be measured.
    public static void main(String[] args) throws IOException {
        Order order;
        try {
            order = Order.of(args);
        } catch (Arguments.Refused e) {
            System.err.println(e.getMessage() + "\n" + Order.USAGE);
            System.exit(STATUS_USAGE);
            return;
        }
        if (order.help()) {
            System.out.println(Order.USAGE);
            return;
        }
        Bench bench = new Bench(order);
        Thread cleaner = new Thread(bench::clean, "clean");
        Runtime.getRuntime().addShutdownHook(cleaner);
        boolean measured = bench.measureAndReport();
        bench.clean();
        System.exit(measured ? 0 : STATUS_FAILED);
    }

    private boolean measureAndReport() {
        boolean measured = false;
        try {
            measure();
            measured = true;
        } catch (RuntimeException | SQLException | IOException e) {
            // Interrupted by Ctrl-C, everything fails at once; that needs no words.
            if (cleaned.get()) {
                return false;
            }
            System.err.println("\nThe bench failed: " + (e instanceof BenchFailed ? e.getMessage() : e.toString()));
            for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
                System.err.println("  because of " + cause);
            }
            if (!(e instanceof BenchFailed)) {
                e.printStackTrace();
            }
        }
        Figures medians = Figures.medians(rounds);
        System.out.println();
        System.out.println(Report.table(medians));
        try {
            if (order.json().isPresent()) {
                Report.write(order.json().get(), medians, rounds);
            }
        } catch (IOException e) {
            System.err.println("the figures cannot be written: " + e);
            measured = false;
        }
        System.out.printf("%s after %d s%n", measured ? "measured" : "FAILED", seconds());
        return measured;
    }

    private void measure() throws IOException, SQLException {
        say("starting PostgreSQL, Kafka, the simulator and the API");
        stack.start();
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
        try {
            Rows rows = new Rows(stack.database());
            learnPatterns(vertx, rows);
            Progress progress = new Progress(stack);
            ClosedLoop lives = new ClosedLoop(vertx, Jobs.target(stack, OperatorFile.ECHO, "standard"));
            Workers workers = new Workers(stack, rows, progress, lives, sizes.warm());
            Speed speed = new Speed(vertx, stack, rows, workers, progress, sizes);
            Following following = new Following(vertx, stack, rows);
            Limits limits = new Limits(stack, sizes.limit());
            for (int i = 1; i <= order.rounds(); i++) {
                rounds.add(new Figures());
                withoutWorker(i, vertx, limits, speed, following);
            }
            if (wants(Workload.LIFE, Workload.W2, Workload.W3, Workload.W4, Workload.W5)) {
                say("a worker joins, and whole lives warm all processes up");
                workers.atHand();
            }
            for (int i = 1; i <= order.rounds(); i++) {
                withWorker(i, speed);
            }
            if (wants(Workload.W5)) {
                say("W5: the same work alone, then above a deep backlog and a long history");
                new Growth(stack, rows, workers, progress, speed, sizes).measure(rounds);
                rounds.forEach(round -> show(round, "W5"));
            }
            // After all that keeps the compilers busy: a light load takes minutes to warm itself up.
            for (int i = 1; i <= order.rounds() && wants(Workload.W3); i++) {
                light(i, speed);
            }
            if (wants(Workload.W4)) {
                say("W4: a provider that takes a second");
                new SlowProvider(stack, rows, workers, progress, sizes, folder).measure(rounds);
                rounds.forEach(round -> show(round, "W4"));
            }
        } finally {
            vertx.close();
        }
    }

    /// What is measured before there is a worker to share the processors with.
    private void withoutWorker(int number, Vertx vertx, Limits limits, Speed speed, Following following)
            throws IOException, SQLException {
        Figures figures = rounds.get(number - 1);
        say("round " + number + " of " + order.rounds() + ": what the machine can do");
        figures.put("L1", limits.rowPerCommit());
        figures.put("L2", limits.rowsInGroups());
        figures.put("L3", limits.wholeLife());
        Endpoint endpoint = limits.bareEndpoint(vertx, Jobs.body(OperatorFile.ECHO, "standard"));
        figures.put("L5", endpoint.rate());
        figures.put("L5.generator_cpu_us", endpoint.generatorMicros());
        show(figures, "L");
        if (wants(Workload.W1)) {
            say("W1: accepting over HTTP");
            speed.accept(figures);
            show(figures, "W1");
        }
        if (wants(Workload.SSE)) {
            say("SSE: telling readers of events");
            following.measure(figures);
            show(figures, "SSE");
        }
    }

    private void withWorker(int number, Speed speed) throws IOException {
        Figures figures = rounds.get(number - 1);
        String round = "round " + number + " of " + order.rounds() + ", ";
        // First, since it warms up the way to a provider in a process of its own, which the others take.
        if (wants(Workload.W2)) {
            say(round + "W2: draining a backlog");
            speed.drain(figures);
            show(figures, "W2");
        }
        if (wants(Workload.LIFE)) {
            say(round + "life: both at once");
            speed.life(figures);
            show(figures, "life");
        }
    }

    private void light(int number, Speed speed) throws IOException {
        Figures figures = rounds.get(number - 1);
        say("round " + number + " of " + order.rounds() + ", W3: from the POST to the provider at 100 jobs a second");
        speed.light(figures);
        show(figures, "W3");
    }

    /// Has one job of each kind accepted, so that more can be made after its pattern.
    private void learnPatterns(Vertx vertx, Rows rows) {
        Map<String, String> lanes = new TreeMap<>(Map.of(
                OperatorFile.ECHO, "standard",
                OperatorFile.HTTP, "standard",
                OperatorFile.SLOW, "standard",
                OperatorFile.LOWER, "batch"));
        lanes.forEach((model, lane) -> {
            long accepted = new ClosedLoop(vertx, Jobs.target(stack, model, lane))
                    .run(1, 1, Duration.ofSeconds(30))
                    .accepted();
            if (accepted != 1) {
                throw new BenchFailed("a job for " + model + " on the lane " + lane + " was not accepted");
            }
            rows.remember(model.substring(model.indexOf('-') + 1));
        });
    }

    private boolean wants(Workload... any) {
        return !Collections.disjoint(order.workloads(), List.of(any));
    }

    private void say(String line) {
        System.out.printf("%n[%4d s] %s%n", seconds(), line);
    }

    private static void show(Figures figures, String prefix) {
        System.out.print(Report.all(figures, prefix));
    }

    private long seconds() {
        return Duration.ofNanos(System.nanoTime() - began).toSeconds();
    }

    private synchronized void clean() {
        if (!cleaned.compareAndSet(false, true)) {
            return;
        }
        try {
            stack.close();
            Folders.delete(folder);
        } catch (IOException e) {
            System.err.println("not everything in " + folder + " could be removed: " + e.getMessage());
        }
    }
}
