package dev.longshore.worker.delivery;

import static dev.longshore.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.longshore.job.ClaimedJob;
import dev.longshore.job.NewJob.Webhook;
import dev.longshore.webhook.SigningSecret;
import dev.longshore.webhook.Verification;
import dev.longshore.worker.delivery.Receiver.Call;
import dev.longshore.worker.delivery.Receiver.Reply;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// Notices from the transaction that owes them to the receiver that has them.
class DelivererTest extends OnPostOffice {
    private static final String NOTICE = "SELECT status, tries, claimed_by, claimed_until FROM webhook_notice";

    @Test
    void whatAJobBecomesIsToldToItsEndpoint() throws Exception {
        try (Receiver receiver = Receiver.good()) {
            UUID endpoint = office.endpoint(receiver.url(), "job.complete", "job.failed");
            office.deliverer();
            ClaimedJob job = office.claimedJobs(1, null).getFirst();
            office.complete(List.of(job), "{\"choices\":[]}");

            awaitNotices("delivered", 1);

            assertThat(receiver.calls()).hasSize(1);
            Call call = receiver.calls().getFirst();
            var body = new ObjectMapper().readTree(call.body());
            assertThat(body.get("id").textValue()).isEqualTo(call.id()).startsWith("evt_");
            assertThat(body.get("type").textValue()).isEqualTo("job.complete");
            assertThat(body.get("data").get("job_id").textValue())
                    .isEqualTo(job.id().toString());
            assertThat(office.one(NOTICE)).isEqualTo("delivered 1 null null");
            assertThat(office.one("SELECT try, status_code, answer, error, latency_ms < 20000 FROM webhook_attempt"))
                    .isEqualTo("1 200 taken null t");
            assertThat(office.rows("SELECT * FROM webhook_receiver WHERE receiver_id = ?", endpoint))
                    .isEmpty();
        }
    }

    @Test
    void duringARotationBothSecretsSign() throws Exception {
        try (Receiver receiver = Receiver.good()) {
            UUID endpoint = office.endpoint(receiver.url(), "job.complete");
            office.execute("UPDATE webhook_secret SET expires_at = now() + interval '1 day'");
            SigningSecret fresh = office.secret(endpoint);
            office.execute(
                    "UPDATE webhook_secret SET expires_at = now() - interval '1 s' WHERE expires_at IS NOT NULL");
            SigningSecret ended = fresh;
            office.execute("UPDATE webhook_secret SET expires_at = now() + interval '1 h' WHERE expires_at IS NULL");
            SigningSecret newest = office.secret(endpoint);
            office.notices(endpoint, 1);
            office.deliverer();

            awaitNotices("delivered", 1);

            Call call = receiver.calls().getFirst();
            // Two of the three: the first has ended.
            assertThat(call.signature().split(" ")).hasSize(4);
            for (SigningSecret secret : List.of(ended, newest)) {
                assertThat(call.verified(secret.shared())).isEqualTo(Verification.GENUINE);
                assertThat(call.verified(secret.pair().publicKey())).isEqualTo(Verification.GENUINE);
            }
        }
    }

    @Test
    void aJobsOwnUrlIsSignedWithTheTenantsSecretWhichIsMadeWhenItIsMissing() throws Exception {
        try (Receiver receiver = Receiver.good()) {
            office.deliverer();
            Webhook webhook = new Webhook(UUID.randomUUID(), null, receiver.url(), List.of("job.complete"));
            office.complete(office.claimedJobs(1, webhook), "{}");

            awaitNotices("delivered", 1);

            String[] keys = office.one("""
                            SELECT encode(symmetric_key, 'base64'), encode(public_key, 'base64')
                              FROM webhook_secret
                             WHERE tenant_id = 1 AND endpoint_id IS NULL
                            """).split(" ");
            Call call = receiver.calls().getFirst();
            assertThat(call.verified(dev.longshore.webhook.VerifyingKey.read("whsec_" + keys[0])))
                    .isEqualTo(Verification.GENUINE);
            assertThat(call.verified(dev.longshore.webhook.VerifyingKey.read("whpk_" + keys[1])))
                    .isEqualTo(Verification.GENUINE);
        }
    }

    @Test
    void anotherTrySendsTheSameBytesUnderTheSameIdSignedAnew() throws Exception {
        try (Receiver receiver = new Receiver(call -> call.order() == 1 ? new Reply(500, "not now") : Reply.OK)) {
            office.endpoint(receiver.url(), "job.complete");
            office.deliverer();
            office.complete(office.claimedJobs(1, null), "{\"choices\":[]}");

            awaitOne("pending 1", "SELECT status, tries FROM webhook_notice WHERE claimed_until IS NULL AND tries = 1");
            assertThat(office.one("""
                            SELECT due_at - (SELECT at FROM webhook_attempt) BETWEEN interval '4 s' AND interval '30 s',
                                   claimed_by
                              FROM webhook_notice
                            """)).isEqualTo("t null");
            // What it becomes in between changes nothing of what was said.
            office.execute("DELETE FROM job_outcome");
            Call first = receiver.calls().getFirst();
            await().until(() -> java.time.Instant.now().getEpochSecond() > Long.parseLong(first.timestamp()));
            office.passWaits();

            awaitNotices("delivered", 1);
            Call second = receiver.calls().get(1);
            assertThat(second.id()).isEqualTo(first.id());
            assertThat(second.body()).isEqualTo(first.body());
            assertThat(second.timestamp()).isNotEqualTo(first.timestamp());
            assertThat(second.signature()).isNotEqualTo(first.signature());
            assertThat(office.rows("SELECT try, status_code, answer FROM webhook_attempt ORDER BY try"))
                    .containsExactly("1 500 not now", "2 200 taken");
            assertThat(office.rows("SELECT * FROM webhook_receiver")).isEmpty();
        }
    }

    @Test
    void theBodyIsStoredBeforeItIsSent() throws Exception {
        AtomicReference<String> stored = new AtomicReference<>();
        try (Receiver receiver = new Receiver(call -> {
            stored.set(office.one("SELECT body FROM webhook_notice"));
            return Reply.OK;
        })) {
            office.endpoint(receiver.url(), "job.complete");
            office.deliverer();
            office.complete(office.claimedJobs(1, null), "{}");

            awaitNotices("delivered", 1);
            assertThat(stored).hasValue(receiver.calls().getFirst().body());
        }
    }

    @Test
    void theTenthFailureIsTheLast() throws Exception {
        try (Receiver receiver = new Receiver(_ -> new Reply(404, "what?"))) {
            office.notices(office.endpoint(receiver.url(), "job.complete"), 1);
            office.deliverer();
            for (int tries = 1; tries < 10; tries++) {
                awaitOne(
                        Integer.toString(tries),
                        "SELECT coalesce(max(tries), 0) FROM webhook_notice WHERE claimed_until IS NULL");
                office.passRests();
                office.passWaits();
            }
            awaitNotices("failed", 1);
            assertThat(receiver.calls()).hasSize(10);
            assertThat(office.one("SELECT count(*), max(try) FROM webhook_attempt"))
                    .isEqualTo("10 10");
        }
    }

    @Test
    void aReceiverThatAsksForTimeIsLeftAloneByAllNotices() throws Exception {
        try (Receiver receiver =
                new Receiver(call -> call.order() == 1 ? new Reply(429, "", "retry-after", "120") : Reply.OK)) {
            UUID endpoint = office.endpoint(receiver.url(), "job.complete");
            office.notices(endpoint, 1);
            office.deliverer();
            awaitOne("1", "SELECT count(*) FROM webhook_receiver");
            office.notices(endpoint, 20);
            office.call();

            // Enough looks have been made when others have been served since.
            try (Receiver other = Receiver.good()) {
                office.notices(office.endpoint(other.url(), "job.complete"), 1);
                office.call();
                await().atMost(PATIENCE).until(() -> other.calls().size() == 1);
            }
            assertThat(receiver.calls()).hasSize(1);
            assertThat(office.one("""
                            SELECT open_until - now() > interval '100 s', (SELECT max(due_at) - now() > interval '100 s' FROM webhook_notice)
                              FROM webhook_receiver
                            """)).isEqualTo("t t");

            office.passRests();
            office.passWaits();
            awaitNotices("delivered", 22);
            assertThat(office.rows("SELECT * FROM webhook_receiver")).isEmpty();
        }
    }

    @Test
    void goneSwitchesTheEndpointOffAndEndsWhatIsOwed() throws Exception {
        try (Receiver receiver = new Receiver(_ -> new Reply(410, "bye"))) {
            UUID endpoint = office.endpoint(receiver.url(), "job.complete");
            office.notices(endpoint, 1);
            office.execute("""
                    INSERT INTO webhook_notice (receiver_id, endpoint_id, seq, happened_at, due_at, tenant_id, type, body)
                    SELECT ?, ?, 1, now(), now() + interval '1 hour', 1, 'job.complete', '{}' FROM generate_series(1, 7)
                    """, endpoint, endpoint);
            office.deliverer();

            awaitNotices("failed", 8);
            assertThat(receiver.calls()).hasSize(1);
            assertThat(office.one("SELECT status, disabled_reason FROM webhook_endpoint"))
                    .isEqualTo("disabled It answered 410 Gone.");
            assertThat(office.metrics
                            .counter("longshore.webhook.endpoints.disabled", "reason", "gone")
                            .count())
                    .isEqualTo(1);
        }
    }

    @Test
    void aJobsOwnUrlThatIsGoneEndsThatNoticeOnly() throws Exception {
        try (Receiver receiver = new Receiver(call -> call.order() == 1 ? new Reply(410, "bye") : Reply.OK)) {
            UUID origin = UUID.randomUUID();
            office.noticeTo(origin, receiver.url());
            office.deliverer();
            awaitNotices("failed", 1);
            office.noticeTo(origin, receiver.url());
            office.call();
            awaitNotices("delivered", 1);
        }
    }

    @Test
    void anEndpointThatHasOnlyFailedForFiveDaysIsSwitchedOff() throws Exception {
        double before = disabledFailing();
        try (Receiver receiver = new Receiver(_ -> new Reply(500, ""))) {
            UUID endpoint = office.endpoint(receiver.url(), "job.complete");
            office.execute("""
                    INSERT INTO webhook_receiver (receiver_id, tenant_id, endpoint_id, consecutive_failures, failing_since)
                    VALUES (?, 1, ?, 40, now() - interval '5 days')
                    """, endpoint, endpoint);
            office.notices(endpoint, 3);
            office.deliverer();

            awaitNotices("failed", 3);
            assertThat(receiver.calls()).hasSize(1);
            assertThat(office.one("SELECT status, disabled_reason FROM webhook_endpoint"))
                    .isEqualTo("disabled All deliveries have failed for 5 days.");
            // Should it be switched on again, it begins anew.
            assertThat(office.rows("SELECT * FROM webhook_receiver")).isEmpty();
            assertThat(disabledFailing()).isEqualTo(before + 1);
        }
    }

    private double disabledFailing() {
        return office.metrics
                .counter("longshore.webhook.endpoints.disabled", "reason", "failing")
                .count();
    }

    @Test
    void noticesToAnEndpointThatWasSwitchedOffOrDeletedAreEndedUnsent() throws Exception {
        try (Receiver receiver = Receiver.good()) {
            UUID off = office.endpoint(receiver.url(), "job.complete");
            UUID deleted = office.endpoint(receiver.url(), "job.complete");
            office.notices(off, 3);
            office.notices(deleted, 4);
            office.execute(
                    "UPDATE webhook_endpoint SET status = 'disabled', disabled_at = now() WHERE endpoint_id = ?", off);
            office.execute("DELETE FROM webhook_endpoint WHERE endpoint_id = ?", deleted);
            office.deliverer();

            awaitNotices("failed", 7);
            assertThat(receiver.calls()).isEmpty();
        }
    }

    @Test
    void theSweepEndsAlsoWhatIsNotYetDue() throws Exception {
        UUID off = office.endpoint("http://127.0.0.1:9/", "job.complete");
        UUID on = office.endpoint("http://127.0.0.1:9/", "job.complete");
        office.notices(off, 3);
        office.notices(on, 2);
        office.execute("UPDATE webhook_notice SET due_at = now() + interval '1 hour'");
        office.execute("INSERT INTO webhook_receiver (receiver_id, tenant_id, endpoint_id) VALUES (?, 1, ?)", off, off);
        office.execute(
                "UPDATE webhook_endpoint SET status = 'disabled', disabled_at = now() WHERE endpoint_id = ?", off);

        assertThat(new SwitchOff(office.database(), new DeliveryMeter(office.metrics)).runOnce())
                .isEqualTo(1);

        assertThat(office.rows("SELECT status, count(*) FROM webhook_notice GROUP BY status ORDER BY status"))
                .containsExactly("failed 3", "pending 2");
        assertThat(office.rows("SELECT * FROM webhook_receiver")).isEmpty();
    }

    @Test
    void anAddressThatMayNotBeCalledIsNotCalledAndTheLogSaysWhy() throws Exception {
        office.notices(office.endpoint("http://169.254.169.254/latest/meta-data", "job.complete"), 1);
        office.deliverer();

        awaitOne(
                "null The URL's address is a link-local address (RFC 3927), which webhooks may not call.",
                "SELECT max(status_code), max(error) FROM webhook_attempt");
        assertThat(office.one("SELECT status FROM webhook_notice")).isEqualTo("pending");
    }

    @Test
    void aStoryThatIsGoneIsNotToldAndIsNoFaultOfTheReceivers() throws Exception {
        try (Receiver receiver = Receiver.good()) {
            UUID endpoint = office.endpoint(receiver.url(), "job.complete");
            office.execute("""
                    INSERT INTO webhook_notice (job_id, receiver_id, endpoint_id, seq, happened_at, due_at, tenant_id, type)
                    VALUES (uuidv7(), ?, ?, 1, now(), now(), 1, 'job.complete')
                    """, endpoint, endpoint);
            office.deliverer();

            awaitNotices("failed", 1);
            assertThat(office.one("SELECT error FROM webhook_attempt")).isEqualTo("What this would tell of is gone.");
            assertThat(receiver.calls()).isEmpty();
            assertThat(office.rows("SELECT * FROM webhook_receiver")).isEmpty();
        }
    }

    @Test
    void whatADeadWorkerHadClaimedIsSentByAnother() throws Exception {
        try (Receiver receiver = Receiver.good()) {
            office.notices(office.endpoint(receiver.url(), "job.complete"), 1);
            office.execute("""
                    UPDATE webhook_notice
                       SET claimed_by = 77, claimed_until = now() + interval '1 second', due_at = now() + interval '1 second'
                    """);
            office.deliverer();

            awaitNotices("delivered", 1);
            assertThat(office.one("SELECT at >= happened_at + interval '900 ms' FROM webhook_attempt, webhook_notice"))
                    .isEqualTo("t");
        }
    }

    @Test
    void firstTriesBeginInTheOrderOfTheNotices() throws Exception {
        try (Receiver receiver = Receiver.good()) {
            UUID endpoint = office.endpoint(receiver.url(), "job.complete");
            // In trouble, but not dead: few at once, so that arriving tells of beginning.
            office.execute("""
                    INSERT INTO webhook_receiver (receiver_id, tenant_id, endpoint_id, consecutive_failures, failing_since)
                    VALUES (?, 1, ?, 5, now())
                    """, endpoint, endpoint);
            receiver.behave(call -> call.order() < 30 ? new Reply(500, "") : Reply.OK);
            office.notices(endpoint, 30);
            office.deliverer();
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(10)).until(() -> {
                office.passRests();
                return receiver.calls().size() >= 30;
            });

            assertThat(receiver.calls().stream().limit(30).map(Call::body))
                    .containsExactlyElementsOf(
                            office.rows("SELECT '{\"n\":' || n || '}' FROM generate_series(1, 30) AS n"));
        }
    }

    @Test
    void atADrainCallsUnderWayMayEndAndLongerOnesAreGivenBack() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (Receiver quick = Receiver.good();
                Receiver hanging = new Receiver(_ -> {
                    never.await();
                    return Reply.OK;
                })) {
            office.notices(office.endpoint(quick.url(), "job.complete"), 5);
            office.notices(office.endpoint(hanging.url(), "job.complete"), 5);
            office.deliverer();
            awaitNotices("delivered", 5);
            await().atMost(PATIENCE).until(() -> hanging.open() == 5);

            office.stop(Duration.ofMillis(50));

            assertThat(office.rows("""
                            SELECT DISTINCT status, tries, claimed_by, claimed_until, due_at <= now()
                              FROM webhook_notice
                             WHERE status = 'pending'
                            """)).containsExactly("pending 0 null null t");
            // Another worker takes them at once.
            hanging.behave(_ -> Reply.OK);
            office.deliverer();
            awaitNotices("delivered", 10);
        } finally {
            never.countDown();
        }
    }

    @Test
    void aReceiverThatSaysNothingForLongIsToldInTheLog() throws SQLException, IOException {
        try (Receiver receiver = new Receiver(_ -> {
            throw new IOException("hangs up");
        })) {
            office.notices(office.endpoint(receiver.url(), "job.complete"), 1);
            office.deliverer();
            awaitOne(
                    "1",
                    "SELECT count(*) FROM webhook_attempt WHERE status_code IS NULL AND error LIKE 'the connection was%'");
        }
    }
}
