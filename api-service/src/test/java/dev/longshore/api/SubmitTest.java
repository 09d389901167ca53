package dev.longshore.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.api.Api.Answer;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

@QuarkusTest
@Platform
class SubmitTest {
    private final Api api = Api.operator();

    @Test
    void aJobIsAcceptedAndFoundAgain() {
        Answer answer = api.submit(Bodies.chat(""));

        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
        assertThat(answer.header("Location")).isEqualTo("/v1/jobs/" + answer.jobId());
        assertThat(answer.header("Retry-After")).isNotBlank();
        Answer found = api.get("/v1/jobs/" + answer.jobId());
        assertThat(found.status()).as(found.body()).isEqualTo(200);
        assertThat(found.jobId()).isEqualTo(answer.jobId());
        assertThat(found.json().path("status").asText()).isEqualTo("queued");
    }
}
