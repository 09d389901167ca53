package dev.longshore.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PartitionsTest extends OnFreshDatabase {
    private static final List<String> TABLES =
            List.of("job", "job_outcome", "attempt", "job_note", "job_webhook", "webhook_notice", "webhook_attempt");

    private Partitions partitions;
    private LocalDate today;

    @BeforeEach
    void lookAtTheCalendar() {
        partitions = new Partitions(database.source());
        today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    }

    @Test
    void yesterdayToAWeekAheadIsThere() throws SQLException {
        partitions.makeAhead(now);

        for (String table : TABLES) {
            assertThat(days(table))
                    .containsAll(
                            today.minusDays(1).datesUntil(today.plusDays(8)).toList());
        }
    }

    @Test
    void aTableThatCameWithAnUpgradeGetsTheDaysThatTheOthersHave() throws SQLException {
        for (LocalDate day : days("webhook_notice")) {
            database.execute(
                    "DROP TABLE webhook_notice_" + day.format(java.time.format.DateTimeFormatter.BASIC_ISO_DATE));
        }

        partitions.makeAhead(now);

        assertThat(days("webhook_notice"))
                .containsExactlyInAnyOrderElementsOf(
                        today.minusDays(1).datesUntil(today.plusDays(8)).toList());
    }

    @Test
    void processesThatMakeThemAtOnceDoNoHarm() throws Exception {
        Instant later = now.plus(Duration.ofDays(100));
        List<Future<?>> makers = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 6; i++) {
                makers.add(threads.submit(() -> {
                    partitions.makeAhead(later);
                    return null;
                }));
            }
        }
        for (Future<?> maker : makers) {
            maker.get();
        }
        assertThat(days("job")).contains(today.plusDays(99), today.plusDays(107));
        assertThat(days("job_note")).contains(today.plusDays(99), today.plusDays(107));
    }

    @Test
    void makingThemWaitsForNobodyWhoReadsOrWrites() throws SQLException {
        try (Connection busy = database.source().getConnection()) {
            busy.setAutoCommit(false);
            busy.createStatement().execute("SELECT count(*) FROM job");
            busy.createStatement().execute("DELETE FROM job_outcome");

            partitions.makeAhead(now.plus(Duration.ofDays(200)));

            busy.rollback();
            busy.setAutoCommit(true);
        }
        assertThat(days("job")).contains(today.plusDays(207));
    }

    @Test
    void aDayPastRetentionIsDroppedWhole() throws SQLException {
        Instant longAgo = now.minus(Duration.ofDays(40));
        partitions.makeAhead(longAgo);
        ClaimedJob old = claimed(Draft.at(longAgo));
        settle(Endings.complete(old));
        ClaimedJob recent = claimed(Draft.at(now));
        settle(Endings.complete(recent));

        List<LocalDate> dropped = partitions.dropBefore(now.minus(Duration.ofDays(30)));

        assertThat(dropped).contains(LocalDate.ofInstant(longAgo, ZoneOffset.UTC));
        assertThat(days("job")).doesNotContainAnyElementsOf(dropped);
        assertThat(days("attempt")).doesNotContainAnyElementsOf(dropped);
        assertThat(database.end(old.id())).isNull();
        assertThat(attempts(old.id())).isZero();
        assertThat(end(recent.id()).status()).isEqualTo("complete");
        assertThat(partitions.dropBefore(now.minus(Duration.ofDays(30)))).isEmpty();
    }

    @Test
    void aDayWithALivingJobIsKept() throws SQLException {
        Instant longAgo = now.minus(Duration.ofDays(60));
        LocalDate day = LocalDate.ofInstant(longAgo, ZoneOffset.UTC);
        partitions.makeAhead(longAgo);
        ClaimedJob alive = claimed(Draft.at(longAgo));

        assertThat(partitions.dropBefore(now.minus(Duration.ofDays(30)))).doesNotContain(day);
        assertThat(settle(Endings.complete(alive))).isTrue();
        assertThat(partitions.dropBefore(now.minus(Duration.ofDays(30)))).contains(day);
    }

    @Test
    void aDayWithANoticeThatIsStillToBeSentIsKept() throws SQLException {
        Instant longAgo = now.minus(Duration.ofDays(120));
        LocalDate day = LocalDate.ofInstant(longAgo, ZoneOffset.UTC);
        partitions.makeAhead(longAgo);
        owe(JobId.lowestAt(longAgo), JobId.lowestAt(now));

        assertThat(partitions.dropBefore(now.minus(Duration.ofDays(30)))).doesNotContain(day);
        database.execute("UPDATE webhook_notice SET status = 'delivered', finished_at = now()");
        assertThat(partitions.dropBefore(now.minus(Duration.ofDays(30)))).contains(day);
    }

    @Test
    void aDayWithAJobOfWhichSomebodyIsStillToBeToldIsKept() throws SQLException {
        Instant longAgo = now.minus(Duration.ofDays(140));
        LocalDate day = LocalDate.ofInstant(longAgo, ZoneOffset.UTC);
        partitions.makeAhead(longAgo);
        owe(JobId.lowestAt(now), JobId.lowestAt(longAgo));

        assertThat(partitions.dropBefore(now.minus(Duration.ofDays(30)))).doesNotContain(day);
        database.execute("UPDATE webhook_notice SET status = 'failed', finished_at = now()");
        assertThat(partitions.dropBefore(now.minus(Duration.ofDays(30)))).contains(day);
    }

    private void owe(UUID notice, UUID job) throws SQLException {
        database.execute("""
                INSERT INTO webhook_notice (notice_id, job_id, receiver_id, endpoint_id, seq, happened_at, due_at, tenant_id, type)
                VALUES (?, ?, uuidv7(), uuidv7(), 1, now(), now(), 1, 'job.complete')
                """, notice, job);
    }

    @Test
    void aDayThatIsNotQuiteOverIsKept() throws SQLException {
        LocalDate day = today.minusDays(10);
        Instant endOfDay = day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
        partitions.makeAhead(endOfDay.minusSeconds(1));

        assertThat(partitions.dropBefore(endOfDay.minusMillis(1))).doesNotContain(day);
        assertThat(partitions.dropBefore(endOfDay)).contains(day);
    }

    @Test
    void droppingGivesWayToALongReader() throws SQLException {
        Instant longAgo = now.minus(Duration.ofDays(80));
        partitions.makeAhead(longAgo);
        try (Connection reader = database.source().getConnection()) {
            reader.setAutoCommit(false);
            reader.createStatement().execute("SELECT count(*) FROM job");

            assertThatThrownBy(() -> partitions.dropBefore(now.minus(Duration.ofDays(70))))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("lock timeout");

            reader.rollback();
            reader.setAutoCommit(true);
        }
        assertThat(partitions.dropBefore(now.minus(Duration.ofDays(70)))).isNotEmpty();
    }

    @Test
    void aJobOfADayWithoutPartitionsIsRefused() {
        Instant tooFar = now.plus(Duration.ofDays(1_000));

        assertThatThrownBy(() -> accept(Draft.at(tooFar))).isInstanceOf(SQLException.class);
    }

    private List<LocalDate> days(String table) throws SQLException {
        Stream<String> names = database
                .<String>all(
                        "SELECT right(c.relname, 8) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = ?::regclass",
                        row -> row.getString(1),
                        table)
                .stream();
        return names.map(name -> LocalDate.parse(name, java.time.format.DateTimeFormatter.BASIC_ISO_DATE))
                .toList();
    }
}
