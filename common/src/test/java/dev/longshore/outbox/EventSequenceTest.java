package dev.longshore.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.job.JobStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Later events have higher numbers.
class EventSequenceTest {
    @Test
    void whatHappensInAClaimIsNumberedInItsOrder() {
        List<Long> inOrder = List.of(
                EventSequence.done(6),
                EventSequence.of(7, JobStatus.PROCESSING),
                EventSequence.said(7, 1),
                EventSequence.said(7, 2),
                EventSequence.said(7, EventSequence.MOST_SAID),
                EventSequence.reset(7),
                EventSequence.of(7, JobStatus.WAITING),
                EventSequence.of(7, JobStatus.QUEUED),
                EventSequence.of(7, JobStatus.FAILED),
                EventSequence.result(7),
                EventSequence.done(7),
                EventSequence.of(8, JobStatus.PROCESSING));

        assertThat(inOrder).isSorted().doesNotHaveDuplicates();
        assertThat(inOrder.subList(1, 11))
                .allSatisfy(number -> assertThat(EventSequence.epoch(number)).isEqualTo(7));
    }

    @Test
    void endsHaveOneNumberSinceAClaimHasOneEnd() {
        assertThat(EventSequence.of(3, JobStatus.COMPLETE))
                .isEqualTo(EventSequence.of(3, JobStatus.FAILED))
                .isEqualTo(EventSequence.of(3, JobStatus.CANCELLED));
    }

    @Test
    void aJobThatWasJustAcceptedHasNoClaim() {
        assertThat(EventSequence.of(0, JobStatus.WAITING)).isPositive();
        assertThat(EventSequence.of(0, JobStatus.QUEUED)).isLessThan(EventSequence.of(1, JobStatus.PROCESSING));
    }

    @Test
    void whatACallSaysIsToldApart() {
        assertThat(EventSequence.isSaid(EventSequence.said(2, 1))).isTrue();
        assertThat(EventSequence.isSaid(EventSequence.said(2, EventSequence.MOST_SAID)))
                .isTrue();
        assertThat(EventSequence.isSaid(EventSequence.of(2, JobStatus.PROCESSING)))
                .isFalse();
        assertThat(EventSequence.isSaid(EventSequence.reset(2))).isFalse();
    }

    @Test
    void nothingIsNumberedThatHasNoPlace() {
        assertThatThrownBy(() -> EventSequence.said(1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> EventSequence.said(1, EventSequence.MOST_SAID + 1))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
