package dev.longshore.worker.delivery;

import static dev.longshore.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.worker.delivery.Receiver.Call;
import dev.longshore.worker.delivery.Receiver.Reply;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// No receiver keeps another waiting, and none is overrun.
class FairnessTest extends OnPostOffice {
    private static final int MANY = 10_000;

    @ParameterizedTest
    @ValueSource(strings = {"hangs", "fails", "refuses"})
    void tenThousandDueToADeadEndpointDoNotDelayAHealthyOne(String manner) throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (Receiver healthy = Receiver.good();
                Receiver dead = new Receiver(_ -> {
                    if (manner.equals("hangs")) {
                        over.await();
                    }
                    return new Reply(500, "");
                })) {
            if (manner.equals("refuses")) {
                dead.stop();
            }
            UUID to = office.endpoint(dead.url(), "job.complete");
            office.notices(to, MANY);
            office.deliverer();
            office.deliverer();
            await().atMost(PATIENCE)
                    .until(() -> manner.equals("hangs")
                            ? dead.open() > 0
                            : !office.one("SELECT count(*) FROM webhook_attempt")
                                    .equals("0"));

            UUID well = office.endpoint(healthy.url(), "job.complete");
            for (int i = 1; i <= 20; i++) {
                office.execute("""
                        INSERT INTO webhook_notice (receiver_id, endpoint_id, seq, happened_at, due_at, tenant_id, type, body)
                        VALUES (?, ?, 1, clock_timestamp(), clock_timestamp(), 1, 'job.complete', '{}')
                        """, well, well);
                office.call();
                int sent = i;
                await().atMost(PATIENCE)
                        .pollInterval(Duration.ofMillis(5))
                        .until(() -> healthy.calls().size() >= sent);
            }
            awaitOne("20", "SELECT count(*) FROM webhook_notice WHERE receiver_id = ? AND status = 'delivered'", well);

            List<String> waits = office.rows("""
                    SELECT (extract(epoch FROM a.at - n.happened_at) * 1000)::int
                      FROM webhook_attempt a
                      JOIN webhook_notice n USING (notice_id)
                     WHERE n.receiver_id = ?
                     ORDER BY 1
                    """, well);
            System.out.printf(
                    "beside %d notices to an endpoint that %s, a healthy one waited for %s ms%n", MANY, manner, waits);
            // All twenty were told while nearly all the others still waited for a first try.
            assertThat(Integer.parseInt(
                            office.one("SELECT count(*) FROM webhook_notice WHERE receiver_id = ? AND tries = 0", to)))
                    .isGreaterThan(MANY * 9 / 10);
        } finally {
            over.countDown();
        }
    }

    @Test
    void allWorkersTogetherKeepToTheMostOfAReceiver() throws Exception {
        Semaphore answers = new Semaphore(0);
        try (Receiver slow = new Receiver(_ -> {
            answers.acquire();
            return Reply.OK;
        })) {
            UUID endpoint = office.endpoint(slow.url(), "job.complete");
            office.notices(endpoint, 300);
            for (int i = 0; i < 3; i++) {
                office.deliverer();
            }
            await().atMost(PATIENCE).until(() -> slow.open() == ReceiverHealth.MOST_AT_ONCE);
            // Let them go on for a while, with places getting free one after the other.
            AtomicBoolean done = new AtomicBoolean();
            Thread.startVirtualThread(() -> {
                while (!done.get()) {
                    if (slow.open() >= ReceiverHealth.MOST_AT_ONCE - 1) {
                        answers.release();
                    }
                    Thread.onSpinWait();
                    Thread.yield();
                }
            });
            await().atMost(PATIENCE).until(() -> slow.calls().size() >= 150);
            done.set(true);
            answers.release(1_000);
            awaitNotices("delivered", 300);

            assertThat(slow.mostOpen()).isEqualTo(ReceiverHealth.MOST_AT_ONCE);
            // Each once.
            assertThat(slow.calls().stream().map(Call::id).distinct()).hasSize(300);
            assertThat(slow.calls()).hasSize(300);
        }
    }

    @Test
    void aDeadReceiverIsTriedOneAtATimeUntilOneGetsThrough() throws Exception {
        AtomicBoolean well = new AtomicBoolean();
        try (Receiver receiver = new Receiver(_ -> well.get() ? Reply.OK : new Reply(503, ""))) {
            UUID endpoint = office.endpoint(receiver.url(), "job.complete");
            office.notices(endpoint, 200);
            office.deliverer();
            awaitOne("t", "SELECT bool_and(open_until > now()) FROM webhook_receiver");
            awaitOne("0", "SELECT count(*) FROM webhook_notice WHERE claimed_until > now()");
            int atFirst = receiver.calls().size();
            // Those that were under way when it died, and no more.
            assertThat(atFirst).isLessThanOrEqualTo(2 * ReceiverHealth.MOST_AT_ONCE);

            for (int probe = 1; probe <= 3; probe++) {
                office.passRests();
                int expected = atFirst + probe;
                await().atMost(PATIENCE).until(() -> receiver.calls().size() >= expected);
                awaitOne("t", "SELECT bool_and(open_until > now()) FROM webhook_receiver");
                awaitOne("0", "SELECT count(*) FROM webhook_notice WHERE claimed_until > now()");
                assertThat(receiver.calls()).hasSize(expected);
            }
            // The others have lost nothing by waiting.
            assertThat(office.one("SELECT count(*) FROM webhook_notice WHERE tries = 0"))
                    .isEqualTo(Integer.toString(200 - receiver.calls().size()));

            well.set(true);
            office.passRests();
            office.passWaits();
            awaitNotices("delivered", 200);
        }
    }

    @Test
    void moreReceiversThanOneLookTakesAreAllServed() throws Exception {
        try (Receiver receiver = Receiver.good()) {
            for (int i = 0; i < 350; i++) {
                office.noticeTo(UUID.randomUUID(), receiver.url());
            }
            office.deliverer();
            awaitNotices("delivered", 350);
        }
    }

    @Test
    void receiversThatHangLeaveRoomForOthers() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (Receiver healthy = Receiver.good();
                Receiver hanging = new Receiver(_ -> {
                    over.await();
                    return Reply.OK;
                })) {
            for (int i = 0; i < 60; i++) {
                office.notices(office.endpoint(hanging.url(), "job.complete"), 100);
            }
            office.deliverer();
            // They would take two thousand if they could.
            await().atMost(PATIENCE).until(() -> hanging.open() > 800);

            office.notices(office.endpoint(healthy.url(), "job.complete"), 1);
            office.call();

            await().atMost(PATIENCE).until(() -> healthy.calls().size() == 1);
            assertThat(hanging.open()).isLessThan(Deliverer.MOST_IN_FLIGHT);
        } finally {
            over.countDown();
        }
    }
}
