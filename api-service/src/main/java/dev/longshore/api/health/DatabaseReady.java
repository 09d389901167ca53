package dev.longshore.api.health;

import dev.longshore.api.accept.Windows;
import dev.longshore.road.EventFeed;
import io.quarkus.virtual.threads.VirtualThreads;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/// Ready means that jobs can be accepted, and for that PostgreSQL is needed and Kafka is not: without
/// the broker jobs go to the backlog, which is told here and no reason to send callers elsewhere.
@Readiness
@Singleton
final class DatabaseReady implements HealthCheck {
    /// Whoever asks wants to know now; a database that takes longer is as good as none.
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final int VALIDATION_SECONDS = 2;

    private final DataSource database;
    private final Windows windows;
    private final EventFeed feed;
    private final ExecutorService blocking;

    DatabaseReady(DataSource database, Windows windows, EventFeed feed, @VirtualThreads ExecutorService blocking) {
        this.database = database;
        this.windows = windows;
        this.feed = feed;
        this.blocking = blocking;
    }

    @Override
    public HealthCheckResponse call() {
        windows.readIfOld();
        boolean up = answers();
        return HealthCheckResponse.named("jobs can be accepted")
                .withData("postgresql", up ? "up" : "down")
                .withData("kafka", windows.roadIsOpen() ? "up" : "down")
                // Without it readers of events and those who wait for results learn of things a second late.
                .withData("event_feed", feed.state().name().toLowerCase(Locale.ROOT))
                .status(up)
                .build();
    }

    private boolean answers() {
        try {
            return CompletableFuture.supplyAsync(this::valid, blocking).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException _) {
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean valid() {
        try (Connection connection = database.getConnection()) {
            return connection.isValid(VALIDATION_SECONDS);
        } catch (SQLException _) {
            return false;
        }
    }
}
