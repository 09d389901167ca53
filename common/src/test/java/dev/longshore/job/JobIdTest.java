package dev.longshore.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobIdTest {
    @Test
    void anIdReadsBackAsItWasWritten() {
        Random random = new Random(5);
        for (int i = 0; i < 1_000; i++) {
            JobId id = new JobId(new UUID(random.nextLong(), random.nextLong()));

            assertThat(JobId.parse(id.toString())).contains(id);
        }
        assertThat(new JobId(new UUID(0x0199_0000_0000_7000L, 1))).hasToString("job_01990000000070000000000000000001");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "job_",
                "job_0199000000007000000000000000000",
                "job_019900000000700000000000000000011",
                "batch_1990000000070000000000000000001",
                "JOB_01990000000070000000000000000001",
                "job_0199000000007000000000000000000G",
                "job_+1990000000070000000000000000001",
                "job_0199000000007000+000000000000001",
                "job_-1990000000070000000000000000001",
                "job_0199000000007000000000000000000A",
                "job_０１９９000000007000000000000000001",
                "job_01990000-0000-7000-0000-00000001",
                " job_0199000000007000000000000000001"
            })
    void whatIsNoIdIsRefused(String text) {
        assertThat(JobId.parse(text)).isEmpty();
    }

    @Test
    void idsSortAsTheirBytesAndTheirText() {
        Random random = new Random(6);
        List<JobId> ids = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            ids.add(new JobId(new UUID(random.nextLong(), random.nextLong())));
        }
        assertThat(ids.stream().sorted().map(JobId::toString)).isSorted();
        assertThat(Arrays.stream(JobId.inOrder(ids.stream().map(JobId::uuid).toList()))
                        .map(uuid -> new JobId(uuid).toString()))
                .isSorted();
    }

    @Test
    void theLowestIdOfAMomentBoundsThoseBeforeAndAfter() {
        Instant moment = Instant.parse("2026-11-21T00:00:00Z");
        JobId bound = new JobId(JobId.lowestAt(moment));

        assertThat(Draft.at(moment).job().id()).isGreaterThan(bound);
        assertThat(Draft.at(moment.minusMillis(1)).job().id()).isLessThan(bound);
        assertThat(bound.createdAt()).isEqualTo(moment);
        assertThat(Draft.at(moment).job().id().createdAt()).isEqualTo(moment);
    }

    @Test
    void everyStatusHasOneWord() {
        for (JobStatus status : JobStatus.values()) {
            assertThat(JobStatus.of(status.word())).contains(status);
        }
        assertThat(JobStatus.of("done")).isEmpty();
        assertThat(JobStatus.values())
                .filteredOn(JobStatus::terminal)
                .containsExactly(JobStatus.COMPLETE, JobStatus.FAILED, JobStatus.CANCELLED);
    }
}
