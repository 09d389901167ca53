package dev.longshore.rig.chaos;

import dev.longshore.lane.Lane;
import dev.longshore.lane.Ticket;
import dev.longshore.rig.Cluster;
import dev.longshore.rig.LaneOffsets;
import dev.longshore.rig.receiver.Mood;
import dev.longshore.rig.receiver.Receivers;
import dev.longshore.rig.wire.Wire;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// How each kind of fault is done to a system. Long, because it is one list: the switch says for every
/// kind what happens at its beginning and what mends it.
final class Faults {
    private static final int SESSIONS_AT_MOST = 1_000;
    private static final int FORGED = 60;
    /// A fault that is done late is better than none: the brokers may be recovering from the one before.
    private static final int KAFKA_SECONDS = 20;

    private final Cluster cluster;
    private final Fleet fleet;
    private final Workload workload;
    private final Bookkeeper books;
    private final Receivers receivers;
    private final long seed;

    Faults(Cluster cluster, Fleet fleet, Workload workload, Bookkeeper books, Receivers receivers, long seed) {
        this.cluster = cluster;
        this.fleet = fleet;
        this.workload = workload;
        this.books = books;
        this.receivers = receivers;
        this.seed = seed;
    }

    Strike of(Planned planned) {
        String target = planned.target();
        Random random = new Random(seed * 31 + planned.number());
        return switch (planned.kind()) {
            case WORKER_KILLED, API_KILLED -> Strike.once(() -> fleet.kill(target), () -> fleet.raise(target));
            case WORKER_FROZEN, API_FROZEN ->
                Strike.once(() -> fleet.freeze(target), () -> {
                    fleet.thaw(target);
                    fleet.raise(target);
                });
            case WORKER_DRAINED, API_STOPPED -> Strike.once(() -> fleet.stop(target), () -> fleet.raise(target));
            case ROLLING_RESTART ->
                Strike.once(
                        () -> {
                            for (String name : fleet.names()) {
                                fleet.stop(name);
                                fleet.raise(name);
                            }
                        },
                        () -> fleet.names().forEach(fleet::raise));
            case ALL_WORKERS_KILLED -> Strike.once(() -> workers(fleet::kill), () -> workers(fleet::raise));

            case BROKER_KILLED ->
                Strike.once(() -> cluster.broker(number(target)).kill(), () -> {
                    startBroker(number(target));
                    cluster.broker(number(target)).awaitReady();
                });
            case BROKER_FROZEN ->
                Strike.once(
                        () -> cluster.broker(number(target)).freeze(),
                        () -> cluster.broker(number(target)).thaw());
            case BROKERS_KILLED ->
                Strike.once(() -> brokers(number -> cluster.broker(number).kill()), () -> {
                    brokers(this::startBroker);
                    brokers(number -> cluster.broker(number).awaitReady());
                });
            case TICKETS_DELETED -> Strike.repeated(700, this::deleteTickets);
            case TICKETS_FORGED -> Strike.repeated(500, () -> forgeTickets(random));
            case REBALANCE_STORM -> Strike.repeated(200, () -> joinAndLeave(random));

            case POSTGRES_RESTARTED ->
                Strike.once(
                        () -> cluster.database().stop(),
                        () -> cluster.database().start());
            case POSTMASTER_KILLED ->
                Strike.once(
                        () -> cluster.database().kill(),
                        () -> cluster.database().start());
            case SESSIONS_ENDED -> Strike.repeated(400, this::endSessions);
            case POSTGRES_FROZEN ->
                Strike.once(
                        () -> cluster.database().freeze(),
                        () -> cluster.database().thaw());
            case SESSIONS_TAKEN -> takeSessions();
            case LONG_TRANSACTION -> inTransaction("SELECT count(*) FROM job_run");
            case ROWS_LOCKED ->
                inTransaction("SELECT job_id FROM job_run ORDER BY job_id LIMIT 20 FOR UPDATE SKIP LOCKED");
            case COMMITS_UNREPORTED ->
                Strike.once(
                        () -> cluster.wires()
                                .database()
                                .forEach(wire -> wire.toClient().lose(chance(random, 0.04))),
                        () -> cluster.wires().database().forEach(Wire::heal));

            case PROVIDER_REFUSES -> onWires(cluster.wires().provider(), Faults::refuse);
            case PROVIDER_RESETS ->
                Strike.repeated(300, () -> cluster.wires().provider().forEach(Wire::reset));
            case PROVIDER_FROZEN -> onWires(cluster.wires().provider(), Wire::hold);
            case PROVIDER_SLOW ->
                onWires(cluster.wires().provider(), wire -> {
                    wire.toClient().delay(Duration.ofMillis(400));
                    wire.toClient().throttle(20_000);
                });
            case STORM_OF_429 -> storm("""
                    {"kind": "status", "status": 429, "retry_after": "1", "probability": 0.7}""");
            case STORM_OF_429_WITHOUT_ADVICE -> storm("""
                    {"kind": "status", "status": 429, "probability": 0.7}""");
            case STORM_OF_500 -> storm("""
                    {"kind": "status", "status": 500, "probability": 0.3}""");
            case STORM_OF_SILENCE -> storm("""
                    {"kind": "hang", "probability": 0.15}, {"kind": "hang_after_headers", "probability": 0.2}""");
            case STORM_OF_NONSENSE -> storm("""
                    {"kind": "malformed", "probability": 0.15}, {"kind": "truncated_json", "probability": 0.15},
                    {"kind": "empty_choices", "probability": 0.1}, {"kind": "error_in_200", "probability": 0.1}""");
            case STORM_OF_BROKEN_ANSWERS -> storm("""
                    {"kind": "wrong_content_length", "probability": 0.15}, {"kind": "broken_stream", "probability": 0.15},
                    {"kind": "close", "probability": 0.1}, {"kind": "reset", "probability": 0.1}""");
            case STORM_OF_HUGE_ANSWERS -> storm("""
                    {"kind": "huge", "bytes": 1500000, "probability": 0.2}""");

            case CLIENTS_RACE -> Strike.repeated(700, workload::race);
            case CLIENTS_HANG_UP -> Strike.repeated(100, () -> workload.hangUp(random.nextDouble()));
            case CLIENTS_CANCEL -> Strike.repeated(600, () -> workload.cancelAll(random, 0.4));
            case CLIENTS_RUSH -> Strike.once(() -> workload.rush(150, random.nextInt(Order.TENANTS)), () -> {});
            case CLIENTS_RAVE -> Strike.repeated(300, () -> workload.rave(random));

            case POSTGRES_UNREACHABLE -> onWires(List.of(cluster.wires().database(target)), Wire::hold);
            case POSTGRES_UNHEARD ->
                onWires(
                        List.of(cluster.wires().database(target)),
                        wire -> wire.toClient().hold());
            case POSTGRES_FAR_AWAY -> onWires(List.of(cluster.wires().database(target)), Faults::far);
            case POSTGRES_RESETS ->
                Strike.repeated(250, () -> cluster.wires().database(target).reset());
            case POSTGRES_REFUSES -> onWires(List.of(cluster.wires().database(target)), Faults::refuse);
            case KAFKA_UNREACHABLE -> onWires(cluster.wires().brokers(target), Wire::hold);
            case KAFKA_UNHEARD ->
                onWires(cluster.wires().brokers(target), wire -> wire.toClient().hold());
            case KAFKA_FAR_AWAY -> onWires(cluster.wires().brokers(target), Faults::far);
            case KAFKA_RESETS ->
                Strike.repeated(250, () -> cluster.wires().brokers(target).forEach(Wire::reset));
            case PROVIDER_UNREACHABLE -> onWires(List.of(cluster.wires().provider(target)), Wire::hold);

            case RECEIVER_SILENT -> mood(target, Mood.SILENT);
            case RECEIVER_HANGS_AFTER_HEAD -> mood(target, Mood.HANGING);
            case RECEIVER_SLOW -> mood(target, Mood.SLOW);
            case RECEIVER_ANSWERS_500 -> mood(target, Mood.BROKEN);
            case RECEIVER_ANSWERS_429 -> mood(target, Mood.BUSY);
            case RECEIVER_ANSWERS_503 -> mood(target, Mood.AWAY);
            case RECEIVER_REDIRECTS -> mood(target, Mood.REDIRECTING);
            case RECEIVER_ENDLESS -> mood(target, Mood.ENDLESS);
            case RECEIVER_RESETS -> mood(target, Mood.RESETTING);
            case RECEIVER_REBINDS -> Strike.once(receivers::rebind, receivers::settle);
            case RECEIVER_HAS_NO_NAME -> Strike.once(receivers::unname, receivers::settle);
            case RECEIVER_GONE -> Strike.once(() -> receivers.receiver(target).mood(Mood.GONE), () -> {});
        };
    }

    private Strike mood(String target, Mood mood) {
        return Strike.once(
                () -> receivers.receiver(target).mood(mood),
                () -> receivers.receiver(target).mood(Mood.WELL));
    }

    private void workers(Consumer<String> deed) {
        fleet.names().stream().filter(name -> name.startsWith("worker-")).forEach(deed);
    }

    private void brokers(Consumer<Integer> deed) {
        for (int number = 1; number <= cluster.layout().brokers(); number++) {
            deed.accept(number);
        }
    }

    /// Returns at once: one of three alone is not ready before a second can vote.
    private void startBroker(int number) {
        if (!cluster.broker(number).isAlive()) {
            cluster.startBroker(number);
        }
    }

    private static int number(String target) {
        return Integer.parseInt(target.substring(target.indexOf('-') + 1));
    }

    private Strike storm(String faults) {
        return Strike.once(
                () -> cluster.simulator().script(Scripts.storm(faults)),
                () -> cluster.simulator().script(Scripts.CALM));
    }

    private static Strike onWires(List<Wire> wires, Consumer<Wire> deed) {
        return Strike.once(() -> wires.forEach(deed), () -> wires.forEach(Wire::heal));
    }

    private static void refuse(Wire wire) {
        wire.refuse();
        wire.reset();
    }

    private static void far(Wire wire) {
        wire.toServer().delay(Duration.ofMillis(120));
        wire.toClient().delay(Duration.ofMillis(120));
    }

    private static BooleanSupplier chance(Random random, double chance) {
        return () -> {
            synchronized (random) {
                return random.nextDouble() < chance;
            }
        };
    }

    private void endSessions() throws SQLException {
        try (Connection connection = cluster.database().connect();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'longshore%'");
        }
    }

    private Strike takeSessions() {
        List<Connection> taken = Collections.synchronizedList(new ArrayList<>());
        return new Strike(
                () -> {
                    // While one of ours is left, theirs can be ended and the places be taken before they
                    // come back.
                    Connection ours = cluster.database().connect();
                    taken.add(ours);
                    try (Statement statement = ours.createStatement()) {
                        statement.execute(
                                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'longshore%'");
                    }
                    takeAll(taken);
                },
                () -> takeAll(taken),
                200,
                () -> taken.forEach(Faults::close));
    }

    private void takeAll(List<Connection> taken) {
        try {
            while (taken.size() < SESSIONS_AT_MOST) {
                taken.add(cluster.database().connect());
            }
        } catch (SQLException _) {
            // There is none left, which was the aim.
        }
    }

    private Strike inTransaction(String sql) {
        List<Connection> held = Collections.synchronizedList(new ArrayList<>());
        return Strike.once(
                () -> {
                    Connection connection = cluster.database().connect();
                    held.add(connection);
                    connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
                    connection.setAutoCommit(false);
                    try (Statement statement = connection.createStatement()) {
                        statement.execute("SELECT txid_current()");
                        statement.execute(sql);
                    }
                },
                () -> held.forEach(Faults::close));
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException _) {
            // Gone with the server.
        }
    }

    private Map<String, Object> kafka() {
        return new HashMap<>(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, cluster.bootstrapServers()));
    }

    private void deleteTickets() throws Exception {
        Map<String, Object> settings = kafka();
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, KAFKA_SECONDS * 1_000);
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 3_000);
        try (Admin admin = Admin.create(settings)) {
            var before = new HashMap<TopicPartition, RecordsToDelete>();
            for (Lane lane : Lane.values()) {
                new LaneOffsets(admin)
                        .ends(lane)
                        .forEach((place, end) -> before.put(place, RecordsToDelete.beforeOffset(end)));
            }
            admin.deleteRecords(before).all().get(KAFKA_SECONDS, TimeUnit.SECONDS);
        }
    }

    private void forgeTickets(Random random) throws Exception {
        Map<String, Object> settings = kafka();
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, KAFKA_SECONDS * 1_000);
        List<UUID> jobs = new ArrayList<>(books.someJobs(FORGED));
        // For these there never was a job.
        jobs.add(new UUID(random.nextLong(), random.nextLong()));
        jobs.add(new UUID(0, 0));
        Collections.shuffle(jobs, random);
        try (var producer =
                new KafkaProducer<byte[], byte[]>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (UUID job : jobs) {
                Ticket ticket = new Ticket(job);
                Lane lane = Lane.values()[random.nextInt(Lane.values().length)];
                producer.send(new ProducerRecord<>(lane.topic(), ticket.bytes()));
                producer.send(new ProducerRecord<>(lane.topic(), ticket.bytes()));
            }
            for (Lane lane : Lane.values()) {
                byte[] noise = new byte[random.nextInt(40)];
                random.nextBytes(noise);
                byte[] otherVersion = new Ticket(jobs.getFirst()).bytes();
                otherVersion[0] = 9;
                producer.send(new ProducerRecord<>(lane.topic(), noise));
                producer.send(new ProducerRecord<>(lane.topic(), otherVersion));
                producer.send(new ProducerRecord<>(lane.topic(), "{}".getBytes(StandardCharsets.UTF_8)));
                producer.send(new ProducerRecord<>(lane.topic(), noise, (byte[]) null));
            }
            producer.flush();
        }
    }

    private void joinAndLeave(Random random) {
        Lane lane = Lane.values()[random.nextInt(Lane.values().length)];
        Map<String, Object> settings = kafka();
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, lane.group());
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                List.of(CooperativeStickyAssignor.class.getName()));
        settings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 6_000);
        settings.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 2_000);
        try (var stranger =
                new KafkaConsumer<byte[], byte[]>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            stranger.subscribe(List.of(lane.topic()));
            for (int i = 0; i < 4; i++) {
                stranger.poll(Duration.ofMillis(250));
            }
        }
    }
}
