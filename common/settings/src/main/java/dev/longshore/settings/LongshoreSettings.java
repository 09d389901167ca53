package dev.longshore.settings;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Everything that an operator may set, as the two services read it. The defaults of what is named here stand in
/// `longshore-defaults.yaml`; those of a provider or a model, of which there may be any number, beside their
/// members.
///
/// An object of this type never changes. Its text form shows every value but secrets.
@ConfigMapping(prefix = "longshore")
public interface LongshoreSettings {

    /// The providers by the name that models refer to.
    Map<String, ProviderSettings> providers();

    /// The models by the name that callers use.
    Map<String, ModelSettings> models();

    /// The three lanes.
    Lanes lanes();

    /// How one worker process behaves.
    Worker worker();

    /// How repeated requests are recognised.
    Idempotency idempotency();

    /// How long things that are over are kept.
    Retention retention();

    /// What webhooks may do.
    Webhooks webhooks();

    /// Bounds on what callers may send.
    Limits limits();

    /// How callers follow their jobs while they run.
    Events events();

    @Override
    String toString();

    /// The three lanes; which share of the workers each has is decided by their weights and floors together.
    interface Lanes {
        /// People are waiting for these jobs.
        LaneSettings interactive();

        /// Programs are waiting for these jobs: the lane of a job that names none.
        LaneSettings standard();

        /// Nobody is waiting for these jobs in particular.
        LaneSettings batch();

        @Override
        String toString();
    }

    /// How one worker process behaves.
    interface Worker {
        /// Attempts under way at once in one process.
        int slots();

        /// Time between two signs of life of a worker.
        @WithConverter(DurationConverter.class)
        Duration heartbeat();

        /// Time without a sign of life after which a worker's jobs are rescued. More than two heartbeats, so that
        /// one that is late costs nothing.
        @WithConverter(DurationConverter.class)
        Duration lease();

        /// Time that running attempts are given at shutdown before they are handed back.
        @WithConverter(DurationConverter.class)
        Duration drain();

        @Override
        String toString();
    }

    /// How repeated requests are recognised.
    interface Idempotency {
        /// Time that an idempotency key is remembered.
        @WithConverter(DurationConverter.class)
        Duration retention();

        /// Time in which a request without a key is taken for a repetition of one with the same body; 0s is never.
        @WithConverter(DurationConverter.class)
        Duration dedupeWindow();

        @Override
        String toString();
    }

    /// How long things that are over are kept.
    interface Retention {
        /// Time that a job is kept, counted from when it was accepted; a job that is not over stays whatever its
        /// age.
        @WithConverter(DurationConverter.class)
        Duration jobs();

        @Override
        String toString();
    }

    /// What webhooks may do.
    interface Webhooks {
        /// Address ranges that may be called although they are private. Absent means none.
        Optional<List<@WithConverter(NetworkConverter.class) Network>> allowNetworks();

        /// Who is asked what the names in URLs of webhooks stand for. Absent means whoever this machine asks.
        Optional<List<@WithConverter(NameServerConverter.class) NameServer>> nameServers();

        @Override
        String toString();
    }

    /// Bounds on what callers may send.
    interface Limits {
        /// Bytes of the largest request body.
        @WithConverter(ByteSizeConverter.class)
        ByteSize body();

        @Override
        String toString();
    }

    /// How callers follow their jobs while they run.
    interface Events {
        /// Time after which something is sent to a reader of events to whom there was nothing to tell, so that nobody
        /// on the way takes the connection for dead.
        @WithConverter(DurationConverter.class)
        Duration heartbeat();

        /// Readers of events at one API process.
        int readers();

        /// Those of one tenant.
        int readersPerTenant();

        @Override
        String toString();
    }
}
