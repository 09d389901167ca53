package dev.longshore.road;

import static dev.longshore.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.JobId;
import dev.longshore.road.EventFeed.State;
import dev.longshore.road.JobNews.Token;
import dev.longshore.testing.Servers;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// The feed on a real broker, and without one. Each test has a topic of its own.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EventFeedTest {
    private static final Duration A_WHILE = Duration.ofSeconds(30);
    private static final Duration LONG = Duration.ofHours(1);

    private final Map<String, Object> kafka =
            Map.of("bootstrap.servers", Servers.shared().kafka());
    private Admin admin;
    private Producer<byte[], byte[]> producer;
    private String topic;

    @BeforeAll
    void connect() {
        admin = RoadClients.admin(kafka, "feed-test");
        producer = RoadClients.producer(kafka, "feed-test");
    }

    @AfterAll
    void close() {
        producer.close(A_WHILE);
        admin.close(A_WHILE);
    }

    @BeforeEach
    void newTopic() {
        topic = "feed-" + UUID.randomUUID();
    }

    /// Writes down what it hears.
    private static final class Ear implements EventFeed.Listener {
        final List<String> heard = new CopyOnWriteArrayList<>();
        volatile boolean listening = true;

        @Override
        public boolean isListening() {
            return listening;
        }

        @Override
        public void hear(ConsumerRecord<byte[], byte[]> event) {
            EventTopic.read(event).ifPresent(news -> {
                if (news instanceof Token(var _, long _, String text)) {
                    heard.add(text);
                }
            });
            if (event.value().length == 0) {
                throw new IllegalStateException("a listener with a fault");
            }
        }

        void awaitHeard(String... texts) {
            await().atMost(A_WHILE).until(() -> heard, List.of(texts)::equals);
        }
    }

    private EventFeed feed(Ear ear, Map<String, Object> settings, Duration linger) {
        return feed(ear, () -> RoadClients.listener(settings, "feed-test"), linger);
    }

    private EventFeed feed(Ear ear, Supplier<Consumer<byte[], byte[]>> consumers, Duration linger) {
        EventFeed feed = new EventFeed(
                topic,
                consumers,
                ear,
                Clock.systemUTC(),
                linger,
                Thread.ofPlatform().daemon().factory());
        feed.start();
        return feed;
    }

    private void makeTopic(int partitions) throws Exception {
        admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
                .all()
                .get(30, TimeUnit.SECONDS);
    }

    private void say(String... texts) throws Exception {
        JobId job = new JobId(UUID.fromString("0199a000-0000-7000-8000-00000000000f"));
        for (int i = 0; i < texts.length; i++) {
            String text = texts[i];
            var event = EventTopic.of(
                    EventTopic.TOKEN,
                    "acme",
                    job,
                    i + 1,
                    Clock.systemUTC().instant(),
                    json -> json.writeStringField("token", text));
            producer.send(new ProducerRecord<>(topic, null, event.key(), event.value(), event.headers()))
                    .get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void itBeginsAWhileBackAndGoesOn() throws Exception {
        makeTopic(3);
        say("before");
        Ear ear = new Ear();
        try (EventFeed feed = feed(ear, kafka, LONG)) {
            ear.awaitHeard("before");
            say("now");
            ear.awaitHeard("before", "now");
            await().until(() -> feed.state() == State.LIVE && feed.lag() == 0);
        }
    }

    @Test
    void eachFeedHearsEverything() throws Exception {
        makeTopic(3);
        Ear one = new Ear();
        Ear other = new Ear();
        try (EventFeed feed = feed(one, kafka, LONG);
                EventFeed second = feed(other, kafka, LONG)) {
            say("a", "b");
            one.awaitHeard("a", "b");
            other.awaitHeard("a", "b");
            await().until(() -> feed.state() == State.LIVE && second.state() == State.LIVE);
        }
    }

    @Test
    void whatIsToldWhileItLooksWhereToBeginIsHeard() throws Exception {
        makeTopic(1);
        Ear ear = new Ear();
        Consumer<byte[], byte[]> consumer = RoadClients.listener(kafka, "feed-test");
        InvocationHandler saysMeanwhile = (_, method, arguments) -> {
            Object answer;
            try {
                answer = method.invoke(consumer, arguments);
            } catch (InvocationTargetException e) {
                throw e.getTargetException();
            }
            if (method.getName().equals("endOffsets") || method.getName().equals("offsetsForTimes")) {
                say("after " + method.getName());
            }
            return answer;
        };
        @SuppressWarnings("unchecked")
        var talkative = (Consumer<byte[], byte[]>)
                Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Consumer.class}, saysMeanwhile);
        try (EventFeed _ = feed(ear, () -> talkative, LONG)) {
            ear.awaitHeard("after endOffsets", "after offsetsForTimes");
        }
    }

    @Test
    void aTopicThatIsMadeLaterIsWaitedFor() throws Exception {
        Ear ear = new Ear();
        try (EventFeed feed = feed(ear, kafka, LONG)) {
            await().atMost(A_WHILE).until(() -> feed.state() == State.AWAY);
            makeTopic(2);
            say("first");
            ear.awaitHeard("first");
        }
    }

    @Test
    void itSleepsWhileNobodyListensAndMissesNothing() throws Exception {
        makeTopic(2);
        Ear ear = new Ear();
        try (EventFeed feed = feed(ear, kafka, Duration.ofMillis(10))) {
            say("awake");
            ear.awaitHeard("awake");
            ear.listening = false;
            await().atMost(A_WHILE).until(() -> feed.state() == State.ASLEEP);
            say("asleep");
            assertThat(ear.heard).containsExactly("awake");

            ear.listening = true;
            feed.wake();
            // From a while back again.
            ear.awaitHeard("awake", "awake", "asleep");
            // The topic has got another partition in the meantime.
            ear.listening = false;
            await().atMost(A_WHILE).until(() -> feed.state() == State.ASLEEP);
            admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(5)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
            ear.listening = true;
            feed.wake();
            await().atMost(A_WHILE).until(() -> ear.heard.size() == 5);
        }
    }

    @Test
    void aListenerWithAFaultHearsTheRest() throws Exception {
        makeTopic(1);
        Ear ear = new Ear();
        try (EventFeed feed = feed(ear, kafka, LONG)) {
            producer.send(new ProducerRecord<>(topic, new byte[0])).get(30, TimeUnit.SECONDS);
            say("after it");
            ear.awaitHeard("after it");
            await().until(() -> feed.state() == State.LIVE);
        }
    }

    @Test
    void withoutABrokerItSaysSoAndEndsWhenItIsTold() throws Exception {
        Thread[] thread = new Thread[1];
        Ear ear = new Ear();
        EventFeed feed = new EventFeed(
                topic,
                () -> RoadClients.listener(nobody(), "feed-test-lost"),
                ear,
                Clock.systemUTC(),
                LONG,
                task -> thread[0] = Thread.ofPlatform().daemon().unstarted(task));
        feed.start();
        await().atMost(A_WHILE).until(() -> feed.state() == State.AWAY);
        feed.close();
        assertThat(thread[0].join(A_WHILE)).isTrue();
    }

    /// An address where nobody listens.
    private static Map<String, Object> nobody() {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return Map.of("bootstrap.servers", "127.0.0.1:" + free.getLocalPort());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
