package dev.longshore.rig.chaos;

import dev.longshore.rig.proof.Notice;
import dev.longshore.rig.proof.Told;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Has sent again what receivers missed while they were ill, as their owners would; the schedule would do it
/// some minutes later.
final class Redelivery {
    /// What a worker had claimed when it was killed is left alone for a minute. The rest is what receivers that have
    /// failed are spared for.
    private static final Duration LONGEST = Duration.ofSeconds(120);

    /// What is due sooner comes by itself.
    private static final Duration SOON = Duration.ofSeconds(2);

    private static final Duration ASK_AGAIN = Duration.ofSeconds(10);
    private static final long LOOK_MS = 500;

    private final NoticeBook books;
    private final Caller caller;
    private final InstantSource clock;
    private final Consumer<String> say;
    private final Map<String, Long> asked = new HashMap<>();

    Redelivery(NoticeBook books, Caller caller, InstantSource clock, Consumer<String> say) {
        this.books = books;
        this.caller = caller;
        this.clock = clock;
        this.say = say;
    }

    /// Returns when everything has arrived that can, or after all patience.
    void untilAllHasArrived() throws SQLException {
        long begun = System.nanoTime();
        int most = 0;
        while (true) {
            List<Notice> open = books.open();
            most = Math.max(most, open.size());
            Duration passed = Duration.ofNanos(System.nanoTime() - begun);
            if (open.isEmpty() || passed.compareTo(LONGEST) > 0) {
                say.accept("%d notices had not arrived, of which %d were asked for; %d are left after %.1f s"
                        .formatted(most, asked.size(), open.size(), passed.toMillis() / 1e3));
                return;
            }
            open.forEach(this::ask);
            Pause.millis(LOOK_MS);
        }
    }

    private void ask(Notice notice) {
        if (notice.status().equals("failed") && notice.endpoint() != null) {
            if (isTime(notice.endpoint())) {
                answered(notice.endpoint(), caller.recover(notice.tenant(), notice.endpoint()));
            }
        } else if (notice.claimedUntil() == null
                && notice.dueAt().isAfter(clock.instant().plus(SOON))
                && isTime(notice.id())) {
            answered(notice.id(), caller.redeliver(notice.tenant(), notice.id()));
        }
    }

    private boolean isTime(String what) {
        return clock.millis() - asked.getOrDefault(what, 0L) > ASK_AGAIN.toMillis();
    }

    private void answered(String what, Told told) {
        if (!told.isUnanswered()) {
            asked.put(what, clock.millis());
        }
    }
}
