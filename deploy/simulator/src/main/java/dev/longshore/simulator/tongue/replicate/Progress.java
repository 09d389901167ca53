package dev.longshore.simulator.tongue.replicate;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How far a prediction has come. Times are milliseconds since 1970.
///
/// @param takesMs how long its processing takes, as far as is known; never negative
public record Progress(
        State state, @Nullable Long startedMs, @Nullable Long completedMs, long takesMs) {

    /// A prediction that has just been asked for.
    public static final Progress FIRST = new Progress(State.STARTING, null, null, 0);

    /// As far as one comes that is not done: one that is endless takes longer than is known.
    private static final double NEARLY = 0.99;

    /// How much of its processing is done, from 0 to 1; what has ended before its time stays where it was.
    double share(long nowMs) {
        if (state == State.SUCCEEDED) {
            return 1;
        }
        if (startedMs == null || takesMs == 0) {
            return 0;
        }
        long until = completedMs == null ? nowMs : completedMs;
        return Math.clamp((until - startedMs) / (double) takesMs, 0, NEARLY);
    }

    /// The states of a prediction: starting, processing, and then one of three ends.
    public enum State {
        STARTING,
        PROCESSING,
        SUCCEEDED,
        FAILED,
        CANCELED;

        /// As it is written.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// Whether nothing comes after it.
        public boolean isEnd() {
            return switch (this) {
                case STARTING, PROCESSING -> false;
                case SUCCEEDED, FAILED, CANCELED -> true;
            };
        }
    }
}
