package dev.longshore.worker.slots;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.attempt.AttemptOutcome.Interruption;
import dev.longshore.job.JobId;
import dev.longshore.job.JobStore.Claim;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RunningAttemptsTest {
    private final RunningAttempts running = new RunningAttempts();

    private static Claim claim(int number, int epoch) {
        return new Claim(new JobId(new UUID(0x7000, 0x8000_0000_0000_0000L | number)), epoch);
    }

    @Test
    void onlyTheClaimsThatAreNamedAreStopped() {
        StopSign wanted = running.started(claim(1, 1));
        StopSign other = running.started(claim(2, 1));

        assertThat(running.stop(Set.of(claim(1, 1), claim(3, 1)), Interruption.CANCEL))
                .isEqualTo(1);

        assertThat(wanted.reason()).isEqualTo(Interruption.CANCEL);
        assertThat(other.reason()).isNull();
    }

    @Test
    void aNewerClaimOfTheSameJobIsAnotherAttempt() {
        StopSign newer = running.started(claim(1, 2));
        assertThat(running.stop(Set.of(claim(1, 1)), Interruption.CANCEL)).isZero();
        assertThat(newer.reason()).isNull();
    }

    @Test
    void theFirstReasonCountsAndIsCountedOnce() {
        StopSign sign = running.started(claim(1, 1));
        assertThat(running.stopAll(Interruption.CANCEL)).isEqualTo(1);
        assertThat(running.stopAll(Interruption.DRAIN)).isZero();
        assertThat(running.stop(Set.of(claim(1, 1)), Interruption.LEASE_LOST)).isZero();
        assertThat(sign.reason()).isEqualTo(Interruption.CANCEL);
    }

    @Test
    void everythingThatRunsIsStoppedAtOnce() {
        List<StopSign> signs = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            signs.add(running.started(claim(i, 1)));
        }
        assertThat(running.stopAll(Interruption.LEASE_LOST)).isEqualTo(100);
        assertThat(signs).extracting(StopSign::reason).containsOnly(Interruption.LEASE_LOST);
    }

    @Test
    void whatHasEndedIsForgotten() {
        running.started(claim(1, 1));
        running.started(claim(2, 1));
        assertThat(running.claims()).containsExactlyInAnyOrder(claim(1, 1), claim(2, 1));
        running.ended(claim(1, 1));
        assertThat(running.count()).isEqualTo(1);
        assertThat(running.claims()).containsExactly(claim(2, 1));
        assertThat(running.stopAll(Interruption.DRAIN)).isEqualTo(1);
    }

    @Test
    void whoeverWaitsForTheSignIsTold() {
        StopSign sign = new StopSign();
        List<Interruption> told = new ArrayList<>();
        sign.whenRaised().thenAccept(told::add);
        assertThat(told).isEmpty();
        assertThat(sign.raise(Interruption.DRAIN)).isTrue();
        assertThat(sign.raise(Interruption.CANCEL)).isFalse();
        sign.whenRaised().thenAccept(told::add);
        assertThat(told).containsExactly(Interruption.DRAIN, Interruption.DRAIN);
    }
}
