package dev.longshore.settings;

import io.smallrye.config.WithConverter;
import java.time.Duration;

/// One lane: its share of the workers, how many jobs it holds, and how patient its jobs are unless they say
/// otherwise.
public interface LaneSettings {

    /// Its share of the slots, relative to the other lanes' weights.
    int weight();

    /// The share of all slots, from 0 to 1, that it keeps whatever the others do.
    double floor();

    /// Tickets on the lane that no worker has claimed yet; what is accepted beyond it queues in the database.
    int window();

    /// Jobs that may be queued before intake answers `QUEUE_FULL`.
    long backlogLimit();

    /// Time after which a job that sets no deadline is given up.
    @WithConverter(DurationConverter.class)
    Duration deadline();

    /// When a failed attempt is tried again, for jobs that do not say so themselves.
    Retry retry();

    @Override
    String toString();

    /// When a failed attempt is tried again.
    interface Retry {
        /// Attempts in all, the first included: 1 to 100.
        int maxAttempts();

        /// Time before the second attempt.
        @WithConverter(DurationConverter.class)
        Duration initialDelay();

        /// What each delay is multiplied by to give the next: 1 or more.
        double multiplier();

        /// The longest delay.
        @WithConverter(DurationConverter.class)
        Duration maxDelay();

        /// The part of each delay, from 0 to 1, that chance decides.
        double jitter();

        @Override
        String toString();
    }
}
