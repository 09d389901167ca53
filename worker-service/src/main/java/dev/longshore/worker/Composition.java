package dev.longshore.worker;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.longshore.job.JobStore;
import dev.longshore.lane.Lane;
import dev.longshore.lease.ChoreLease;
import dev.longshore.lease.WorkerLease;
import dev.longshore.outbox.Outbox;
import dev.longshore.outbox.TenantNames;
import dev.longshore.prediction.PredictionStore;
import dev.longshore.provider.PermitShares;
import dev.longshore.provider.ProviderBoard;
import dev.longshore.provider.TokenCountErrors;
import dev.longshore.road.EventRelay;
import dev.longshore.road.EventSender;
import dev.longshore.road.LaneGauge;
import dev.longshore.road.RoadClients;
import dev.longshore.road.TicketSender;
import dev.longshore.settings.LongshoreSettings;
import dev.longshore.tokens.TokenCounter;
import dev.longshore.view.JobReader;
import dev.longshore.view.JobTales;
import dev.longshore.webhook.AddressGuard;
import dev.longshore.webhook.DnsNames;
import dev.longshore.webhook.UrlCheck;
import dev.longshore.webhook.WebhookCaller;
import dev.longshore.worker.attempt.AttemptMeter;
import dev.longshore.worker.attempt.Attempts;
import dev.longshore.worker.attempt.CountCheck;
import dev.longshore.worker.attempt.Persistence;
import dev.longshore.worker.attempt.Policies;
import dev.longshore.worker.attempt.Recorder;
import dev.longshore.worker.attempt.Weighing;
import dev.longshore.worker.delivery.Deliverer;
import dev.longshore.worker.delivery.DeliveryMeter;
import dev.longshore.worker.delivery.JobBodies;
import dev.longshore.worker.delivery.Pacing;
import dev.longshore.worker.delivery.SwitchOff;
import dev.longshore.worker.dispatch.Feeder;
import dev.longshore.worker.dispatch.FeederLoop;
import dev.longshore.worker.intake.Intake;
import dev.longshore.worker.intake.UnreadableTickets;
import dev.longshore.worker.lifecycle.DatabaseClock;
import dev.longshore.worker.lifecycle.Membership;
import dev.longshore.worker.lifecycle.WorkerLife;
import dev.longshore.worker.live.LiveProgress;
import dev.longshore.worker.live.LiveTokens;
import dev.longshore.worker.provider.Routes;
import dev.longshore.worker.rescue.Abandoned;
import dev.longshore.worker.rescue.Rescuer;
import dev.longshore.worker.rescue.Resumable;
import dev.longshore.worker.retention.Retention;
import dev.longshore.worker.slots.RunningAttempts;
import dev.longshore.worker.slots.Slots;
import dev.longshore.worker.throttle.Throttle;
import dev.longshore.worker.throttle.ThrottleExchange;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.common.annotation.Identifier;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;

/// Puts the worker together. Everything below is plain Java that knows nothing of the container.
@ApplicationScoped
public class Composition {
    /// One: while it commits, the next group gathers; a second one only makes the groups smaller.
    private static final int SETTLERS = 1;

    /// The usage rows that this process adds to: its settlers' and the rescuer's, spread so that workers
    /// seldom meet.
    private static final int SHARD_GROUPS = 16;

    @Produces
    @Singleton
    DatabaseClock clock() {
        return new DatabaseClock(machineClock());
    }

    /// For whoever has no database to set a clock by.
    static InstantSource machineClock() {
        return Clock.systemUTC();
    }

    @Produces
    @Singleton
    JobStore store(DataSource database, EventRelay relay, Pacing deliveries) {
        return new JobStore(database, (row, changes) -> {
            relay.changed(row, changes);
            deliveries.call();
        });
    }

    @Produces
    @Singleton
    Pacing deliveryPacing() {
        return new Pacing();
    }

    @Produces
    @Singleton
    DnsNames names(LongshoreSettings settings) {
        return new DnsNames(settings.webhooks().nameServers().orElse(List.of()));
    }

    void close(@Disposes DnsNames names) {
        names.close();
    }

    @Produces
    @Singleton
    WebhookCaller webhookCaller(Vertx vertx, DnsNames names, LongshoreSettings settings, DatabaseClock clock) {
        AddressGuard guard =
                new AddressGuard(settings.webhooks().allowNetworks().orElse(List.of()));
        return new WebhookCaller(vertx, new UrlCheck(guard, names), clock);
    }

    void close(@Disposes WebhookCaller caller) {
        caller.close();
    }

    @Produces
    @Singleton
    DeliveryMeter deliveryMeter(MeterRegistry metrics) {
        return new DeliveryMeter(metrics);
    }

    @Produces
    @Singleton
    SwitchOff switchOff(DataSource database, DeliveryMeter meter) {
        return new SwitchOff(database, meter);
    }

    @Produces
    @Singleton
    Deliverer deliverer(
            DataSource database,
            WebhookCaller caller,
            SwitchOff switchOff,
            Persistence persistence,
            Pacing pacing,
            Membership membership,
            DatabaseClock clock,
            DeliveryMeter meter,
            LongshoreSettings settings) {
        JobTales tales = new JobTales(
                database, new JobReader(database, settings.retention().jobs()));
        return new Deliverer(
                database,
                caller,
                new JobBodies(tales),
                switchOff,
                persistence,
                pacing,
                membership::workerId,
                clock,
                () -> ThreadLocalRandom.current().nextDouble(),
                meter);
    }

    @Produces
    @Singleton
    EventRelay relay(DataSource database, Producer<byte[], byte[]> producer) {
        EventRelay relay = new EventRelay(
                new Outbox(database),
                new TenantNames(database),
                new EventSender(producer),
                Thread.ofVirtual().name("event-relay").factory());
        relay.start();
        return relay;
    }

    void close(@Disposes EventRelay relay) {
        relay.close();
    }

    @Produces
    @Singleton
    LiveProgress liveProgress(JobStore store) {
        LiveProgress live = new LiveProgress(
                store::progress, Thread.ofVirtual().name("live-progress").factory());
        live.start();
        return live;
    }

    void close(@Disposes LiveProgress live) {
        live.close();
    }

    @Produces
    @Singleton
    LiveTokens liveTokens(
            DataSource database, Producer<byte[], byte[]> producer, LiveProgress progress, DatabaseClock clock) {
        LiveTokens live = new LiveTokens(
                new EventSender(producer),
                new TenantNames(database),
                progress,
                clock,
                Thread.ofVirtual().name("live-tokens").factory());
        live.start();
        return live;
    }

    void close(@Disposes LiveTokens live) {
        live.close();
    }

    @Produces
    @Singleton
    Persistence persistence() {
        return new Persistence();
    }

    @Produces
    @Singleton
    RunningAttempts running() {
        return new RunningAttempts();
    }

    @Produces
    @Singleton
    Slots slots(LongshoreSettings settings, MeterRegistry metrics) {
        Slots slots = new Slots(settings.worker().slots(), FromSettings.shares(settings));
        for (Lane lane : Lane.values()) {
            Gauge.builder("longshore.slots.taken", () -> slots.taken(lane))
                    .description("Attempts running in this worker")
                    .tag("lane", lane.word())
                    .register(metrics);
        }
        Gauge.builder("longshore.slots.total", slots::total)
                .description("Attempts that this worker may run at once")
                .register(metrics);
        return slots;
    }

    @Produces
    @Singleton
    AttemptMeter meter(MeterRegistry metrics) {
        return new AttemptMeter(metrics);
    }

    @Produces
    @Singleton
    PredictionStore predictions(DataSource database) {
        return new PredictionStore(database);
    }

    @Produces
    @Singleton
    Routes routes(
            LongshoreSettings settings,
            Vertx vertx,
            ObjectMapper json,
            DatabaseClock clock,
            TokenCounter tokens,
            PredictionStore predictions,
            Persistence persistence) {
        return FromSettings.routes(settings, vertx, json, clock, tokens, new StoredPurchases(predictions, persistence));
    }

    @Produces
    @Singleton
    Recorder recorder(JobStore store, Persistence persistence, AttemptMeter meter) {
        return new Recorder(store, persistence, meter, SETTLERS, firstShard());
    }

    @Produces
    @Singleton
    TokenCounter tokens() {
        return new TokenCounter();
    }

    @Produces
    @Singleton
    CountCheck counts(TokenCounter tokens, ObjectMapper json) {
        return new CountCheck(tokens, json, System::nanoTime);
    }

    @Produces
    @Singleton
    TokenCountErrors countErrors(DataSource database) {
        return new TokenCountErrors(database);
    }

    @Produces
    @Singleton
    ProviderBoard board(DataSource database) {
        return new ProviderBoard(database);
    }

    @Produces
    @Singleton
    Throttle throttle(
            LongshoreSettings settings,
            ProviderBoard board,
            Membership membership,
            DatabaseClock clock,
            MeterRegistry metrics) {
        Throttle throttle = new Throttle(
                FromSettings.served(settings),
                FromSettings.floors(settings),
                settings.worker().lease(),
                board,
                membership::workerId,
                clock,
                System::nanoTime,
                () -> ThreadLocalRandom.current().nextDouble());
        throttle.meter((provider, model, open) -> Gauge.builder("longshore.breaker.open", open::getAsDouble)
                .description("Whether a model is left alone, but for trial calls")
                .tag("provider", provider)
                .tag("model", model)
                .register(metrics));
        throttle.onRefusedKey((provider, key) -> Counter.builder("longshore.key.refused")
                .description("Calls whose key the provider did not accept")
                .tag("provider", provider)
                .tag("key", Integer.toString(key))
                .register(metrics)
                .increment());
        return throttle;
    }

    @Produces
    @Singleton
    ThrottleExchange throttleExchange(
            Throttle throttle, ProviderBoard board, DataSource database, JobStore store, Membership membership) {
        return new ThrottleExchange(
                throttle, board, new PermitShares(database), store, membership::workerId, System::nanoTime);
    }

    @Produces
    @Singleton
    Attempts attempts(
            Routes routes,
            Throttle throttle,
            TokenCounter tokens,
            CountCheck counts,
            LiveTokens live,
            LongshoreSettings settings,
            ObjectMapper json,
            Recorder recorder,
            RunningAttempts running,
            AttemptMeter meter,
            DatabaseClock clock) {
        return new Attempts(
                routes,
                throttle,
                new Weighing(json, tokens),
                counts,
                live::of,
                new Policies(FromSettings.retryPolicies(settings), json),
                recorder::record,
                running,
                meter,
                clock,
                () -> ThreadLocalRandom.current().nextDouble());
    }

    @Produces
    @Singleton
    Membership membership(
            DataSource database,
            JobStore store,
            RunningAttempts running,
            DatabaseClock clock,
            LongshoreSettings settings) {
        return new Membership(
                new WorkerLease(database, settings.worker().lease()),
                store,
                running,
                clock,
                settings.worker().heartbeat(),
                settings.worker().lease(),
                processName(),
                settings.worker().slots());
    }

    @Produces
    @Singleton
    Intake intake(
            JobStore store,
            Persistence persistence,
            Slots slots,
            Attempts attempts,
            RunningAttempts running,
            Membership membership) {
        return new Intake(
                store,
                persistence,
                slots,
                attempts,
                running,
                membership::workerId,
                Thread.ofVirtual().name("attempt-", 0).factory());
    }

    @Produces
    @Singleton
    Producer<byte[], byte[]> producer(@Identifier("default-kafka-broker") Map<String, Object> kafka) {
        return RoadClients.producer(connection(kafka), "longshore-worker-" + processName());
    }

    void close(@Disposes Producer<byte[], byte[]> producer) {
        producer.close();
    }

    @Produces
    @Singleton
    Admin admin(@Identifier("default-kafka-broker") Map<String, Object> kafka) {
        return RoadClients.admin(connection(kafka), "longshore-worker-" + processName());
    }

    void close(@Disposes Admin admin) {
        admin.close();
    }

    @Produces
    @Singleton
    UnreadableTickets unreadable(Producer<byte[], byte[]> producer, MeterRegistry metrics) {
        return new UnreadableTickets(producer, metrics);
    }

    @Produces
    @Singleton
    ChoreLease choreLease(DataSource database) {
        return new ChoreLease(database, processName());
    }

    @Produces
    @Singleton
    FeederLoop feeder(
            JobStore store,
            Admin admin,
            Producer<byte[], byte[]> producer,
            LongshoreSettings settings,
            MeterRegistry metrics,
            ChoreLease lease) {
        Feeder feeder = new Feeder(
                store, new LaneGauge(admin), new TicketSender(producer), FromSettings.windows(settings), metrics);
        return new FeederLoop(feeder, lease);
    }

    @Produces
    @Singleton
    Rescuer rescuer(
            JobStore store, PredictionStore predictions, Routes routes, Attempts attempts, MeterRegistry metrics) {
        return new Rescuer(store, new Resumable(predictions, routes), attempts, metrics, firstShard() + SETTLERS);
    }

    @Produces
    @Singleton
    Abandoned abandoned(PredictionStore predictions, JobStore store, Routes routes, Membership membership) {
        return new Abandoned(predictions, store, routes, membership::workerId, firstShard() + SETTLERS);
    }

    @Produces
    @Singleton
    Retention retention(DataSource database, LongshoreSettings settings) {
        return new Retention(database, settings.retention().jobs());
    }

    @Produces
    @Singleton
    WorkerLife life(
            Intake intake,
            FeederLoop feeder,
            Deliverer deliverer,
            RunningAttempts running,
            Recorder recorder,
            ThrottleExchange exchange,
            Membership membership,
            LongshoreSettings settings) {
        return new WorkerLife(
                intake,
                feeder,
                deliverer,
                running,
                recorder,
                exchange,
                membership,
                settings.worker().drain());
    }

    private static int firstShard() {
        return (int) (ProcessHandle.current().pid() % SHARD_GROUPS) * (SETTLERS + 1);
    }

    /// Process id and host: unique among the workers that are alive.
    private static String processName() {
        return ManagementFactory.getRuntimeMXBean().getName();
    }

    /// The framework's map also holds what is meant for its own channels; the connection is all that our
    /// clients share.
    private static Map<String, Object> connection(Map<String, Object> kafka) {
        Map<String, Object> connection = new HashMap<>();
        kafka.forEach((key, value) -> {
            if (key.equals("bootstrap.servers")
                    || key.startsWith("security.")
                    || key.startsWith("sasl.")
                    || key.startsWith("ssl.")) {
                connection.put(key, value);
            }
        });
        return connection;
    }
}
