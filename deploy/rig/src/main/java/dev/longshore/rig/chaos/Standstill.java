package dev.longshore.rig.chaos;

import dev.longshore.lane.Lane;
import dev.longshore.rig.Cluster;
import dev.longshore.rig.LaneOffsets;
import dev.longshore.rig.Service;
import dev.longshore.rig.proof.Rest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/// Waits for a system to come to rest, and says how it looks then.
final class Standstill implements AutoCloseable {
    /// As long as something ends or is seen through in each such stretch of time, the drain goes on.
    private static final Duration PROGRESS_WITHIN = Duration.ofSeconds(60);

    private static final Duration LONGEST_DRAIN = Duration.ofMinutes(15);

    /// From the last job's end to the last acknowledgement and the last look at a gauge.
    private static final Duration REST_WITHIN = Duration.ofSeconds(45);

    private static final long LOOK_MS = 250;

    /// What each service measures of itself that must be nothing when there is nothing to do.
    private static final List<String> EMPTY_AT_REST = List.of(
            "longshore_slots_taken",
            "longshore_accept_waiting",
            "longshore_waiters",
            "longshore_lane_depth",
            "longshore_lane_backlog",
            "longshore_webhook_in_flight");

    private final Cluster cluster;
    private final Bookkeeper books;
    private final NoticeBook notices;
    private final Workload workload;
    private final Consumer<String> say;
    private final HttpClient http = HttpClient.newHttpClient();

    Standstill(Cluster cluster, Bookkeeper books, NoticeBook notices, Workload workload, Consumer<String> say) {
        this.cluster = cluster;
        this.books = books;
        this.notices = notices;
        this.workload = workload;
        this.say = say;
    }

    /// Waits until all jobs are over and every client is content, as long as there is progress.
    ///
    /// @return what it waited for in vain; empty when all went well
    String drained() {
        long begun = System.nanoTime();
        long progress = begun;
        long least = Long.MAX_VALUE;
        while (true) {
            long left = workload.open();
            try {
                left += books.live();
            } catch (SQLException _) {
                left = Long.MAX_VALUE - 1;
            }
            long now = System.nanoTime();
            if (left == 0) {
                say.accept("drained after %.1f s".formatted((now - begun) / 1e9));
                return "";
            }
            if (left < least) {
                least = left;
                progress = now;
            }
            if (now - progress > PROGRESS_WITHIN.toNanos() || now - begun > LONGEST_DRAIN.toNanos()) {
                String stuck =
                        "%d s after the faults %d live jobs and open orders are left, and for %d s there was no progress"
                                .formatted(
                                        TimeUnit.NANOSECONDS.toSeconds(now - begun),
                                        left,
                                        TimeUnit.NANOSECONDS.toSeconds(now - progress));
                say.accept(stuck);
                return stuck;
            }
            Pause.millis(LOOK_MS);
        }
    }

    /// Sends the clients home; returns when they are there.
    void sendHome() {
        workload.giveUp();
        long giveUp = System.nanoTime() + PROGRESS_WITHIN.toNanos();
        while (workload.open() > 0 && System.nanoTime() < giveUp) {
            Pause.millis(LOOK_MS);
        }
    }

    /// Looks at lanes, gauges and tables until all are empty or the time is over.
    ///
    /// @param stuck what was waited for in vain before
    Rest rest(String stuck) throws InterruptedException {
        long begun = System.nanoTime();
        while (true) {
            NoticeBook.Left left = left();
            Rest now = new Rest(
                    stuck, unread(), gauges(), cluster.simulator().stats().all().open(), left.untold(), left.claimed());
            long passed = System.nanoTime() - begun;
            if (now.isEmpty()) {
                say.accept("at rest after %.1f s more".formatted(passed / 1e9));
                return now;
            }
            if (passed > REST_WITHIN.toNanos()) {
                say.accept("not at rest after %.1f s more".formatted(passed / 1e9));
                sayWhereUnread();
                return now;
            }
            Pause.millis(LOOK_MS);
        }
    }

    private NoticeBook.Left left() {
        try {
            return notices.left();
        } catch (SQLException _) {
            return new NoticeBook.Left(-1, -1);
        }
    }

    private Map<String, Long> unread() throws InterruptedException {
        Map<String, Long> unread = new TreeMap<>();
        try (Admin admin = admin()) {
            for (Lane lane : Lane.values()) {
                try {
                    unread.put(lane.word(), new LaneOffsets(admin).unread(lane));
                } catch (ExecutionException | TimeoutException _) {
                    unread.put(lane.word() + ", which cannot be read", -1L);
                }
            }
        }
        return unread;
    }

    private Admin admin() {
        return Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, cluster.bootstrapServers()));
    }

    private void sayWhereUnread() throws InterruptedException {
        try (Admin admin = admin()) {
            for (Lane lane : Lane.values()) {
                new LaneOffsets(admin).whereUnread(lane).forEach(say);
            }
        } catch (ExecutionException | TimeoutException e) {
            say.accept("the lanes cannot be read: " + e);
        }
    }

    private Map<String, Double> gauges() throws InterruptedException {
        Map<String, Double> gauges = new TreeMap<>();
        for (Service service : cluster.standing()) {
            String name = service.process().name();
            String page = metrics(service);
            if (page.isEmpty()) {
                gauges.put(name + " cannot be asked", 1.0);
            }
            for (String gauge : EMPTY_AT_REST) {
                OptionalDouble value = page.lines()
                        .filter(line -> line.startsWith(gauge + "{") || line.startsWith(gauge + " "))
                        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                        .reduce(Double::sum);
                value.ifPresent(sum -> gauges.put(name + " " + gauge, sum));
            }
        }
        return gauges;
    }

    private String metrics(Service service) throws InterruptedException {
        try {
            var request = HttpRequest.newBuilder(URI.create(service.address() + "/q/metrics"))
                    .timeout(Duration.ofSeconds(5))
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException _) {
            return "";
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
