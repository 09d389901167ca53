package dev.longshore.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.NewJob.Webhook;
import dev.longshore.outbox.EventSequence;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What is owed to webhooks is written by the transaction that makes it true, once for each change and receiver.
class NoticesTest extends OnFreshDatabase {
    private static final String EVERYTHING =
            "job.queued,job.processing,job.awaiting_review,job.complete,job.failed,job.cancelled";
    private static final UUID RECEIVER = UUID.fromString("0199a000-0000-3000-8000-000000000001");

    /// A notice, as far as tests look at it.
    private record Notice(
            String type,
            long seq,
            UUID receiver,
            @Nullable UUID endpoint,
            @Nullable String url) {
        static Notice of(ResultSet row) throws SQLException {
            return new Notice(
                    row.getString("type"),
                    row.getLong("seq"),
                    row.getObject("receiver_id", UUID.class),
                    row.getObject("endpoint_id", UUID.class),
                    row.getString("url"));
        }
    }

    @Test
    void everyChangeIsOwedOnceToEveryEndpointThatAskedForIt() throws SQLException {
        UUID all = endpoint(1, EVERYTHING, null);
        UUID ends = endpoint(1, "job.complete,job.failed", null);

        ClaimedJob job = running(Draft.at(now));
        settle(Endings.complete(job));

        assertThat(notices(job.id()))
                .containsExactlyInAnyOrder(
                        to(all, "job.queued", EventSequence.of(0, JobStatus.QUEUED)),
                        to(all, "job.processing", EventSequence.of(1, JobStatus.PROCESSING)),
                        to(all, "job.complete", EventSequence.of(1, JobStatus.COMPLETE)),
                        to(ends, "job.complete", EventSequence.of(1, JobStatus.COMPLETE)));
    }

    @Test
    void theNoticeIsThereAsSoonAsTheSettlementAndByTheSameTransaction() throws SQLException {
        endpoint(1, "job.complete", null);
        ClaimedJob job = running(Draft.at(now));

        settle(Endings.complete(job));

        assertThat(database.count("""
                        SELECT count(*)
                          FROM webhook_notice n
                          JOIN job_outcome o ON o.job_id = n.job_id
                         WHERE n.xmin = o.xmin
                        """)).isOne();
        assertThat(database.<String>all("SELECT status FROM webhook_notice", row -> row.getString(1)))
                .containsExactly("pending");
        assertThat(database.count(
                        "SELECT count(*) FROM webhook_notice WHERE due_at <= now() AND body IS NULL AND tries = 0"))
                .isOne();
    }

    @Test
    void aStepOfProgressIsOwedToWhoeverAskedForIt() throws SQLException {
        UUID asks = endpoint(1, "job.progress", null);
        UUID ofATeam = endpoint(1, "job.complete,job.progress", "{\"team\":\"search\"}");
        endpoint(1, EVERYTHING, null);
        endpoint(2, "job.progress", null);
        ClaimedJob plain = running(Draft.at(now));
        ClaimedJob own = running(
                Draft.at(now).labels("{\"team\":\"search\"}").webhook(url("https://example.com/x", "job.progress")));
        ClaimedJob named = running(Draft.at(now).webhook(named(asks, "job.progress")));
        database.execute("DELETE FROM webhook_notice");

        store.progress(List.of(
                new ProgressStep(plain.id(), 1, 0.25, null),
                new ProgressStep(own.id(), 1, 0.5, "half"),
                new ProgressStep(named.id(), 1, 0.75, null)));
        store.progress(List.of(new ProgressStep(plain.id(), 2, 0.9, "of a claim that is not")));

        long claim = EventSequence.of(1, JobStatus.PROCESSING);
        assertThat(notices(plain.id())).containsExactly(to(asks, "job.progress", claim));
        assertThat(notices(own.id()))
                .containsExactlyInAnyOrder(
                        to(asks, "job.progress", claim),
                        to(ofATeam, "job.progress", claim),
                        new Notice("job.progress", claim, RECEIVER, null, "https://example.com/x"));
        assertThat(notices(named.id())).as("once").containsExactly(to(asks, "job.progress", claim));
        assertThat(database.<String>all(
                        "SELECT DISTINCT progress || ' ' || coalesce(progress_message, '-') FROM webhook_notice ORDER BY 1",
                        row -> row.getString(1)))
                .containsExactly("0.25 -", "0.5 half", "0.75 -");
    }

    @Test
    void whatTakesNoEffectIsOwedToNobody() throws SQLException {
        endpoint(1, EVERYTHING, null);
        ClaimedJob job = running(Draft.at(now));
        settle(Endings.complete(job));
        List<Notice> before = notices(job.id());

        assertThat(settle(Endings.complete(job))).isFalse();
        assertThat(store.claim(worker, uuids(job.id()))).isEmpty();
        store.accept(List.of(Draft.at(now).id(job.id()).job()));

        assertThat(notices(job.id())).containsExactlyInAnyOrderElementsOf(before);
    }

    @Test
    void everyWayOfAJobIsTold() throws SQLException {
        endpoint(1, EVERYTHING, null);

        ClaimedJob failed = running(Draft.at(now));
        settle(Endings.bury(failed));
        assertThat(types(failed.id())).containsExactly("job.queued", "job.processing", "job.failed");
        store.replay(1, uuids(failed.id()), "test");
        assertThat(types(failed.id())).containsExactly("job.queued", "job.processing", "job.failed", "job.queued");

        JobId cancelled = accept(Draft.at(now));
        store.cancel(1, cancelled, "test");
        assertThat(types(cancelled)).containsExactly("job.queued", "job.cancelled");

        JobId expired = accept(Draft.at(now));
        database.passDeadline(expired);
        store.expire(10);
        assertThat(types(expired)).containsExactly("job.queued", "job.failed");

        ClaimedJob handedBack = running(Draft.at(now));
        settle(Endings.handBack(handedBack));
        assertThat(types(handedBack.id())).containsExactly("job.queued", "job.processing", "job.queued");

        ClaimedJob waited = running(Draft.at(now));
        settle(Endings.backOff(waited, Duration.ofHours(1)));
        assertThat(types(waited.id())).containsExactly("job.queued", "job.processing");
        database.passWait(waited.id());
        store.wake(10);
        assertThat(types(waited.id())).containsExactly("job.queued", "job.processing", "job.queued");
    }

    @Test
    void aFilterLetsPassWhatHasAllOfItsLabels() throws SQLException {
        UUID team = endpoint(1, EVERYTHING, "{\"team\":\"search\"}");
        UUID both = endpoint(1, "job.complete", "{\"team\":\"search\",\"env\":\"prod\"}");

        ClaimedJob some = running(Draft.at(now).labels("{\"team\":\"search\",\"x\":\"y\"}"));
        ClaimedJob all = running(Draft.at(now).labels("{\"team\":\"search\",\"env\":\"prod\"}"));
        ClaimedJob other = running(Draft.at(now).labels("{\"team\":\"ads\"}"));
        ClaimedJob none = running(Draft.at(now));
        store.settle(
                List.of(Endings.complete(some), Endings.complete(all), Endings.complete(other), Endings.complete(none)),
                0);

        // The first of them by the statement that writes the labels, too.
        assertThat(notices(some.id())).extracting(Notice::receiver).containsExactly(team, team, team);
        assertThat(notices(all.id())).extracting(Notice::receiver).containsExactlyInAnyOrder(team, team, team, both);
        assertThat(notices(other.id())).isEmpty();
        assertThat(notices(none.id())).isEmpty();
    }

    @Test
    void endpointsThatAreOffOrSomebodyElsesHearNothing() throws SQLException {
        UUID off = endpoint(1, EVERYTHING, null);
        database.execute(
                "UPDATE webhook_endpoint SET status = 'disabled', disabled_at = now() WHERE endpoint_id = ?", off);
        endpoint(2, EVERYTHING, null);

        ClaimedJob job = running(Draft.at(now).webhook(named(off, "job.complete")));
        settle(Endings.complete(job));

        assertThat(notices(job.id())).isEmpty();
    }

    @Test
    void aJobsOwnUrlHearsWhatItAskedFor() throws SQLException {
        ClaimedJob job = running(Draft.at(now).webhook(url("https://example.com/x", "job.queued", "job.complete")));
        ClaimedJob plain = running(Draft.at(now));
        store.settle(List.of(Endings.complete(job), Endings.complete(plain)), 0);

        assertThat(notices(job.id()))
                .containsExactly(
                        new Notice(
                                "job.queued",
                                EventSequence.of(0, JobStatus.QUEUED),
                                RECEIVER,
                                null,
                                "https://example.com/x"),
                        new Notice(
                                "job.complete",
                                EventSequence.of(1, JobStatus.COMPLETE),
                                RECEIVER,
                                null,
                                "https://example.com/x"));
        assertThat(notices(plain.id())).isEmpty();
    }

    @Test
    void anEndpointThatAJobNamesHearsOfItOnce() throws SQLException {
        UUID quiet = endpoint(1, "job.cancelled", null);
        UUID listening = endpoint(1, "job.complete", null);
        UUID elsewhere = endpoint(1, "job.complete", "{\"team\":\"search\"}");

        ClaimedJob one = running(Draft.at(now).webhook(named(quiet, "job.complete")));
        ClaimedJob other = running(Draft.at(now).webhook(named(listening, "job.complete")));
        ClaimedJob third = running(Draft.at(now).webhook(named(elsewhere, "job.complete")));
        store.settle(List.of(Endings.complete(one), Endings.complete(other), Endings.complete(third)), 0);

        assertThat(notices(one.id())).extracting(Notice::receiver).containsExactlyInAnyOrder(listening, quiet);
        assertThat(notices(other.id())).extracting(Notice::receiver).containsExactly(listening);
        assertThat(notices(third.id())).extracting(Notice::receiver).containsExactlyInAnyOrder(listening, elsewhere);
    }

    @Test
    void anEndpointThatIsGoneHearsNothing() throws SQLException {
        UUID gone = endpoint(1, "job.cancelled", null);
        ClaimedJob job = running(Draft.at(now).webhook(named(gone, "job.complete")));
        database.execute("DELETE FROM webhook_endpoint WHERE endpoint_id = ?", gone);

        assertThat(settle(Endings.complete(job))).isTrue();

        assertThat(notices(job.id())).isEmpty();
    }

    @Test
    void aReplayedJobKeepsItsWebhook() throws SQLException {
        ClaimedJob first = running(Draft.at(now).webhook(url("https://example.com/x", "job.failed", "job.complete")));
        settle(Endings.bury(first));
        store.replay(1, uuids(first.id()), "test");
        feedAll();
        settle(Endings.complete(claim(worker, first.id())));

        assertThat(types(first.id())).containsExactly("job.failed", "job.complete");
    }

    @Test
    void aRepetitionByKeyMakesNoSecondWebhook() throws SQLException {
        Draft draft = Draft.at(now).key("k", "body").webhook(url("https://example.com/x", "job.queued"));
        JobId id = accept(draft);

        List<Accepted> again = store.accept(List.of(Draft.at(now)
                .key("k", "body")
                .webhook(url("https://example.com/x", "job.queued"))
                .job()));

        assertThat(again).singleElement().isEqualTo(new Accepted.Replayed(id));
        assertThat(database.count("SELECT count(*) FROM job_webhook")).isOne();
        assertThat(types(id)).containsExactly("job.queued");
    }

    @Test
    void ofAGroupEveryJobIsToldOnceToEachOfItsReceivers() throws SQLException {
        endpoint(1, "job.complete", null);
        endpoint(1, "job.complete", null);
        endpoint(2, "job.complete", null);
        List<NewJob> jobs = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            Draft draft = Draft.at(now).tenant(1 + i % 3);
            jobs.add((i % 10 == 0 ? draft.webhook(url("https://example.com/" + i, "job.complete")) : draft).job());
        }
        store.accept(jobs);
        List<ClaimedJob> claimed =
                store.claim(worker, jobs.stream().map(job -> job.id().uuid()).toList());

        store.settle(claimed.stream().map(Endings::complete).toList(), 0);

        assertThat(database.count("SELECT count(*) FROM webhook_notice")).isEqualTo(100 * 2 + 100 + 30);
        assertThat(database.count("SELECT count(DISTINCT (job_id, receiver_id, seq)) FROM webhook_notice"))
                .isEqualTo(100 * 2 + 100 + 30);
        assertThat(
                        database.count(
                                "SELECT count(*) FROM webhook_notice n JOIN job j USING (job_id) WHERE n.tenant_id <> j.tenant_id"))
                .isZero();
    }

    @Test
    void theDatabaseNumbersEventsAsEventSequenceDoes() throws SQLException {
        for (JobStatus status : JobStatus.values()) {
            for (int epoch : new int[] {0, 1, 12_345, Integer.MAX_VALUE}) {
                assertThat(database.count("SELECT event_number(?, ?::job_status)", epoch, status.word()))
                        .as(epoch + " " + status)
                        .isEqualTo(EventSequence.of(epoch, status));
            }
        }
    }

    /// The commonest case by far, and the hottest path of all.
    @Test
    void forTenantsWhomNobodyListensToTheCostIsOneProbeATenant() throws SQLException {
        int tenants = 7;
        IntStream.rangeClosed(10, 40).forEach(this::endpointUnchecked);
        List<NewJob> jobs = new ArrayList<>();
        for (int i = 0; i < 70; i++) {
            jobs.add(Draft.at(now).tenant(1 + i % tenants).job());
        }
        try (var session = database.source().getConnection()) {
            PlanWatcher watcher = new PlanWatcher(session);
            session.createStatement().execute("SET auto_explain.log_nested_statements = on");
            new JobStore(watcher.source()).accept(jobs);

            List<String> nested = watcher.take().stream()
                    .filter(plan -> plan.contains("webhook"))
                    .toList();
            session.createStatement().execute("SET auto_explain.log_min_duration = -1");

            assertThat(nested).hasSizeGreaterThanOrEqualTo(1);
            String look = nested.stream()
                    .filter(plan -> plan.contains("listened_to"))
                    .findFirst()
                    .orElseThrow();
            assertThat(look)
                    .contains("webhook_endpoint_tenant")
                    .contains("loops=" + tenants)
                    .doesNotContain("Seq Scan");
            assertThat(PlanWatcher.mostRows(look)).isLessThanOrEqualTo(70);
            assertThat(nested).noneMatch(plan -> plan.contains("INSERT INTO webhook_notice"));
        }
    }

    /// What was replayed or handed back lies in the backlog, and new jobs of the tenant queue behind it.
    private ClaimedJob running(Draft draft) throws SQLException {
        JobId job = accept(draft);
        feedAll();
        return claim(worker, job);
    }

    private void endpointUnchecked(int tenant) {
        try {
            endpoint(tenant, EVERYTHING, null);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private UUID endpoint(int tenant, String events, @Nullable String filter) throws SQLException {
        return database.only("""
                INSERT INTO webhook_endpoint (endpoint_id, tenant_id, url, events, labels_filter)
                VALUES (uuidv7(), ?, 'https://example.com/hooks', string_to_array(?, ','), ?::jsonb)
                RETURNING endpoint_id
                """, row -> row.getObject(1, UUID.class), tenant, events, filter);
    }

    private static Webhook named(UUID endpoint, String... events) {
        return new Webhook(endpoint, endpoint, null, List.of(events));
    }

    private static Webhook url(String url, String... events) {
        return new Webhook(RECEIVER, null, url, List.of(events));
    }

    private static Notice to(UUID endpoint, String type, long seq) {
        return new Notice(type, seq, endpoint, endpoint, null);
    }

    /// In the order of what happened.
    private List<Notice> notices(JobId job) throws SQLException {
        return database.all("SELECT * FROM webhook_notice WHERE job_id = ? ORDER BY seq", Notice::of, job.uuid());
    }

    private List<String> types(JobId job) throws SQLException {
        return notices(job).stream().map(Notice::type).toList();
    }
}
