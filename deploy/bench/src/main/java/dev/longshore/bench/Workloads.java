package dev.longshore.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.longshore.bench.LoadGenerator.Load;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/// The work that Longshore is measured at, over its public API.
final class Workloads {
    private static final Duration LONGEST_DRAIN = Duration.ofMinutes(10);
    private static final String DONE = "SELECT coalesce(sum(completed), 0) FROM usage_total";

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Vertx vertx;
    private final String job;

    /// @param job the body of each submission
    Workloads(Vertx vertx, String job) {
        this.vertx = vertx;
        this.job = job;
    }

    /// W1: one job a POST.
    Load accept(RunningStack stack, int connections, Duration time) throws IOException {
        return new LoadGenerator(vertx, stack.port(), "/v1/jobs", stack.key(), job).run(connections, time);
    }

    /// W2: how fast the backlog drains. The first half warms the worker up and is not counted.
    ///
    /// @return jobs a second between the middle and the end
    double drain(RunningStack stack) throws IOException, SQLException, InterruptedException {
        long before = stack.number(DONE);
        long open = stack.number("SELECT count(*) FROM job_run");
        long firstSeen = 0;
        long firstCount = 0;
        long giveUp = System.nanoTime() + LONGEST_DRAIN.toNanos();
        while (System.nanoTime() < giveUp) {
            long done = stack.number(DONE) - before;
            if (done >= open / 2 && firstSeen == 0) {
                firstSeen = System.nanoTime();
                firstCount = done;
            }
            if (done >= open) {
                return (done - firstCount) / ((System.nanoTime() - firstSeen) / 1e9);
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        throw new IllegalStateException("the backlog did not drain within " + LONGEST_DRAIN);
    }

    /// What a whole life costs and how many a second there are, submission and work at once.
    record Life(double rate, Load load, double walBytes, double commits) {}

    Life life(RunningStack stack, int connections, Duration time)
            throws IOException, SQLException, InterruptedException {
        long before = stack.number(DONE);
        long wal = stack.number("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn");
        long commits = stack.number("SELECT xact_commit FROM pg_stat_database WHERE datname = 'longshore'");
        long begun = System.nanoTime();
        Load load = accept(stack, connections, time);
        while (stack.number(DONE) - before < load.accepted()) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        double jobs = load.accepted();
        return new Life(
                jobs / seconds,
                load,
                (stack.number("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn") - wal) / jobs,
                (stack.number("SELECT xact_commit FROM pg_stat_database WHERE datname = 'longshore'") - commits)
                        / jobs);
    }

    /// W3: from sending the POST to the provider receiving the call, at a light, steady load.
    Histogram lightLoad(RunningStack stack, int jobsPerSecond, Duration time) throws IOException, InterruptedException {
        simulator(stack, "DELETE", "/_sim/calls");
        URI jobs = URI.create("http://127.0.0.1:" + stack.port() + "/v1/jobs");
        HttpRequest post = HttpRequest.newBuilder(jobs)
                .header("authorization", "Bearer " + stack.key())
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(job))
                .build();
        Map<String, Long> sentAt = new ConcurrentHashMap<>();
        int count = (int) (jobsPerSecond * time.toSeconds());
        CountDownLatch answered = new CountDownLatch(count);
        try (ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor()) {
            for (int i = 0; i < count; i++) {
                clock.schedule(
                        () -> {
                            long now = System.currentTimeMillis();
                            http.sendAsync(post, HttpResponse.BodyHandlers.ofString())
                                    .thenAccept(answer -> {
                                        sentAt.put(jobId(answer.body()), now);
                                        answered.countDown();
                                    });
                        },
                        1_000L * i / jobsPerSecond,
                        TimeUnit.MILLISECONDS);
            }
            answered.await();
        }
        Histogram millis = new Histogram(TimeUnit.MINUTES.toMillis(1), 3);
        while (millis.getTotalCount() < count) {
            millis.reset();
            for (JsonNode call : json.readTree(simulator(stack, "GET", "/_sim/calls?limit=1000000"))
                    .path("data")) {
                Long sent = sentAt.get(call.path("job_id").asText());
                if (sent != null) {
                    millis.recordValue(Math.max(0, call.path("received_at").asLong() - sent));
                }
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        return millis;
    }

    private String jobId(String body) {
        try {
            return json.readTree(body).path("job_id").asText();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private String simulator(RunningStack stack, String method, String path) throws IOException, InterruptedException {
        URI address = URI.create("http://127.0.0.1:" + stack.simulatorPort() + path);
        HttpRequest request = HttpRequest.newBuilder(address)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }
}
