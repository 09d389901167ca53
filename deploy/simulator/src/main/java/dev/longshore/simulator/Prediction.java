package dev.longshore.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.simulator.tongue.Finish;
import dev.longshore.simulator.tongue.Promise;
import dev.longshore.simulator.tongue.Stamp;
import dev.longshore.simulator.tongue.replicate.PredictionJson;
import dev.longshore.simulator.tongue.replicate.Progress;
import dev.longshore.simulator.tongue.replicate.Progress.State;
import java.util.ArrayList;
import java.util.List;

/// One prediction and how far it has come. Safe for use by several threads; a step that comes too late changes nothing
/// and says so.
final class Prediction {

    private final Promise promise;
    private final Stamp stamp;
    private final List<Runnable> atEnd = new ArrayList<>();
    private Progress progress = Progress.FIRST;

    Prediction(Promise promise, Stamp stamp) {
        this.promise = promise;
        this.stamp = stamp;
    }

    Promise promise() {
        return promise;
    }

    String id() {
        return stamp.id();
    }

    /// What to do once it has ended, in whichever way; at once if it has.
    synchronized void atEnd(Runnable step) {
        if (progress.state().isEnd()) {
            step.run();
        } else {
            atEnd.add(step);
        }
    }

    /// From starting to processing.
    ///
    /// @param takesMs how long that takes, as far as is known
    synchronized boolean start(long nowMs, long takesMs) {
        if (progress.state() != State.STARTING) {
            return false;
        }
        progress = new Progress(State.PROCESSING, nowMs, null, takesMs);
        return true;
    }

    /// From processing to succeeded or failed.
    synchronized boolean end(long nowMs) {
        boolean fails =
                promise.answer().finish() == Finish.FAILED || promise.answer().finish() == Finish.WITHHELD;
        return progress.state() == State.PROCESSING && end(fails ? State.FAILED : State.SUCCEEDED, nowMs);
    }

    /// From wherever it is to canceled.
    synchronized boolean cancel(long nowMs) {
        return !progress.state().isEnd() && end(State.CANCELED, nowMs);
    }

    private boolean end(State state, long nowMs) {
        progress = new Progress(state, progress.startedMs(), nowMs, progress.takesMs());
        atEnd.forEach(Runnable::run);
        return true;
    }

    /// How it is told now.
    synchronized ObjectNode json(long nowMs) {
        return PredictionJson.of(promise, stamp, progress, nowMs);
    }
}
