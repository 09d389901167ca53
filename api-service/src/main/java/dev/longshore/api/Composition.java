package dev.longshore.api;

import com.github.f4b6a3.uuid.factory.standard.TimeOrderedEpochFactory;
import dev.longshore.api.accept.AcceptMetrics;
import dev.longshore.api.accept.Acceptor;
import dev.longshore.api.accept.Backlogs;
import dev.longshore.api.accept.Lanes;
import dev.longshore.api.accept.Windows;
import dev.longshore.api.access.ApiKeys;
import dev.longshore.api.catalogue.Catalogue;
import dev.longshore.api.destinations.Destinations;
import dev.longshore.job.JobStore;
import dev.longshore.job.Partitions;
import dev.longshore.lane.Lane;
import dev.longshore.outbox.Outbox;
import dev.longshore.outbox.TenantNames;
import dev.longshore.prediction.PredictionStore;
import dev.longshore.provider.TokenCountErrors;
import dev.longshore.road.EventRelay;
import dev.longshore.road.EventSender;
import dev.longshore.road.RoadClients;
import dev.longshore.road.TicketSender;
import dev.longshore.settings.LongshoreSettings;
import dev.longshore.settings.Network;
import dev.longshore.tokens.TokenCounter;
import dev.longshore.view.JobReader;
import dev.longshore.view.JobTales;
import dev.longshore.webhook.AddressGuard;
import dev.longshore.webhook.DnsNames;
import dev.longshore.webhook.UrlCheck;
import dev.longshore.webhook.WebhookCaller;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.quarkus.virtual.threads.VirtualThreads;
import io.vertx.core.Vertx;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import javax.sql.DataSource;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.eclipse.microprofile.config.Config;

/// Makes what is made once, out of plain classes that know nothing of the framework. The one place that
/// reads the clock of the system.
@Singleton
final class Composition {
    private static final String CLIENT_ID = "longshore-api";
    private static final Duration LAST_TICKETS = Duration.ofSeconds(2);

    @Produces
    @Singleton
    InstantSource clock() {
        return Clock.systemUTC();
    }

    @Produces
    @Singleton
    TimeOrderedEpochFactory ids() {
        return new TimeOrderedEpochFactory(Clock.systemUTC());
    }

    @Produces
    @Singleton
    JobStore jobStore(DataSource database, EventRelay relay) {
        return new JobStore(database, relay);
    }

    @Produces
    @Singleton
    EventRelay eventRelay(DataSource database, Producer<byte[], byte[]> producer) {
        EventRelay relay = new EventRelay(
                new Outbox(database),
                new TenantNames(database),
                new EventSender(producer),
                Thread.ofVirtual().name("event-relay").factory());
        relay.start();
        return relay;
    }

    void closeEventRelay(@Disposes EventRelay relay) {
        relay.close();
    }

    @Produces
    @Singleton
    JobTales jobTales(DataSource database, JobReader reader) {
        return new JobTales(database, reader);
    }

    @Produces
    @Singleton
    PredictionStore predictions(DataSource database) {
        return new PredictionStore(database);
    }

    @Produces
    @Singleton
    Partitions partitions(DataSource database) {
        return new Partitions(database);
    }

    @Produces
    @Singleton
    ApiKeys apiKeys(DataSource database, @VirtualThreads ExecutorService blocking) {
        return new ApiKeys(database, blocking);
    }

    @Produces
    @Singleton
    Catalogue catalogue(LongshoreSettings settings) {
        return new Catalogue(settings.models());
    }

    @Produces
    @Singleton
    DnsNames names(LongshoreSettings settings) {
        return new DnsNames(settings.webhooks().nameServers().orElse(List.of()));
    }

    void closeNames(@Disposes DnsNames names) {
        names.close();
    }

    @Produces
    @Singleton
    Destinations destinations(
            LongshoreSettings settings, DnsNames names, @VirtualThreads ExecutorService blocking, InstantSource clock) {
        return new Destinations(openedNetworks(settings), names, blocking, clock);
    }

    @Produces
    @Singleton
    WebhookCaller webhookCaller(Vertx vertx, LongshoreSettings settings, DnsNames names, InstantSource clock) {
        return new WebhookCaller(vertx, new UrlCheck(new AddressGuard(openedNetworks(settings)), names), clock);
    }

    void closeCaller(@Disposes WebhookCaller caller) {
        caller.close();
    }

    private static List<Network> openedNetworks(LongshoreSettings settings) {
        return settings.webhooks().allowNetworks().orElse(List.of());
    }

    @Produces
    @Singleton
    TokenCounter tokenCounter() {
        return new TokenCounter();
    }

    @Produces
    @Singleton
    TokenCountErrors tokenCountErrors(DataSource database) {
        return new TokenCountErrors(database);
    }

    @Produces
    @Singleton
    JobReader jobReader(DataSource database, LongshoreSettings settings) {
        return new JobReader(database, settings.retention().jobs());
    }

    @Produces
    @Singleton
    Admin kafkaAdmin(Config config) {
        return RoadClients.admin(KafkaSettings.of(config), CLIENT_ID);
    }

    void closeAdmin(@Disposes Admin admin) {
        admin.close(Duration.ZERO);
    }

    @Produces
    @Singleton
    Producer<byte[], byte[]> kafkaProducer(Config config) {
        return RoadClients.producer(KafkaSettings.of(config), CLIENT_ID);
    }

    void closeProducer(@Disposes Producer<byte[], byte[]> producer) {
        producer.close(LAST_TICKETS);
    }

    @Produces
    @Singleton
    Windows windows(
            Admin admin, LongshoreSettings settings, @VirtualThreads ExecutorService blocking, MeterRegistry metrics) {
        var lanes = settings.lanes();
        Windows windows = new Windows(
                new Lanes(admin),
                Map.of(
                        Lane.INTERACTIVE, lanes.interactive().window(),
                        Lane.STANDARD, lanes.standard().window(),
                        Lane.BATCH, lanes.batch().window()),
                blocking);
        for (Lane lane : Lane.values()) {
            metrics.gauge("longshore.lane.depth", List.of(Tag.of("lane", lane.word())), windows, of -> {
                // Nothing else looks while no jobs come in, and the last number would stand for ever.
                of.readIfOld();
                return of.depth(lane);
            });
        }
        return windows;
    }

    @Produces
    @Singleton
    Backlogs backlogs(
            JobStore store,
            Windows windows,
            LongshoreSettings settings,
            @VirtualThreads ExecutorService blocking,
            MeterRegistry metrics) {
        var lanes = settings.lanes();
        Backlogs backlogs = new Backlogs(
                store,
                windows,
                Map.of(
                        Lane.INTERACTIVE, lanes.interactive().backlogLimit(),
                        Lane.STANDARD, lanes.standard().backlogLimit(),
                        Lane.BATCH, lanes.batch().backlogLimit()),
                blocking);
        for (Lane lane : Lane.values()) {
            metrics.gauge("longshore.lane.backlog", List.of(Tag.of("lane", lane.word())), backlogs, of -> {
                // As above.
                of.countIfOld(lane);
                return of.inBacklog(lane);
            });
        }
        return backlogs;
    }

    @Produces
    @Singleton
    Acceptor acceptor(
            JobStore store,
            Producer<byte[], byte[]> producer,
            Windows windows,
            Backlogs backlogs,
            @VirtualThreads ExecutorService blocking,
            MeterRegistry metrics) {
        return new Acceptor(store, new TicketSender(producer), windows, backlogs, blocking, new AcceptMetrics(metrics));
    }

    void closeAcceptor(@Disposes Acceptor acceptor) {
        acceptor.close();
    }
}
