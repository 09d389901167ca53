package dev.longshore.simulator.tongue.replicate;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How far a prediction has come. Times are milliseconds since 1970.
public record Progress(
        State state, @Nullable Long startedMs, @Nullable Long completedMs) {

    /// A prediction that has just been asked for.
    public static final Progress FIRST = new Progress(State.STARTING, null, null);

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
