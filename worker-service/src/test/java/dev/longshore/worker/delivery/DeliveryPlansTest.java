package dev.longshore.worker.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.Partitions;
import dev.longshore.worker.delivery.DueReceivers.Range;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The cost of a look follows the number of receivers, not of notices: the plans that were really run are read, beside
/// a hundred thousand notices owed to one endpoint, as many that are over, and partitions of a month.
class DeliveryPlansTest extends OnPostOffice {
    private static final int MANY = 100_000;
    private static final int FEW = 20;

    /// Pages. A look that read the notices of one receiver would touch many times as many.
    private static final int FEW_PAGES = 1_500;

    private static final Pattern PAGES = Pattern.compile("Buffers: shared hit=(\\d+)(?: read=(\\d+))?");
    private static final Pattern OPENED =
            Pattern.compile("on webhook_notice_(\\d{8})[^\\n]*\\(actual time[^\\n]*rows=[^\\n]*loops=[1-9]");

    private UUID dead;

    @BeforeEach
    void fill() throws SQLException {
        Instant now = Instant.now();
        for (int daysAgo = 8; daysAgo <= 32; daysAgo += 8) {
            new Partitions(office.database()).makeAhead(now.minus(Duration.ofDays(daysAgo)));
        }
        dead = office.endpoint("http://127.0.0.1:9/", "job.complete");
        office.notices(dead, MANY);
        UUID over = office.endpoint("http://127.0.0.1:9/", "job.complete");
        office.notices(over, MANY);
        office.execute(
                "UPDATE webhook_notice SET status = 'delivered', finished_at = now() WHERE receiver_id = ?", over);
        for (int i = 0; i < FEW; i++) {
            office.notices(office.endpoint("http://127.0.0.1:9/", "job.complete"), 3);
        }
        office.execute("VACUUM ANALYZE webhook_notice");
    }

    private String plan(String sql, Object... arguments) throws SQLException {
        try (Connection connection = office.database().getConnection();
                PreparedStatement statement =
                        connection.prepareStatement("EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) " + sql)) {
            for (int i = 0; i < arguments.length; i++) {
                if (arguments[i] instanceof Object[] array) {
                    String type = array instanceof UUID[] ? "uuid" : "int4";
                    statement.setArray(i + 1, connection.createArrayOf(type, array));
                } else {
                    statement.setObject(i + 1, arguments[i]);
                }
            }
            StringBuilder plan = new StringBuilder();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    plan.append(row.getString(1)).append('\n');
                }
            }
            return plan.toString();
        }
    }

    private static void assertFew(String plan) {
        Matcher pages = PAGES.matcher(plan);
        assertThat(pages.find()).as(plan).isTrue();
        int touched =
                Integer.parseInt(pages.group(1)) + (pages.group(2) == null ? 0 : Integer.parseInt(pages.group(2)));
        assertThat(touched).as(plan).isLessThan(FEW_PAGES);
        assertThat(plan).doesNotContain("Seq Scan");
    }

    private Object[] find(Range range) {
        UUID lowest = new UUID(0, 0);
        return new Object[] {range.from(), range.to(), lowest, range.from(), range.to(), range.from(), range.to(), 100};
    }

    @Test
    void findingHopsFromReceiverToReceiver() throws SQLException {
        assertFew(plan(DueReceivers.FIND, find(Range.ALL)));
    }

    @Test
    void aLookForWhatIsNewOpensTheDaysAroundNowOnly() throws SQLException {
        String plan = plan(DueReceivers.FIND, find(Range.today(Instant.now())));
        assertFew(plan);
        assertThat(OPENED.matcher(plan).results().map(day -> day.group(1)).distinct())
                .as(plan)
                .hasSizeBetween(1, 2);
    }

    @Test
    void claimingReadsWhatItTakes() throws SQLException {
        Range range = Range.today(Instant.now());
        String plan = plan(
                Claims.CLAIM,
                new UUID[] {dead},
                new Integer[] {32},
                Claims.LENGTH.toMillis(),
                range.from(),
                range.to(),
                100,
                1,
                Claims.LENGTH.toMillis(),
                Claims.LENGTH.toMillis());
        assertFew(plan);
        assertThat(office.one("SELECT count(*) FROM webhook_notice WHERE claimed_until IS NOT NULL"))
                .isEqualTo("32");
    }

    @Test
    void lookingForEndpointsThatAreOffHopsToo() throws SQLException {
        assertFew(plan(Endpoints.OFF));
    }
}
