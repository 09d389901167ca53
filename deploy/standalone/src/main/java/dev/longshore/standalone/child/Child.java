package dev.longshore.standalone.child;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One process that is kept alive: started again whenever it ends by itself, until it is told to stop.
public final class Child {
    static final String MARK_SUFFIX = ".pid";

    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration PATIENCE_AFTER_KILL = Duration.ofSeconds(10);
    /// Deaths before the first sign of readiness after which a start is given up: the fault is then not a passing one.
    private static final int DEATHS_AT_START = 6;

    private final ChildPlan plan;
    private final Backoff backoff;
    private final Terminal terminal;
    private final Notable notable;
    private final LogFile log;
    private final Path mark;
    private final CountDownLatch stopAsked = new CountDownLatch(1);
    private final Thread watcher;

    private @Nullable Process process;
    private int starts;
    private int deaths;

    /// @param folder where the log goes (`logs/NAME.log`) and the mark by which the process is found again
    /// (`run/NAME.pid`)
    /// @param everything whether each of its lines is shown, or only the notable ones
    public Child(ChildPlan plan, Path folder, Backoff backoff, Terminal terminal, boolean everything)
            throws IOException {
        this.plan = plan;
        this.backoff = backoff;
        this.terminal = terminal;
        this.notable = new Notable(everything);
        this.log = new LogFile(Files.createDirectories(folder.resolve("logs")).resolve(plan.name() + ".log"));
        this.mark = Files.createDirectories(folder.resolve("run")).resolve(plan.name() + MARK_SUFFIX);
        this.watcher = Thread.ofPlatform().daemon().name("watch " + plan.name()).unstarted(this::keepAlive);
    }

    /// Begins; returns at once.
    public Child start() {
        watcher.start();
        return this;
    }

    /// The name in its plan.
    public String name() {
        return plan.name();
    }

    /// The process as it is now; empty while there is none.
    public synchronized Optional<ProcessHandle> process() {
        return Optional.ofNullable(process).map(Process::toHandle).filter(ProcessHandle::isAlive);
    }

    /// How often it was started.
    public synchronized int starts() {
        return starts;
    }

    /// Returns when the child says that it is ready.
    ///
    /// @throws NotReady when it dies again and again, takes longer than the limit, or is stopped meanwhile
    public void awaitReady(Duration limit) throws NotReady {
        long giveUp = System.nanoTime() + limit.toNanos();
        try {
            while (process().isEmpty() || !plan.ready().ask()) {
                if (stopAsked.await(POLL.toMillis(), TimeUnit.MILLISECONDS))
                    throw new NotReady(name() + " was stopped");
                if (deaths() >= DEATHS_AT_START) throw notReady("ends right after each start");
                if (System.nanoTime() > giveUp) throw notReady("was not ready within " + limit.toSeconds() + " s");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new NotReady("interrupted while waiting for " + name());
        }
    }

    /// Stops it and waits for its end: politely as long as its plan allows, then by force.
    public void stop() {
        Process running;
        synchronized (this) {
            stopAsked.countDown();
            running = process;
        }
        try {
            if (running != null && running.isAlive()) {
                askToEnd(running);
                if (!running.waitFor(plan.patience().toMillis(), TimeUnit.MILLISECONDS)) {
                    terminal.say(
                            name() + " did not stop within " + plan.patience().toSeconds() + " s and is killed");
                    running.destroyForcibly();
                    running.waitFor(PATIENCE_AFTER_KILL.toMillis(), TimeUnit.MILLISECONDS);
                }
            }
            watcher.join(PATIENCE_AFTER_KILL.toMillis());
            if (running == null || !running.isAlive()) Files.deleteIfExists(mark);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            terminal.say("the mark of " + name() + " could not be removed: " + e.getMessage());
        }
    }

    private void askToEnd(Process running) {
        try {
            plan.end().ask(running.toHandle());
        } catch (IOException e) {
            terminal.say(name() + " could not be asked to stop (" + e.getMessage() + ") and is killed");
            running.destroyForcibly();
        }
    }

    private void keepAlive() {
        try {
            while (stopAsked.getCount() > 0) {
                long began = System.nanoTime();
                String end = runOnce();
                if (stopAsked.getCount() == 0) return;
                Duration ran = Duration.ofNanos(System.nanoTime() - began);
                int inARow = countDeath(ran);
                Duration wait = backoff.before(inARow);
                terminal.say(name() + " " + end + " after " + ran.toSeconds() + " s; it is started again "
                        + (wait.isZero() ? "at once" : "in " + wait.toMillis() + " ms"));
                if (stopAsked.await(wait.toMillis(), TimeUnit.MILLISECONDS)) return;
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private String runOnce() throws InterruptedException {
        try {
            plan.prepare().run();
            Process started = launch();
            if (started == null) return "was not started";
            int code = started.waitFor();
            // Children of the child may hold its output open, so its reader is not waited for.
            return "ended with status " + code;
        } catch (IOException e) {
            remember("cannot be started: " + e.getMessage());
            return "cannot be started (" + e.getMessage() + ")";
        }
    }

    private synchronized @Nullable Process launch() throws IOException {
        // Under the lock with stop(): a child is never started after it was told to stop.
        if (stopAsked.getCount() == 0) return null;
        var builder = new ProcessBuilder(OwnSession.of(plan.command()))
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"));
        builder.environment().keySet().removeAll(plan.withheld());
        builder.environment().putAll(plan.environment());
        Process started = builder.start();
        process = started;
        starts++;
        var identity = ProcessMark.of(started.toHandle());
        if (identity.isPresent()) identity.get().write(mark);
        Thread.ofPlatform().daemon().name("read " + name()).start(() -> read(started));
        return started;
    }

    private void read(Process running) {
        try (BufferedReader lines = running.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                remember(line);
                if (notable.isShown(line)) terminal.say(name(), line);
            }
        } catch (IOException _) {
            // The stream is closed under us when the process ends; there is no more to read.
        }
    }

    private void remember(String line) {
        try {
            log.write(line);
        } catch (IOException e) {
            // A full disk must not end the reading, or the child would stand still with a full pipe.
            terminal.say("the log of " + name() + " cannot be written: " + e.getMessage());
        }
    }

    private synchronized int countDeath(Duration ran) {
        deaths = backoff.wasWell(ran) ? 1 : deaths + 1;
        return deaths;
    }

    private synchronized int deaths() {
        return deaths;
    }

    private NotReady notReady(String reason) {
        return new NotReady(name() + " " + reason + "; the last it said:\n  " + String.join("\n  ", log.lastLines()));
    }

    /// A child that does not come up; the message says which, why, and what it said last.
    public static final class NotReady extends Exception {
        private static final long serialVersionUID = 1;

        NotReady(String message) {
            super(message);
        }
    }
}
