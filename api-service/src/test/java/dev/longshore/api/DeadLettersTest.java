package dev.longshore.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.api.Api.Answer;
import dev.longshore.attempt.ErrorCode;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@Platform
class DeadLettersTest {
    @Inject
    DataSource database;

    private Api api;
    private FakeWorker worker;

    @BeforeEach
    void startWithATenantOfItsOwn() throws SQLException {
        api = Api.ofNewTenant();
        worker = new FakeWorker(database);
    }

    @Test
    void failedJobsAreListedAndFiltered() throws SQLException {
        String down = failed(ErrorCode.PROVIDER_UNAVAILABLE);
        String slow = failed(ErrorCode.MODEL_TIMEOUT);

        assertThat(listed("")).containsExactly(slow, down);
        assertThat(listed("?error_code=MODEL_TIMEOUT")).containsExactly(slow);
        assertThat(listed("?lane=batch")).isEmpty();
        assertThat(listed("?operation=chat&lane=standard")).containsExactly(slow, down);
        assertThat(listed("?failed_after=2020-01-01T00:00:00Z")).hasSize(2);
        assertThat(listed("?failed_before=2020-01-01T00:00:00Z")).isEmpty();
        assertThat(listed("?limit=1")).containsExactly(slow);
        assertThat(listed("?after=" + slow)).containsExactly(down);
    }

    @Test
    void someAreReplayedByTheirIds() throws SQLException {
        String one = failed(ErrorCode.MODEL_TIMEOUT);
        String other = failed(ErrorCode.MODEL_TIMEOUT);
        Answer answer =
                api.post("/v1/dead-letters/replay", "{\"job_ids\":[\"" + one + "\",\"job_" + "0".repeat(32) + "\"]}");

        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
        assertThat(answer.json().path("replayed").asInt()).isEqualTo(1);
        assertThat(api.get("/v1/jobs/" + one).json().path("status").asText()).isEqualTo("queued");
        assertThat(listed("")).containsExactly(other);
    }

    @Test
    void allThatAFilterMatchesAreReplayed() throws SQLException {
        failed(ErrorCode.MODEL_TIMEOUT);
        failed(ErrorCode.MODEL_TIMEOUT);
        String other = failed(ErrorCode.PROVIDER_UNAVAILABLE);

        assertThat(api.post("/v1/dead-letters/replay", "{\"filter\":{\"error_code\":\"MODEL_TIMEOUT\"}}")
                        .json()
                        .path("replayed")
                        .asInt())
                .isEqualTo(2);
        assertThat(listed("")).containsExactly(other);
        assertThat(api.post("/v1/dead-letters/replay", "{\"filter\":{}}")
                        .json()
                        .path("replayed")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void whatIsDiscardedIsOffTheListButStaysFailed() throws SQLException {
        String id = failed(ErrorCode.MODEL_TIMEOUT);
        Answer answer = api.post("/v1/dead-letters/discard", "{\"job_ids\":[\"" + id + "\"]}");

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.json().path("discarded").asInt()).isEqualTo(1);
        assertThat(listed("")).isEmpty();
        assertThat(api.get("/v1/jobs/" + id).json().path("status").asText()).isEqualTo("failed");
        assertThat(api.post("/v1/dead-letters/discard", "{\"job_ids\":[\"" + id + "\"]}")
                        .json()
                        .path("discarded")
                        .asInt())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"job_ids\":[]}",
                "{\"job_ids\":\"all\"}",
                "{\"job_ids\":[\"x\"]}",
                "{\"job_ids\":[1],\"filter\":{}}",
                "{\"filter\":[]}",
                "{\"filter\":{\"colour\":\"red\"}}",
                "{\"filter\":{\"lane\":\"express\"}}",
                "{\"everything\":true}"
            })
    void ordersThatAreUnclearAreRefused(String body) {
        for (String order : List.of("replay", "discard")) {
            Answer answer = api.post("/v1/dead-letters/" + order, body);
            assertThat(answer.status()).as(answer.body()).isEqualTo(400);
            assertThat(answer.code()).isEqualTo("INVALID_REQUEST");
        }
    }

    private String failed(ErrorCode code) throws SQLException {
        String id = api.chat();
        worker.fail(worker.claim(id), code);
        return id;
    }

    private List<String> listed(String query) {
        Answer answer = api.get("/v1/dead-letters" + query);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json().path("data").findValuesAsText("job_id");
    }
}
