package dev.longshore.road;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Hears everything that is told on the event topic while somebody wants to hear it, whatever others have heard: it is
/// in no group, reads all partitions, and begins some minutes back. When nobody has listened for a while it sleeps,
/// because the topic carries every change of every job, and reading it for nobody would cost a busy cell a part of a
/// processor.
///
/// A broker that is away, and a topic that is not there yet, are waited for.
public final class EventFeed implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(EventFeed.class);

    /// Longer than calls usually take: what those that are under way have said is heard from the beginning.
    static final Duration BACK = Duration.ofMinutes(10);

    /// Most records of a partition that are heard again; under heavy load ten minutes would be millions.
    static final long MOST_BACK = 20_000;

    /// The usual time from when the last listener left until it sleeps.
    public static final Duration LINGER = Duration.ofSeconds(60);

    private static final Duration POLL = Duration.ofMillis(200);

    /// How long a broker may take to say where things are.
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /// After a failure, and while there is no topic.
    private static final Duration REST = Duration.ofSeconds(1);

    /// How often it is looked whether the topic has got more partitions.
    private static final Duration LOOK = Duration.ofMinutes(1);

    private final String topic;
    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final Listener listener;
    private final InstantSource clock;
    private final Duration linger;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition called = lock.newCondition();
    private @Nullable Consumer<byte[], byte[]> current;
    private boolean closed;
    private volatile State state = State.ASLEEP;
    private volatile long lag;

    /// Whoever wants to hear.
    public interface Listener {
        /// Whether it still does. Asked often.
        boolean isListening();

        /// Takes one record. Must not block.
        void hear(ConsumerRecord<byte[], byte[]> event);
    }

    /// How the feed is.
    public enum State {
        /// Nobody listens.
        ASLEEP,
        /// No broker answers, or the topic is not there yet.
        AWAY,
        /// What is told is heard.
        LIVE
    }

    /// @param consumers makes a consumer without a group
    /// @param threads makes the one thread that this needs
    public EventFeed(
            Supplier<Consumer<byte[], byte[]>> consumers,
            Listener listener,
            InstantSource clock,
            Duration linger,
            ThreadFactory threads) {
        this(EventTopic.NAME, consumers, listener, clock, linger, threads);
    }

    EventFeed(
            String topic,
            Supplier<Consumer<byte[], byte[]>> consumers,
            Listener listener,
            InstantSource clock,
            Duration linger,
            ThreadFactory threads) {
        this.topic = topic;
        this.consumers = consumers;
        this.listener = listener;
        this.clock = clock;
        this.linger = linger;
        thread = threads.newThread(this::run);
    }

    public void start() {
        thread.start();
    }

    /// Somebody listens now. Returns at once.
    public void wake() {
        lock.lock();
        try {
            called.signal();
        } finally {
            lock.unlock();
        }
    }

    public State state() {
        return state;
    }

    /// How many records have been told and not yet heard, as far as is known; 0 while it sleeps.
    public long lag() {
        return lag;
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            called.signal();
            if (current != null) {
                current.wakeup();
            }
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (awaitListener()) {
                try (Consumer<byte[], byte[]> consumer = consumers.get()) {
                    hearUntilItFails(consumer);
                } catch (WakeupException _) {
                    // Closed.
                } catch (KafkaException e) {
                    state = State.AWAY;
                    LOG.debugf(e, "the event topic cannot be read, trying again soon");
                }
                use(null);
                rest();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void hearUntilItFails(Consumer<byte[], byte[]> consumer) throws InterruptedException {
        use(consumer);
        while (awaitListener()) {
            List<TopicPartition> partitions = partitions(consumer);
            if (partitions.isEmpty()) {
                state = State.AWAY;
                rest();
            } else {
                begin(consumer, partitions);
                hear(consumer, partitions.size());
            }
        }
    }

    private List<TopicPartition> partitions(Consumer<byte[], byte[]> consumer) {
        return consumer.partitionsFor(topic, PATIENCE).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
    }

    private void begin(Consumer<byte[], byte[]> consumer, List<TopicPartition> partitions) {
        long since = clock.instant().minus(BACK).toEpochMilli();
        Map<TopicPartition, Long> times = new HashMap<>();
        partitions.forEach(partition -> times.put(partition, since));
        consumer.assign(partitions);
        // The ends first: what is told between the two questions lies behind the end, or is found.
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, PATIENCE);
        Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(times, PATIENCE);
        for (TopicPartition partition : partitions) {
            long end = ends.getOrDefault(partition, 0L);
            OffsetAndTimestamp first = found.get(partition);
            consumer.seek(partition, first == null ? end : Math.max(first.offset(), end - MOST_BACK));
        }
    }

    /// Returns when nobody has listened for long enough, or the topic has got more partitions.
    private void hear(Consumer<byte[], byte[]> consumer, int partitions) {
        long listenedAt = System.nanoTime();
        long lookedAt = listenedAt;
        FetchPulse pulse = new FetchPulse(consumer, listenedAt);
        while (true) {
            consumer.poll(POLL).forEach(this::tell);
            lag = consumer.assignment().stream()
                    .mapToLong(partition -> consumer.currentLag(partition).orElse(0))
                    .sum();
            long now = System.nanoTime();
            state = pulse.beats(now) ? State.LIVE : State.AWAY;
            if (listener.isListening()) {
                listenedAt = now;
            } else if (now - listenedAt > linger.toNanos()) {
                return;
            }
            if (now - lookedAt > LOOK.toNanos()) {
                lookedAt = now;
                if (consumer.partitionsFor(topic, PATIENCE).size() != partitions) {
                    return;
                }
            }
        }
    }

    private void tell(ConsumerRecord<byte[], byte[]> event) {
        try {
            listener.hear(event);
        } catch (RuntimeException e) {
            LOG.errorf(
                    e, "An event could not be passed on; those who wait for it look for themselves within a second.");
        }
    }

    private void use(@Nullable Consumer<byte[], byte[]> consumer) {
        lock.lock();
        try {
            current = consumer;
            if (closed && consumer != null) {
                consumer.wakeup();
            }
        } finally {
            lock.unlock();
        }
    }

    /// @return false when it is closed
    private boolean awaitListener() throws InterruptedException {
        lock.lock();
        try {
            while (!closed && !listener.isListening()) {
                state = State.ASLEEP;
                lag = 0;
                called.await();
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private void rest() throws InterruptedException {
        lock.lock();
        try {
            long left = REST.toNanos();
            while (!closed && left > 0) {
                left = called.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }
}
