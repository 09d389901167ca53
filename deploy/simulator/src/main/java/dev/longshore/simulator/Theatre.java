package dev.longshore.simulator;

import java.time.InstantSource;
import java.util.function.LongSupplier;

/// What all event loops share: the script being played and what is remembered of its calls.
final class Theatre {

    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final CallLog log;
    private final Holds holds = new Holds();
    private final RepeatCounts repeats = new RepeatCounts();
    private final Shelf begun = new Shelf();
    private final Webhooks webhooks = new Webhooks();
    private volatile Stage stage;

    Theatre(Script script, CallLog log, InstantSource clock, LongSupplier nanoTime) {
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.log = log;
        this.stage = new Stage(script, clock.millis());
    }

    Stage stage() {
        return stage;
    }

    /// Measures how far a stream has come.
    LongSupplier nanoTime() {
        return nanoTime;
    }

    CallLog log() {
        return log;
    }

    Holds holds() {
        return holds;
    }

    RepeatCounts repeats() {
        return repeats;
    }

    /// The predictions that were begun.
    Shelf begun() {
        return begun;
    }

    Webhooks webhooks() {
        return webhooks;
    }

    /// Plays another script from now on. Calls that are open end as they would have.
    void play(Script script) {
        repeats.reset();
        stage = new Stage(script, clock.millis());
    }

    /// Forgets all calls and starts all numbers at 1.
    void reset() {
        repeats.reset();
        stage.restart();
        log.reset();
    }
}
