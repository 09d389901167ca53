package dev.longshore.rig.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Two minutes of everything at once. Longer runs and other seeds: `scripts/chaos`.
class ChaosTest {
    private static final long SEED = 1;

    @Test
    @Timeout(900)
    void everyPromiseIsKeptAndWorkGoesOnWhateverIsBroken() throws Exception {
        var options = new Options(SEED, Duration.ofMinutes(2), EnumSet.allOf(FaultGroup.class), 15, Optional.empty());
        var run = new ChaosRun(options, Path.of("target", "rig-chaos"), InstantSource.system(), System.out);

        ChaosRun.Result result = run.run();

        assertThat(result.violations()).isEmpty();
        assertThat(result.faults()).isGreaterThan(10);
        assertThat(result.jobs()).isGreaterThan(1_000);
        assertThat(result.completedDuringFaults()).isGreaterThan(result.jobs() / 10);
        assertThat(result.lastLine())
                .isEqualTo("chaos: " + result.jobs() + " jobs, " + result.faults() + " faults, 0 violations");
    }
}
