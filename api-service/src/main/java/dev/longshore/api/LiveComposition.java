package dev.longshore.api;

import dev.longshore.api.watch.EventMetrics;
import dev.longshore.api.watch.JobListener;
import dev.longshore.api.watch.JobWatch;
import dev.longshore.api.watch.OpenReaders;
import dev.longshore.api.watch.Speeches;
import dev.longshore.road.EventFeed;
import dev.longshore.road.RoadClients;
import dev.longshore.settings.LongshoreSettings;
import dev.longshore.view.JobTales;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.virtual.threads.VirtualThreads;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.Config;
import org.jspecify.annotations.Nullable;

/// Makes what follows jobs while they run.
@Singleton
final class LiveComposition {
    private static final String CLIENT_ID = "longshore-api-events";

    /// The framework waits for requests that are under way before it ends anything, and streams end only when they are
    /// told to.
    private final AtomicReference<@Nullable Thread> atShutdown = new AtomicReference<>();

    @Produces
    @Singleton
    Speeches speeches(MeterRegistry metrics) {
        Speeches speeches = new Speeches(Speeches.MOST, System::nanoTime);
        metrics.gauge("longshore.events.kept.bytes", speeches, Speeches::size);
        return speeches;
    }

    @Produces
    @Singleton
    JobWatch jobWatch(
            DataSource database, JobTales tales, @VirtualThreads ExecutorService blocking, MeterRegistry metrics) {
        JobWatch watch = new JobWatch(database, tales, blocking, System::nanoTime);
        metrics.gauge("longshore.waiters", watch, JobWatch::waiting);
        return watch;
    }

    @Produces
    @Singleton
    EventFeed eventFeed(JobWatch watch, Speeches speeches, Config config, InstantSource clock, MeterRegistry metrics) {
        EventFeed feed = new EventFeed(
                () -> RoadClients.listener(KafkaSettings.of(config), CLIENT_ID),
                new JobListener(watch, speeches),
                clock,
                EventFeed.LINGER,
                Thread.ofPlatform().daemon().name("event-feed").factory());
        metrics.gauge("longshore.events.feed.lag", feed, EventFeed::lag);
        watch.whenBegun(feed::wake);
        feed.start();
        return feed;
    }

    void closeEventFeed(@Disposes EventFeed feed) {
        feed.close();
    }

    @Produces
    @Singleton
    OpenReaders openReaders(LongshoreSettings settings, JobWatch watch, Speeches speeches, MeterRegistry metrics) {
        OpenReaders readers = new OpenReaders(
                settings.events(),
                watch,
                speeches,
                new EventMetrics(metrics),
                Thread.ofVirtual().name("event-readers").factory(),
                System::nanoTime);
        metrics.gauge("longshore.events.readers", readers, OpenReaders::count);
        metrics.gauge("longshore.events.behind.bytes", readers, OpenReaders::behind);
        Runtime.getRuntime().addShutdownHook(atShutdown.updateAndGet(_ -> new Thread(readers::close, "end readers")));
        return readers;
    }

    void closeOpenReaders(@Disposes OpenReaders readers) {
        readers.close();
        try {
            Runtime.getRuntime().removeShutdownHook(atShutdown.get());
        } catch (IllegalStateException _) {
            // The process ends, and has called it.
        }
    }
}
