package dev.longshore.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.api.Api.Answer;
import dev.longshore.job.ClaimedJob;
import dev.longshore.prediction.Prediction;
import dev.longshore.prediction.PredictionStore;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a provider may say, who knows a token and nothing else.
@QuarkusTest
@Platform
class CallbacksTest {
    private static final String PATH = "/v1/callbacks/predictions/";

    @Inject
    DataSource database;

    private final String token = UUID.randomUUID().toString();
    private PredictionStore predictions;
    private ClaimedJob job;

    @BeforeEach
    void waitForAPrediction() throws Exception {
        predictions = new PredictionStore(database);
        job = new FakeWorker(database).claim(Api.operator().chat());
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        assertThat(predictions.begin(new Prediction(job.id(), job.epoch(), "later", "m", 0, Instant.EPOCH, null, hash)))
                .isTrue();
    }

    private boolean isCalledBack() throws Exception {
        return predictions.calledBack(List.of(job.id())).equals(Set.of(job.id()));
    }

    @Test
    void whoeverKnowsTheTokenIsHeard() throws Exception {
        assertThat(isCalledBack()).isFalse();
        Answer answer = Api.stranger().post(PATH + token, "{\"id\":\"p-1\",\"status\":\"succeeded\"}");
        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.header("X-Request-Id")).isNotEmpty();
        assertThat(isCalledBack()).isTrue();
        assertThat(Api.stranger().post(PATH + token, "{}").status()).isEqualTo(204);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no json at all", "\u0000\uFFFF"})
    void whateverElseIsSaidIsNotRead(String body) throws Exception {
        assertThat(Api.stranger()
                        .post(PATH + token, body, "Content-Encoding", "gzip", "Accept", "text/html")
                        .status())
                .isEqualTo(204);
        assertThat(isCalledBack()).isTrue();
    }

    /// Longer than any body that callers may send, over connections that are used again.
    @Test
    void aHugeBodyIsLetBy() throws Exception {
        String huge = "x".repeat(20_000_000);
        for (int i = 0; i < 3; i++) {
            assertThat(Api.stranger().post(PATH + token, huge).status()).isEqualTo(204);
        }
        assertThat(isCalledBack()).isTrue();
    }

    @Test
    void whoeverDoesNotIsNot() throws Exception {
        Answer answer = Api.stranger().post(PATH + UUID.randomUUID(), "{}");
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.code()).isEqualTo("NOT_FOUND");
        assertThat(isCalledBack()).isFalse();
    }

    @Test
    void nothingElseIsOpenBesideIt() {
        assertThat(Api.stranger().get(PATH + token).status()).isEqualTo(401);
        assertThat(Api.stranger().post("/v1/callbacks/predictions", "{}").status())
                .isEqualTo(401);
        assertThat(Api.stranger().post(PATH, "{}").status()).isEqualTo(401);
        assertThat(Api.stranger().post(PATH + token + "/more", "{}").status()).isEqualTo(401);
        assertThat(Api.stranger().post(PATH + "a;b", "{}").status()).isEqualTo(401);
        assertThat(Api.stranger().post(PATH + "%2e%2e", "{}").status()).isEqualTo(401);
        assertThat(Api.stranger()
                        .post("/v1/callbacks/predictions/../../jobs", "{}")
                        .status())
                .isEqualTo(401);
        assertThat(Api.operator().get(PATH + token).status()).isEqualTo(405);
    }
}
