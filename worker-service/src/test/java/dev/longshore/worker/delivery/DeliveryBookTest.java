package dev.longshore.worker.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.webhook.CallOutcome;
import dev.longshore.webhook.CallOutcome.Answered;
import dev.longshore.worker.delivery.Claims.Share;
import dev.longshore.worker.delivery.DueReceivers.Range;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What is written of a try, also when the notice has moved on since.
class DeliveryBookTest extends OnPostOffice {
    private static final String NOTICE =
            "SELECT status, tries, claimed_by, finished_at IS NOT NULL FROM webhook_notice";
    private static final String LOG = "SELECT try, status_code FROM webhook_attempt ORDER BY try";

    private UUID endpoint;
    private Claims claims;
    private DeliveryBook book;

    @BeforeEach
    void oneNotice() throws SQLException {
        endpoint = office.endpoint("http://127.0.0.1:9/", "job.complete");
        office.notices(endpoint, 1);
        claims = new Claims(office.database());
        book = new DeliveryBook(office.database());
    }

    private Notice claim(int worker) throws SQLException {
        List<Notice> claimed = claims.claim(worker, Range.ALL, List.of(new Share(endpoint, 32)), 100);
        assertThat(claimed).hasSize(1);
        return claimed.getFirst();
    }

    private void letClaimsEnd() throws SQLException {
        office.execute(
                "UPDATE webhook_notice SET due_at = now() - interval '1 ms', claimed_until = now() - interval '1 ms'");
    }

    private static Done done(Notice notice, int status) {
        CallOutcome outcome = new Answered(status, "", Duration.ofMillis(5), null);
        return new Done(notice, Instant.now(), outcome, Ruling.of(outcome, notice.tries(), 0.5));
    }

    @Test
    void aClaimedNoticeIsNotClaimedAgainUntilItsClaimEnds() throws SQLException {
        claim(1);
        assertThat(claims.claim(2, Range.ALL, List.of(new Share(endpoint, 32)), 100))
                .isEmpty();
        letClaimsEnd();
        assertThat(claim(2).claimedBy()).isEqualTo(2);
    }

    /// It was found awake; then a call of before has ended, which put it to rest and made room.
    @Test
    void aReceiverThatWentToRestAfterItWasFoundIsLeftAlone() throws SQLException {
        assertThat(new DueReceivers(office.database()).find(Range.ALL, null, 10))
                .hasSize(1);
        office.execute("""
                INSERT INTO webhook_receiver (receiver_id, tenant_id, endpoint_id, consecutive_failures, failing_since, open_until)
                VALUES (?, 1, ?, 5, now(), now() + interval '1 hour')
                """, endpoint, endpoint);

        assertThat(claims.claim(1, Range.ALL, List.of(new Share(endpoint, 1)), 100))
                .isEmpty();
        office.passRests();
        assertThat(claim(1).receiverId()).isEqualTo(endpoint);
    }

    @Test
    void aFailureOfAClaimThatEndedIsLoggedAndChangesNothingElse() throws SQLException {
        Notice late = claim(1);
        letClaimsEnd();
        claim(2);

        book.write(List.of(done(late, 500)));

        assertThat(office.one(NOTICE)).isEqualTo("pending 1 2 f");
        assertThat(office.rows(LOG)).containsExactly("1 500");
    }

    @Test
    void aDeliveryCountsWhoeverMadeIt() throws SQLException {
        Notice late = claim(1);
        letClaimsEnd();
        Notice again = claim(2);

        book.write(List.of(done(late, 200)));
        assertThat(office.one(NOTICE)).isEqualTo("delivered 1 null t");

        book.write(List.of(done(again, 500)));
        assertThat(office.one(NOTICE)).isEqualTo("delivered 2 null t");
        assertThat(office.rows(LOG)).containsExactly("1 200", "2 500");
    }

    @Test
    void aTryThatEndsAfterTheNoticeWasEndedDoesNotReviveIt() throws SQLException {
        Notice notice = claim(1);
        office.execute("UPDATE webhook_notice SET status = 'failed', finished_at = now()");

        book.write(List.of(done(notice, 500)));

        assertThat(office.one("SELECT status FROM webhook_notice")).isEqualTo("failed");
    }

    @Test
    void whatWasGivenBackIsDueAtOnceAndOnlyByItsOwnClaim() throws SQLException {
        Notice notice = claim(1);
        letClaimsEnd();
        Notice again = claim(2);
        claims.handBack(List.of(notice));
        assertThat(office.one("SELECT claimed_by FROM webhook_notice")).isEqualTo("2");
        claims.handBack(List.of(again));
        assertThat(office.one("SELECT claimed_by, due_at <= now() FROM webhook_notice"))
                .isEqualTo("null t");
    }

    @Test
    void failuresAreCountedAndASuccessForgetsThem() throws SQLException {
        Notice first = claim(1);
        book.write(List.of(done(first, 500)));
        assertThat(office.one("SELECT consecutive_failures, open_until FROM webhook_receiver"))
                .isEqualTo("1 null");

        office.passWaits();
        Notice second = claim(1);
        book.write(List.of(done(second, 200)));
        assertThat(office.rows("SELECT * FROM webhook_receiver")).isEmpty();
    }

    @Test
    void theFifthFailureInARowBringsARest() throws SQLException {
        office.notices(endpoint, 5);
        List<Notice> claimed = claims.claim(1, Range.ALL, List.of(new Share(endpoint, 32)), 100);

        book.write(
                claimed.subList(0, 4).stream().map(notice -> done(notice, 500)).toList());
        assertThat(office.one("SELECT consecutive_failures, open_until FROM webhook_receiver"))
                .isEqualTo("4 null");

        book.write(List.of(done(claimed.get(4), 500)));
        assertThat(office.one("""
                        SELECT consecutive_failures, open_until - now() BETWEEN interval '3 s' AND interval '5 s'
                          FROM webhook_receiver
                        """)).isEqualTo("5 t");
    }

    @Test
    void onlyFailuresAfterTheLastSuccessOfAGroupCount() throws SQLException {
        office.notices(endpoint, 5);
        List<Notice> claimed = claims.claim(1, Range.ALL, List.of(new Share(endpoint, 32)), 100);
        book.write(List.of(done(claimed.get(0), 500)));

        book.write(List.of(done(claimed.get(1), 500), done(claimed.get(2), 200), done(claimed.get(3), 500)));

        assertThat(office.one("SELECT consecutive_failures FROM webhook_receiver"))
                .isEqualTo("1");
    }

    @Test
    void ofAnOriginTheSecretPathIsNotKept() throws SQLException {
        UUID origin = UUID.randomUUID();
        office.noticeTo(origin, "https://hook.here.example:8443/secret?token=x");
        Notice notice =
                claims.claim(1, Range.ALL, List.of(new Share(origin, 32)), 100).getFirst();

        book.write(List.of(done(notice, 500)));

        assertThat(office.one("SELECT origin, endpoint_id FROM webhook_receiver"))
                .isEqualTo("https://hook.here.example:8443 null");
    }
}
