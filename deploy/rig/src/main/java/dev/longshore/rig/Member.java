package dev.longshore.rig;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// One process of the system. Nothing happens to it by itself: whoever breaks it decides when it comes back.
///
/// For one thread at a time.
public final class Member {
    private static final Duration READY_LIMIT = Duration.ofSeconds(90);
    private static final Duration END_LIMIT = Duration.ofSeconds(45);
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final int LAST_LINES = 30;

    private final String name;
    private final Path folder;
    private final Path log;
    private @Nullable Process process;
    private BooleanSupplier ready = () -> false;

    /// @param folder where it works
    /// @param logs where its words are kept, in a file of its name
    Member(String name, Path folder, Path logs) {
        this.name = name;
        this.folder = folder;
        this.log = logs.resolve(name + ".log");
    }

    /// What it is called in the folder of logs.
    public String name() {
        return name;
    }

    /// Starts it and returns at once.
    ///
    /// @param environment set beside what this process has, less every variable of Longshore's own
    /// @param readiness asked until it is true; a failure to find out is a no
    void begin(List<String> command, Map<String, String> environment, BooleanSupplier readiness) {
        if (isAlive()) {
            throw new IllegalStateException(name + " runs already");
        }
        try {
            var builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .redirectInput(new File("/dev/null"));
            builder.environment().keySet().removeIf(key -> key.startsWith("LONGSHORE_") || key.startsWith("QUARKUS_"));
            builder.environment().putAll(environment);
            process = builder.start();
            ready = readiness;
        } catch (IOException e) {
            throw new UncheckedIOException(name + " cannot be started", e);
        }
    }

    /// Returns when it does its work.
    ///
    /// @throws IllegalStateException when it ends or takes too long; the message has the last of what it said
    public Member awaitReady() {
        long giveUp = System.nanoTime() + READY_LIMIT.toNanos();
        while (!ready.getAsBoolean()) {
            if (ended(LOOK)) {
                throw new IllegalStateException(
                        name + " ended with status " + process().exitValue() + "; it said:\n" + lastWords());
            }
            if (System.nanoTime() > giveUp) {
                throw new IllegalStateException(
                        name + " was not ready after " + READY_LIMIT.toSeconds() + " s; it said:\n" + lastWords());
            }
        }
        return this;
    }

    /// Whether its process exists, be it frozen.
    public boolean isAlive() {
        return process != null && process.isAlive();
    }

    /// Whether it says of itself that it does its work.
    public boolean isReady() {
        return isAlive() && ready.getAsBoolean();
    }

    /// The number of its process.
    public long pid() {
        return process().pid();
    }

    /// `kill -9`; returns when it is gone.
    public void kill() {
        Signal.KILL.send(List.of(process().toHandle()));
        awaitEnd();
    }

    /// `SIGSTOP`: it does nothing any more, but its connections stay open.
    public void freeze() {
        Signal.STOP.send(List.of(process().toHandle()));
    }

    /// `SIGCONT`.
    public void thaw() {
        Signal.CONT.send(List.of(process().toHandle()));
    }

    /// `SIGTERM`; returns at once.
    public void askToEnd() {
        Signal.TERM.send(List.of(process().toHandle()));
    }

    /// Waits for its end.
    ///
    /// @return its exit status
    public int awaitEnd() {
        if (!ended(END_LIMIT)) {
            throw new IllegalStateException(
                    name + " still runs after " + END_LIMIT.toSeconds() + " s; it said:\n" + lastWords());
        }
        return process().exitValue();
    }

    /// All that it has said since it was first started.
    public String words() {
        try {
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Waits for its end, but no longer than that.
    boolean ended(Duration patience) {
        try {
            return process().waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + name, e);
        }
    }

    private Process process() {
        return Objects.requireNonNull(process, () -> name + " was never started");
    }

    private String lastWords() {
        List<String> lines = words().lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    }
}
