package dev.longshore.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.api.Api.Answer;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@Platform
class IdempotencyTest {
    private static final String HEADER = "Idempotency-Key";
    private final Api api = Api.operator();

    @Inject
    DataSource database;

    @Test
    void theSameKeyAndBodyMakeOneJob() throws SQLException {
        String key = key();
        Answer first = api.post("/v1/jobs", Bodies.chat(""), HEADER, key);
        Answer again = api.post("/v1/jobs", Bodies.chat(""), HEADER, key);

        assertThat(first.status()).isEqualTo(202);
        assertThat(first.header("Idempotency-Replayed")).isNull();
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(again.jobId()).isEqualTo(first.jobId());
        new FakeWorker(database).complete(first.jobId());
        assertThat(api.post("/v1/jobs", Bodies.chat(""), HEADER, key)
                        .json()
                        .path("status")
                        .asText())
                .isEqualTo("complete");
    }

    @Test
    void whatMeansTheSameIsTheSame() {
        String key = key();
        String one = "{\"operation\":\"chat\",\"priority\":1,\"input\":{\"model\":\"sim-small\",\"temperature\":1.0,"
                + "\"messages\":[{\"role\":\"user\",\"content\":\"\\u0041\"}]}}";
        String other = "{ \"input\" : {\"messages\":[ {\"content\":\"A\",\"role\":\"user\"}], \"temperature\":10e-1,\n"
                + "\"model\":\"sim-small\"}, \"operation\":\"chat\",\"idempotency_key\":\"" + key
                + "\",\"priority\":1}";
        Answer first = api.post("/v1/jobs", one, HEADER, key);
        Answer again = api.submit(other);

        assertThat(again.status()).as(again.body()).isEqualTo(200);
        assertThat(again.jobId()).isEqualTo(first.jobId());
    }

    @Test
    void theSameKeyForAnotherBodyIsRefused() {
        String key = key();
        api.post("/v1/jobs", Bodies.chat(""), HEADER, key);
        Answer other = api.post("/v1/jobs", Bodies.chat(",\"priority\":1"), HEADER, key);

        assertThat(other.status()).isEqualTo(422);
        assertThat(other.code()).isEqualTo("IDEMPOTENCY_KEY_REUSED");
        assertThat(other.header("x-should-retry")).isEqualTo("false");
    }

    @Test
    void quotesOfAStructuredFieldAreDropped() {
        String key = key();
        Answer first = api.post("/v1/jobs", Bodies.chat(""), HEADER, "\"" + key + "\"");
        assertThat(api.post("/v1/jobs", Bodies.chat(""), HEADER, key).jobId()).isEqualTo(first.jobId());
    }

    @Test
    void headerAndFieldMustAgree() {
        String key = key();
        assertThat(api.post("/v1/jobs", Bodies.chat(",\"idempotency_key\":\"" + key + "\""), HEADER, key)
                        .status())
                .isEqualTo(202);
        Answer differing = api.post("/v1/jobs", Bodies.chat(",\"idempotency_key\":\"other\""), HEADER, key);
        assertThat(differing.status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "\"a", "\"\"", "\"a\\x\"", "\"a\"b\""})
    void malformedKeysAreRefused(String key) {
        Answer answer = api.post("/v1/jobs", Bodies.chat(""), HEADER, key);
        if (key.equals("\"a")) {
            // A lone quote is a visible character like any other.
            assertThat(answer.status()).isIn(200, 202);
        } else {
            assertThat(answer.status()).as(answer.body()).isEqualTo(400);
            assertThat(answer.code()).isEqualTo("INVALID_IDEMPOTENCY_KEY");
        }
    }

    @Test
    void tooLongAndForeignKeysAreRefused() {
        assertThat(api.post("/v1/jobs", Bodies.chat(""), HEADER, "k".repeat(256))
                        .code())
                .isEqualTo("INVALID_IDEMPOTENCY_KEY");
        assertThat(api.submit(Bodies.chat(",\"idempotency_key\":\"schl\u00fcssel\""))
                        .code())
                .isEqualTo("INVALID_IDEMPOTENCY_KEY");
        assertThat(api.submit(Bodies.chat(",\"idempotency_key\":7")).code()).isEqualTo("INVALID_IDEMPOTENCY_KEY");
        assertThat(api.submit(Bodies.chat(",\"idempotency_key\":\"\"")).code()).isEqualTo("INVALID_IDEMPOTENCY_KEY");
    }

    @Test
    void keysAreTheTenantsOwn() {
        String key = key();
        Answer ours = api.post("/v1/jobs", Bodies.chat(""), HEADER, key);
        Answer theirs = Api.ofNewTenant().post("/v1/jobs", Bodies.chat(",\"priority\":3"), HEADER, key);

        assertThat(theirs.status()).isEqualTo(202);
        assertThat(theirs.jobId()).isNotEqualTo(ours.jobId());
    }

    @Test
    void aHundredPostsWithOneKeyMakeOneJobWithAHundredEqualIds() {
        String key = key();
        List<CompletableFuture<Answer>> posts = IntStream.range(0, 100)
                .mapToObj(_ -> api.postLater("/v1/jobs", Bodies.chat(""), HEADER, key))
                .toList();
        List<Answer> answers = posts.stream().map(CompletableFuture::join).toList();

        assertThat(answers).extracting(Answer::status).containsOnly(200, 202);
        assertThat(answers).extracting(Answer::status).containsOnlyOnce(202);
        assertThat(answers.stream().map(Answer::jobId).distinct()).hasSize(1);
    }

    @Test
    void manyPostsWithoutKeysMakeAsManyJobs() {
        List<CompletableFuture<Answer>> posts = IntStream.range(0, 300)
                .mapToObj(_ -> api.postLater("/v1/jobs", Bodies.chat("")))
                .toList();
        assertThat(posts.stream()
                        .map(CompletableFuture::join)
                        .map(Answer::jobId)
                        .distinct())
                .hasSize(300);
    }

    private static String key() {
        return "key-" + System.nanoTime();
    }
}
