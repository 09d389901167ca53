package dev.longshore.api.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.f4b6a3.uuid.factory.standard.TimeOrderedEpochFactory;
import dev.longshore.api.Api;
import dev.longshore.api.Api.Answer;
import dev.longshore.api.Bodies;
import dev.longshore.api.OnCatalogue;
import dev.longshore.api.Platform;
import dev.longshore.api.request.JsonBody;
import dev.longshore.job.JobId;
import dev.longshore.job.JobStore;
import dev.longshore.job.NewJob;
import dev.longshore.job.NewJob.IdempotencyGuard;
import dev.longshore.lane.Lane;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A request that was accepted is answered with its job, whatever has become of its model since.
@QuarkusTest
@Platform
@TestProfile(OnCatalogue.class)
class KnownKeysTest {
    private static final String HEADER = "Idempotency-Key";

    private final Api api = Api.ofNewTenant();

    @Inject
    DataSource database;

    @Inject
    JobStore store;

    @Inject
    TimeOrderedEpochFactory ids;

    private static String chat(String model, String more) {
        return Bodies.chat(more).replace("sim-small", model);
    }

    private static String key() {
        return "known-" + System.nanoTime();
    }

    /// A job that was accepted when its model could still take it.
    ///
    /// @return its id as callers know it
    private String accepted(String body, String key) throws SQLException {
        JobId job = new JobId(ids.create());
        IdempotencyGuard guard = new IdempotencyGuard(
                key,
                Fingerprint.of(JsonBody.read(body.getBytes(StandardCharsets.UTF_8)), IdempotencyKey.FIELD),
                Duration.ofHours(1));
        store.accept(List.of(new NewJob(
                job,
                tenant(),
                "chat",
                1,
                Lane.STANDARD,
                0,
                "lost",
                "{\"model\":\"lost\",\"messages\":[]}",
                null,
                null,
                5,
                Duration.ofHours(1),
                null,
                false,
                null,
                guard,
                false,
                null)));
        return job.toString();
    }

    private int tenant() throws SQLException {
        JobId any = JobId.parse(api.submit(chat("plain", "")).jobId()).orElseThrow();
        try (var connection = database.getConnection();
                var statement = connection.prepareStatement("SELECT tenant_id FROM job_run WHERE job_id = ?")) {
            statement.setObject(1, any.uuid());
            try (var row = statement.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"respond-async", "wait=1"})
    void theModelWasShutDown(String prefer) throws SQLException {
        String key = key();
        String original = accepted(chat("lost", ""), key);

        Answer again = api.post("/v1/jobs", chat("lost", ""), HEADER, key, "Prefer", prefer);

        assertThat(again.status()).as(again.body()).isEqualTo(200);
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(again.jobId()).isEqualTo(original);
    }

    @Test
    void theModelIsNotEvenInTheFileAnyMore() throws SQLException {
        String key = key();
        String original = accepted(chat("gpt-99", ""), key);

        assertThat(api.post("/v1/jobs", chat("gpt-99", ""), HEADER, key).jobId())
                .isEqualTo(original);
    }

    @Test
    void theModelHasBecomeTooDear() throws SQLException {
        String key = key();
        String body = chat("plain", ",\"max_cost_usd\":0.000000001");
        String original = accepted(body, key);

        assertThat(api.post("/v1/jobs", body, HEADER, key).jobId()).isEqualTo(original);
        assertThat(api.post("/v1/jobs", body, HEADER, key()).status()).isEqualTo(400);
    }

    @Test
    void anotherRequestUnderTheKeyIsStillRefused() throws SQLException {
        String key = key();
        accepted(chat("lost", ""), key);

        Answer other = api.post("/v1/jobs", chat("lost", ",\"priority\":1"), HEADER, key);

        assertThat(other.status()).isEqualTo(422);
        assertThat(other.code()).isEqualTo("IDEMPOTENCY_KEY_REUSED");
    }

    @Test
    void whatIsNoRepetitionIsRefusedAsEver() throws SQLException {
        accepted(chat("lost", ""), key());

        assertThat(api.post("/v1/jobs", chat("lost", ""), HEADER, key()).code()).isEqualTo("UNKNOWN_MODEL");
        assertThat(api.submit(chat("lost", "")).code()).isEqualTo("UNKNOWN_MODEL");
        assertThat(Api.ofNewTenant()
                        .post("/v1/jobs", chat("lost", ""), HEADER, key())
                        .code())
                .isEqualTo("UNKNOWN_MODEL");
    }
}
