package dev.longshore.job;

import static dev.longshore.job.JobStatus.CANCELLED;
import static dev.longshore.job.JobStatus.COMPLETE;
import static dev.longshore.job.JobStatus.FAILED;
import static dev.longshore.job.JobStatus.PROCESSING;
import static dev.longshore.job.JobStatus.QUEUED;
import static dev.longshore.job.JobStatus.WAITING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.outbox.JobEvent;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The drawing in `common/README.md`, arrow by arrow, and everything that is no arrow.
class LifeOfAJobTest extends OnFreshDatabase {
    /// A state that a job can be brought into, and how.
    private enum State {
        BACKLOG(QUEUED),
        ON_THE_ROAD(QUEUED),
        SCHEDULED(WAITING),
        BACKING_OFF(WAITING),
        RUNNING(PROCESSING),
        STOPPING(PROCESSING),
        DONE(COMPLETE),
        DEAD_LETTER(FAILED),
        GIVEN_UP(CANCELLED);

        private final JobStatus status;

        State(JobStatus status) {
            this.status = status;
        }
    }

    /// What can happen to a job: each is one statement of [JobStore], as strong as it can be made.
    private enum Trigger {
        TICKET,
        FEED,
        UNDISPATCH,
        REISSUE,
        WAKE,
        EXPIRE,
        CANCEL,
        REPLAY,
        DISCARD,
        VERDICT_COMPLETE,
        VERDICT_BURY,
        VERDICT_WAIT,
        VERDICT_HAND_BACK,
        VERDICT_CANCEL
    }

    private record Arrow(State from, Trigger trigger, JobStatus to) {}

    /// Every arrow of the drawing. What is not listed here is forbidden.
    private static final Set<Arrow> ARROWS = Set.of(
            new Arrow(State.ON_THE_ROAD, Trigger.TICKET, PROCESSING),
            new Arrow(State.SCHEDULED, Trigger.WAKE, QUEUED),
            new Arrow(State.BACKING_OFF, Trigger.WAKE, QUEUED),
            new Arrow(State.BACKLOG, Trigger.EXPIRE, FAILED),
            new Arrow(State.ON_THE_ROAD, Trigger.EXPIRE, FAILED),
            new Arrow(State.SCHEDULED, Trigger.EXPIRE, FAILED),
            new Arrow(State.BACKING_OFF, Trigger.EXPIRE, FAILED),
            new Arrow(State.BACKLOG, Trigger.CANCEL, CANCELLED),
            new Arrow(State.ON_THE_ROAD, Trigger.CANCEL, CANCELLED),
            new Arrow(State.SCHEDULED, Trigger.CANCEL, CANCELLED),
            new Arrow(State.BACKING_OFF, Trigger.CANCEL, CANCELLED),
            new Arrow(State.RUNNING, Trigger.VERDICT_COMPLETE, COMPLETE),
            new Arrow(State.RUNNING, Trigger.VERDICT_BURY, FAILED),
            new Arrow(State.RUNNING, Trigger.VERDICT_WAIT, WAITING),
            new Arrow(State.RUNNING, Trigger.VERDICT_HAND_BACK, QUEUED),
            new Arrow(State.RUNNING, Trigger.VERDICT_CANCEL, CANCELLED),
            new Arrow(State.STOPPING, Trigger.VERDICT_COMPLETE, CANCELLED),
            new Arrow(State.STOPPING, Trigger.VERDICT_BURY, CANCELLED),
            new Arrow(State.STOPPING, Trigger.VERDICT_WAIT, CANCELLED),
            new Arrow(State.STOPPING, Trigger.VERDICT_HAND_BACK, CANCELLED),
            new Arrow(State.STOPPING, Trigger.VERDICT_CANCEL, CANCELLED),
            new Arrow(State.DEAD_LETTER, Trigger.REPLAY, QUEUED));

    static Stream<Arrow> arrows() {
        return ARROWS.stream().sorted((a, b) -> a.toString().compareTo(b.toString()));
    }

    /// From every state by every trigger that has no arrow there: the job stays where it is.
    static Stream<Arrow> forbidden() {
        return Stream.of(State.values())
                .flatMap(from -> Stream.of(Trigger.values()).map(trigger -> new Arrow(from, trigger, from.status)))
                .filter(none -> ARROWS.stream()
                        .noneMatch(arrow -> arrow.from() == none.from() && arrow.trigger() == none.trigger()));
    }

    @ParameterizedTest
    @MethodSource("arrows")
    void anArrowLeadsWhereItIsDrawn(Arrow arrow) throws SQLException {
        ClaimedJob job = bring(arrow.from());
        long told = database.told().stream()
                .filter(event -> event.job().equals(job.id()))
                .mapToLong(JobEvent::number)
                .max()
                .orElse(-1);

        pull(arrow.trigger(), job);

        assertThat(status(job.id())).isEqualTo(arrow.to());
        assertThat(database.told()).singleElement().satisfies(event -> {
            assertThat(event.job()).isEqualTo(job.id());
            assertThat(event.status()).isEqualTo(arrow.to());
            assertThat(event.number()).isGreaterThan(told);
        });
        assertOneRowTellsTheState(job.id());
    }

    @ParameterizedTest
    @MethodSource("forbidden")
    void whatIsNotDrawnDoesNotHappen(Arrow none) throws SQLException {
        ClaimedJob job = bring(none.from());
        long attempts = attempts(job.id());
        database.told();

        pull(none.trigger(), job);

        assertThat(database.told()).isEmpty();

        assertThat(status(job.id())).isEqualTo(none.to());
        assertThat(attempts(job.id())).isEqualTo(attempts);
        assertOneRowTellsTheState(job.id());
    }

    @Test
    void onlyFailedJobsLeaveATerminalState() {
        assertThat(ARROWS)
                .filteredOn(arrow -> arrow.from().status.terminal())
                .containsExactly(new Arrow(State.DEAD_LETTER, Trigger.REPLAY, QUEUED));
    }

    @Test
    void theDatabaseKnowsTheSameStatesAndReasons() throws SQLException {
        assertThat(words("job_status"))
                .isEqualTo(Stream.of(JobStatus.values()).map(JobStatus::word).toList());
        assertThat(words("wait_reason"))
                .isEqualTo(Stream.of(WaitReason.values()).map(WaitReason::word).toList());
        assertThat(words("lane"))
                .isEqualTo(Stream.of(dev.longshore.lane.Lane.values())
                        .map(dev.longshore.lane.Lane::word)
                        .toList());
    }

    private List<String> words(String type) throws SQLException {
        return database.all("SELECT unnest(enum_range(NULL::%s))::text".formatted(type), row -> row.getString(1));
    }

    private void assertOneRowTellsTheState(JobId job) throws SQLException {
        assertThat((database.run(job) == null) != (database.end(job) == null)).isTrue();
    }

    /// Makes a job and brings it into a state. Jobs that were never claimed come with a claim that nobody has,
    /// so that verdicts have something to fail on.
    private ClaimedJob bring(State state) throws SQLException {
        return switch (state) {
            case BACKLOG -> unclaimed(accept(Draft.at(now).toBacklog()));
            case ON_THE_ROAD -> unclaimed(accept(Draft.at(now)));
            case SCHEDULED -> unclaimed(accept(Draft.at(now).runAt(now.plusSeconds(600))));
            case BACKING_OFF -> after(Endings.backOff(claimed(Draft.at(now)), Duration.ofMinutes(1)));
            case RUNNING -> claimed(Draft.at(now));
            case STOPPING -> {
                ClaimedJob job = claimed(Draft.at(now));
                store.cancel(1, job.id(), "test");
                yield job;
            }
            case DONE -> after(Endings.complete(claimed(Draft.at(now))));
            case DEAD_LETTER -> after(Endings.bury(claimed(Draft.at(now))));
            case GIVEN_UP -> {
                JobId job = accept(Draft.at(now));
                store.cancel(1, job, "test");
                yield unclaimed(job);
            }
        };
    }

    private ClaimedJob after(Verdict verdict) throws SQLException {
        assertThat(settle(verdict)).isTrue();
        return verdict.job();
    }

    private ClaimedJob unclaimed(JobId job) throws SQLException {
        ClaimedJob other = claimed(Draft.at(now).tenant(2));
        return new ClaimedJob(
                job,
                Objects.requireNonNullElse(database.run(job) == null ? null : run(job).epoch(), 0),
                worker,
                1,
                other.lane(),
                1,
                5,
                other.claimedAt(),
                other.deadlineAt(),
                false,
                false,
                0,
                0,
                other.operation(),
                other.model(),
                other.askedModel(),
                other.input(),
                null,
                null);
    }

    private void pull(Trigger trigger, ClaimedJob job) throws SQLException {
        switch (trigger) {
            case TICKET -> store.claim(worker, uuids(job.id()));
            case FEED -> feedAll();
            case UNDISPATCH -> store.undispatch(uuids(job.id()));
            case REISSUE -> store.reissue(job.lane(), Duration.ZERO);
            case WAKE -> {
                database.passWait(job.id());
                store.wake(100);
            }
            case EXPIRE -> {
                database.passDeadline(job.id());
                store.expire(100);
            }
            case CANCEL -> store.cancel(1, job.id(), "test");
            case REPLAY -> store.replay(1, uuids(job.id()), "test");
            case DISCARD -> store.discard(1, uuids(job.id()), "test");
            case VERDICT_COMPLETE -> settle(Endings.complete(job));
            case VERDICT_BURY -> settle(Endings.bury(job));
            case VERDICT_WAIT -> settle(Endings.backOff(job, Duration.ofMinutes(1)));
            case VERDICT_HAND_BACK -> settle(Endings.handBack(job));
            case VERDICT_CANCEL -> settle(Endings.cancel(job));
        }
    }
}
