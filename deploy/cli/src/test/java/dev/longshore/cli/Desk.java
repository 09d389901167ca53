package dev.longshore.cli;

import dev.longshore.cli.commands.CommandLines;
import dev.longshore.cli.surroundings.Interrupts;
import dev.longshore.cli.surroundings.Surroundings;
import dev.longshore.cli.surroundings.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Somebody who types a command: with a clock that stands until it is moved, and pauses that only move the clock.
final class Desk {
    /// What came of it.
    record Outcome(int status, String out, String err) {}

    /// How long what must come is waited for.
    static final Duration PATIENCE = Duration.ofSeconds(30);

    static final Instant NOW = Instant.parse("2026-11-21T08:00:00Z");

    private final Map<String, String> environment = new HashMap<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
    private final List<Duration> pauses = new CopyOnWriteArrayList<>();
    private final List<Runnable> onInterrupt = new ArrayList<>();
    private Terminal terminal = Terminal.NONE;
    private String typed = "";
    private @Nullable Path home;

    /// At this server, with its key.
    static Desk at(FakeServer server) {
        return new Desk().with("LONGSHORE_URL", server.url()).with("LONGSHORE_API_KEY", FakeServer.KEY);
    }

    Desk with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    Desk without(String variable) {
        environment.remove(variable);
        return this;
    }

    Desk terminal(Terminal theirs) {
        terminal = theirs;
        return this;
    }

    /// A screen of 40 columns and 10 rows.
    Desk smallScreen() {
        return terminal(new Terminal(true, true, true, 40, 10));
    }

    Desk input(String text) {
        typed = text;
        return this;
    }

    Desk home(Path checkout) {
        home = checkout;
        return this;
    }

    Outcome run(String... words) {
        int status = CommandLines.run(surroundings(), "1.2.3", words);
        return new Outcome(status, out(), err());
    }

    CompletableFuture<Outcome> start(String... words) {
        var result = new CompletableFuture<Outcome>();
        Thread.ofVirtual().start(() -> {
            try {
                result.complete(run(words));
            } catch (Throwable failure) {
                result.completeExceptionally(failure);
            }
        });
        return result;
    }

    void moveClock(Duration forward) {
        now.updateAndGet(before -> before.plus(forward));
    }

    /// Whether Ctrl-C would have an effect.
    boolean isInterruptible() {
        synchronized (onInterrupt) {
            return !onInterrupt.isEmpty();
        }
    }

    void interrupt() {
        List<Runnable> all;
        synchronized (onInterrupt) {
            all = List.copyOf(onInterrupt);
        }
        all.forEach(Runnable::run);
    }

    List<Duration> pauses() {
        return List.copyOf(pauses);
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private Surroundings surroundings() {
        return new Surroundings(
                environment,
                new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                terminal,
                "longshore",
                home,
                now::get,
                duration -> {
                    pauses.add(duration);
                    moveClock(duration);
                },
                this::register,
                new Random(7));
    }

    private Interrupts.Watch register(Runnable what) {
        synchronized (onInterrupt) {
            onInterrupt.add(what);
        }
        return () -> {
            synchronized (onInterrupt) {
                onInterrupt.remove(what);
            }
        };
    }
}
