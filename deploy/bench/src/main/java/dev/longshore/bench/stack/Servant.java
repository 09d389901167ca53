package dev.longshore.bench.stack;

import dev.longshore.standalone.child.ChildPlan;
import dev.longshore.standalone.child.OwnSession;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// One process of the bench's. It is not started again when it ends: a figure that was measured over a death
/// is none.
public final class Servant {
    private static final int LAST_LINES = 15;

    private final ChildPlan plan;
    private final Path log;
    private final Process process;
    private final Alarm alarm;
    private volatile boolean stopping;

    private Servant(ChildPlan plan, Path log, Process process, Alarm alarm) {
        this.plan = plan;
        this.log = log;
        this.process = process;
        this.alarm = alarm;
        process.onExit().thenAccept(this::ended);
    }

    /// Starts it.
    ///
    /// @param more set in its environment beside what its plan says
    /// @param logs the folder that its words are kept in
    static Servant start(ChildPlan plan, Map<String, String> more, Path logs, Alarm alarm) throws IOException {
        plan.prepare().run();
        Path log = Files.createDirectories(logs).resolve(plan.name() + ".log");
        ProcessBuilder builder = new ProcessBuilder(OwnSession.of(plan.command()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        builder.environment().keySet().removeAll(plan.withheld());
        builder.environment().putAll(plan.environment());
        builder.environment().putAll(more);
        return new Servant(plan, log, builder.start(), alarm);
    }

    public String name() {
        return plan.name();
    }

    public long pid() {
        return process.pid();
    }

    /// Returns when it does its work.
    ///
    /// @throws BenchFailed when that takes longer than the limit, or it ends
    void awaitReady(Duration limit) {
        long giveUp = System.nanoTime() + limit.toNanos();
        while (!plan.ready().ask()) {
            alarm.sleep(50);
            if (System.nanoTime() - giveUp > 0) {
                throw new BenchFailed(name() + " was not ready within " + limit.toSeconds() + " s; the last it said:\n"
                        + lastWords());
            }
        }
    }

    /// Asks it to stop and waits, in the end by force.
    ///
    /// @return whether it stopped when asked
    boolean stop() {
        stopping = true;
        try {
            plan.end().ask(process.toHandle());
            if (process.waitFor(plan.patience().toMillis(), TimeUnit.MILLISECONDS)) {
                return true;
            }
        } catch (IOException _) {
            // By force, then.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        kill();
        return false;
    }

    /// Its end is somebody else's doing, and meant.
    void expectEnd() {
        stopping = true;
    }

    /// Ends it at once.
    void kill() {
        stopping = true;
        process.destroyForcibly();
        process.onExit().join();
    }

    /// The last lines that it wrote, indented.
    public String lastWords() {
        try {
            List<String> lines =
                    Files.readString(log, StandardCharsets.UTF_8).lines().toList();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()))
                    .indent(2);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void ended(Process ended) {
        if (!stopping) {
            alarm.ring(name() + " ended by itself with status " + ended.exitValue() + "; the last it said:\n"
                    + lastWords());
        }
    }
}
