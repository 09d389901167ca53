package dev.longshore.worker.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.worker.delivery.DueReceivers.Range;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a look for due receivers reads.
class DueReceiversTest extends OnPostOffice {
    private static final int RECEIVERS = 20;
    private static final Pattern PAGES = Pattern.compile("shared(?: hit=(\\d+))?(?: read=(\\d+))?");

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLookCostsByReceiversNotByNotices(boolean today) throws Exception {
        Range range = today ? Range.today(Instant.now()) : Range.ALL;
        for (int i = 0; i < RECEIVERS; i++) {
            office.notices(office.endpoint("https://hook.example/" + i, "job.complete"), 5);
        }
        long few = pagesOfALook(range);

        for (UUID receiver : receivers()) {
            office.notices(receiver, 1_000);
        }

        assertThat(new DueReceivers(office.database()).find(range, null, 100)).hasSize(RECEIVERS);
        // The index has grown by a level.
        assertThat(pagesOfALook(range)).isLessThan(2 * few);
    }

    @Test
    void aLookAtTodayLeavesOtherDaysAlone() throws Exception {
        office.notices(office.endpoint("https://hook.example/", "job.complete"), 5);

        assertThat(pagesOfALook(Range.today(Instant.now()))).isLessThan(pagesOfALook(Range.ALL));
    }

    private List<UUID> receivers() throws SQLException {
        return office.rows("SELECT DISTINCT receiver_id FROM webhook_notice").stream()
                .map(UUID::fromString)
                .toList();
    }

    /// Of the whole statement, which its first line with pages has.
    private long pagesOfALook(Range range) throws SQLException {
        List<String> plan = office.rows(
                "EXPLAIN (ANALYZE, BUFFERS, TIMING OFF) " + DueReceivers.FIND,
                range.from(),
                range.to(),
                new UUID(0, 0),
                range.from(),
                range.to(),
                range.from(),
                range.to(),
                100);
        MatchResult first =
                PAGES.matcher(String.join("\n", plan)).results().findFirst().orElseThrow();
        return number(first.group(1)) + number(first.group(2));
    }

    private static long number(String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }
}
