package dev.longshore.api.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.JobId;
import dev.longshore.job.JobStatus;
import dev.longshore.outbox.EventSequence;
import dev.longshore.road.JobNews.Progress;
import dev.longshore.road.JobNews.Token;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SpeechesTest {
    private final AtomicLong nanos = new AtomicLong(5);
    private final Speeches speeches = new Speeches(Speeches.MOST, nanos::get);

    private static Token token(JobId job, int epoch, int count, String text) {
        return new Token(job, EventSequence.said(epoch, count), text);
    }

    private String from(int epoch, int first) {
        return speeches.from(Lives.JOB, epoch, first)
                .map(part -> part.frames().toString())
                .orElse("");
    }

    @Test
    void piecesAreToldAgainAsTheyWereToldFirst() {
        StringBuilder first = new StringBuilder();
        String[] texts = {"Hel", "lo ", "", "\"\u20ac\"", "\n", "\ud83d\ude00"};
        for (int i = 0; i < texts.length; i++) {
            Token token = token(Lives.JOB, 3, i + 1, texts[i]);
            first.append(Frames.of(token));
            speeches.add(token);
        }
        Progress progress = new Progress(Lives.JOB, EventSequence.said(3, texts.length + 1), 0.5, "half \"done\"");
        first.append(Frames.of(progress));
        speeches.add(progress);

        assertThat(from(3, 1)).isEqualTo(first.toString());
        assertThat(first.toString()).endsWith(from(3, 4));
        assertThat(from(3, texts.length + 2)).isEmpty();
        assertThat(from(2, 1)).isEmpty();
    }

    @Test
    void onlyWhatIsWholeIsKept() {
        speeches.add(token(Lives.JOB, 1, 2, "begun before we listened"));
        assertThat(speeches.has(Lives.JOB)).isFalse();

        speeches.add(token(Lives.JOB, 2, 1, "a"));
        speeches.add(token(Lives.JOB, 2, 2, "b"));
        speeches.add(token(Lives.JOB, 2, 1, "told twice"));
        assertThat(from(2, 1)).contains("\"a\"").contains("\"b\"").doesNotContain("twice");
        speeches.add(token(Lives.JOB, 1, 3, "late, of an earlier call"));
        assertThat(from(2, 2)).contains("\"b\"");
        speeches.add(token(Lives.JOB, 2, 4, "after a gap"));
        assertThat(speeches.has(Lives.JOB)).isFalse();
        assertThat(speeches.size()).isZero();
    }

    @Test
    void aNewCallTakesThePlaceOfTheOld() {
        speeches.add(token(Lives.JOB, 1, 1, "old"));
        speeches.add(token(Lives.JOB, 2, 1, "new"));

        assertThat(from(2, 1)).contains("new");
        assertThat(from(1, 1)).isEmpty();
    }

    @Test
    void itIsForgottenWhenTheJobGoesOn() {
        speeches.add(token(Lives.JOB, 2, 1, "a"));
        speeches.over(Lives.JOB, EventSequence.of(1, JobStatus.QUEUED));
        speeches.over(Lives.JOB, EventSequence.of(2, JobStatus.PROCESSING));
        assertThat(speeches.has(Lives.JOB)).isTrue();

        speeches.over(Lives.JOB, EventSequence.of(2, JobStatus.COMPLETE));
        assertThat(speeches.has(Lives.JOB)).isFalse();
        assertThat(speeches.size()).isZero();
    }

    @Test
    void thoseThatWereSilentForTheLongestTimeGiveWay() {
        Speeches small = new Speeches(20_000, nanos::get);
        JobId[] jobs = new JobId[10];
        for (int i = 0; i < jobs.length; i++) {
            jobs[i] = new JobId(new UUID(i, i));
            small.add(token(jobs[i], 1, 1, "x".repeat(4_000)));
            if (i > 0) {
                small.add(token(jobs[0], 1, i + 1, "on"));
            }
        }
        assertThat(small.size()).isLessThanOrEqualTo(20_000);
        assertThat(small.has(jobs[0])).isTrue();
        assertThat(small.has(jobs[1])).isFalse();
        assertThat(small.has(jobs[9])).isTrue();
    }

    @Test
    void silenceIsTheEnd() {
        speeches.add(token(Lives.JOB, 1, 1, "a"));
        nanos.addAndGet(Duration.ofMinutes(11).toNanos());
        speeches.add(token(new JobId(new UUID(1, 1)), 1, 1, "another"));

        assertThat(speeches.has(Lives.JOB)).isFalse();
    }

    @Test
    void oneCallHasItsBounds() {
        speeches.add(token(Lives.JOB, 1, 1, "x".repeat(Speech.MOST_TEXT)));
        assertThat(speeches.has(Lives.JOB)).isTrue();
        speeches.add(token(Lives.JOB, 1, 2, "y"));
        assertThat(speeches.has(Lives.JOB)).isFalse();

        for (int i = 1; i <= Speech.MOST_PIECES; i++) {
            speeches.add(token(Lives.JOB, 2, i, "z"));
        }
        assertThat(speeches.has(Lives.JOB)).isTrue();
        speeches.add(token(Lives.JOB, 2, Speech.MOST_PIECES + 1, "z"));
        assertThat(speeches.has(Lives.JOB)).isFalse();
    }
}
