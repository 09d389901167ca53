package dev.longshore.worker.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.ClaimedJob;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// How soon a settlement is told, at two hundred a second, each to one endpoint. The figure is printed; what is
/// demanded here is that telling keeps up with settling, however fast this machine is at either.
class DeliveryRateTest extends OnPostOffice {
    private static final int A_SECOND = 200;
    private static final int SECONDS = 5;

    /// Before the figure is taken, so that it is not that of a program which has just been started.
    private static final int WARM_UP = 2_000;

    private static final int GROUP = 10;
    private static final String RESULT = "{\"text\":\"" + "x".repeat(2_000) + "\"}";

    @Test
    void twoHundredSettlementsASecondAreToldSoon() throws Exception {
        try (Receiver receiver = Receiver.good();
                ScheduledExecutorService settling = Executors.newSingleThreadScheduledExecutor()) {
            office.endpoint(receiver.url(), "job.complete");
            office.deliverer();
            for (int i = 0; i < WARM_UP / A_SECOND; i++) {
                office.complete(office.claimedJobs(A_SECOND, null), RESULT);
            }
            awaitNotices("delivered", WARM_UP);
            office.execute("DELETE FROM webhook_notice");
            List<ClaimedJob> jobs = office.claimedJobs(A_SECOND * SECONDS, null);
            CompletableFuture<Void> settled = new CompletableFuture<>();
            AtomicInteger next = new AtomicInteger();
            settling.scheduleAtFixedRate(
                    () -> settle(jobs, next, settled),
                    0,
                    TimeUnit.SECONDS.toMicros(GROUP) / A_SECOND,
                    TimeUnit.MICROSECONDS);
            settled.get(PATIENCE.plusSeconds(SECONDS).toSeconds(), TimeUnit.SECONDS);
            awaitNotices("delivered", jobs.size());

            List<Double> waits = office.rows("""
                            SELECT extract(epoch FROM a.at - n.happened_at) * 1000
                              FROM webhook_attempt a
                              JOIN webhook_notice n USING (notice_id)
                             WHERE a.try = 1
                             ORDER BY 1
                            """).stream().map(Double::valueOf).toList();
            System.out.printf(
                    "settlement to first delivery at %d/s: p50 %.0f ms, p99 %.0f ms, most %.0f ms%n",
                    A_SECOND, at(waits, 0.5), at(waits, 0.99), waits.getLast());
            assertThat(waits).hasSize(jobs.size());
            assertThat(office.one("""
                            SELECT count(*) FILTER (WHERE a.at < (SELECT max(happened_at) FROM webhook_notice)) > count(*) / 2
                              FROM webhook_attempt a
                             WHERE a.try = 1
                            """))
                    .as("most were told before the last had happened")
                    .isEqualTo("t");
        }
    }

    private void settle(List<ClaimedJob> jobs, AtomicInteger next, CompletableFuture<Void> settled) {
        int start = next.getAndAdd(GROUP);
        if (start >= jobs.size()) {
            settled.complete(null);
            return;
        }
        try {
            office.complete(jobs.subList(start, Math.min(start + GROUP, jobs.size())), RESULT);
        } catch (SQLException | RuntimeException e) {
            settled.completeExceptionally(e);
        }
    }

    private static double at(List<Double> sorted, double part) {
        return sorted.get((int) (part * (sorted.size() - 1)));
    }
}
