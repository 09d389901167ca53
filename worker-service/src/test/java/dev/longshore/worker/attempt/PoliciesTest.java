package dev.longshore.worker.attempt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.longshore.attempt.ErrorClass;
import dev.longshore.job.ClaimedJob;
import dev.longshore.job.JobId;
import dev.longshore.lane.Lane;
import dev.longshore.retry.RetryPolicy;
import dev.longshore.retry.RetryPolicy.AfterLast;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PoliciesTest {
    private static final RetryPolicy QUICK = new RetryPolicy(
            3, Duration.ofMillis(200), 2, Duration.ofSeconds(10), 0.5, RetryPolicy.RETRYABLE, AfterLast.DEAD_LETTER);
    private static final RetryPolicy PATIENT = new RetryPolicy(
            5, Duration.ofSeconds(1), 3, Duration.ofSeconds(60), 0.25, RetryPolicy.RETRYABLE, AfterLast.DISCARD);

    private final Policies policies = new Policies(
            Map.of(Lane.INTERACTIVE, QUICK, Lane.STANDARD, PATIENT, Lane.BATCH, PATIENT), new ObjectMapper());

    private static ClaimedJob job(Lane lane, int maxAttempts, @Nullable String options) {
        Instant now = Instant.parse("2026-11-20T12:00:00Z");
        return new ClaimedJob(
                new JobId(new UUID(0x7000, 0x8000_0000_0000_0001L)),
                1,
                1,
                1,
                lane,
                1,
                maxAttempts,
                now,
                now.plusSeconds(60),
                false,
                false,
                0,
                0,
                "chat",
                "sim-small",
                "sim-small",
                "{}",
                options,
                null);
    }

    private RetryPolicy of(String options) {
        return policies.of(job(Lane.STANDARD, 5, options));
    }

    @Test
    void aJobThatAsksForNothingHasItsLanesPolicy() {
        assertThat(policies.of(job(Lane.INTERACTIVE, 3, null))).isEqualTo(QUICK);
        assertThat(policies.of(job(Lane.STANDARD, 5, null))).isEqualTo(PATIENT);
        assertThat(of("{}")).isEqualTo(PATIENT);
        assertThat(of("{\"retry\":{}}")).isEqualTo(PATIENT);
        assertThat(of("{\"retry\":null,\"fallback\":false}")).isEqualTo(PATIENT);
    }

    @Test
    void theNumberOfAttemptsIsTheJobsOwn() {
        assertThat(policies.of(job(Lane.STANDARD, 17, null)).maxAttempts()).isEqualTo(17);
    }

    @Test
    void eachPartCanBeAskedForAndLeavesTheOthersAlone() {
        assertThat(of("{\"retry\":{\"initial_delay_seconds\":0.25}}"))
                .isEqualTo(with(Duration.ofMillis(250), 3, Duration.ofSeconds(60), 0.25, AfterLast.DISCARD));
        assertThat(of("{\"retry\":{\"multiplier\":1.5}}"))
                .isEqualTo(with(Duration.ofSeconds(1), 1.5, Duration.ofSeconds(60), 0.25, AfterLast.DISCARD));
        assertThat(of("{\"retry\":{\"max_delay_seconds\":5}}"))
                .isEqualTo(with(Duration.ofSeconds(1), 3, Duration.ofSeconds(5), 0.25, AfterLast.DISCARD));
        assertThat(of("{\"retry\":{\"jitter\":0}}"))
                .isEqualTo(with(Duration.ofSeconds(1), 3, Duration.ofSeconds(60), 0, AfterLast.DISCARD));
        assertThat(of("{\"retry\":{\"retry_on\":[\"timeout\",\"no_such_class\"]}}")
                        .retryOn())
                .isEqualTo(Set.of(ErrorClass.TIMEOUT));
        assertThat(of("{\"retry\":{\"retry_on\":[]}}").retryOn()).isEmpty();
    }

    @Test
    void whatHappensAfterTheLastFailureCanBeAskedFor() {
        assertThat(policies.of(job(Lane.INTERACTIVE, 3, "{\"retry\":{\"after_last\":\"discard\"}}"))
                        .afterLast())
                .isEqualTo(AfterLast.DISCARD);
        assertThat(of("{\"retry\":{\"after_last\":\"dead_letter\"}}").afterLast())
                .isEqualTo(AfterLast.DEAD_LETTER);
    }

    @Test
    void optionsThatCannotBeReadAreToldWithTheJob() {
        assertThatIllegalStateException().isThrownBy(() -> of("{\"retry\":")).withMessageContaining("job_");
    }

    private static RetryPolicy with(
            Duration initial, double multiplier, Duration most, double jitter, AfterLast afterLast) {
        return new RetryPolicy(5, initial, multiplier, most, jitter, RetryPolicy.RETRYABLE, afterLast);
    }
}
