package dev.longshore.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.longshore.api.Api.Answer;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@Platform
class ListTest {
    @Inject
    DataSource database;

    @Test
    void pagesGoFromTheNewestToTheOldestWithoutGapOrDouble() {
        Api api = Api.ofNewTenant();
        List<String> submitted = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            submitted.addFirst(api.chat());
        }
        List<String> listed = new ArrayList<>();
        String path = "/v1/jobs?limit=3";
        for (int page = 0; page < 3; page++) {
            JsonNode answer = api.get(path).json();
            assertThat(answer.path("has_more").asBoolean()).isEqualTo(page < 2);
            listed.addAll(answer.path("data").findValuesAsText("job_id"));
            path = "/v1/jobs?limit=3&after=" + answer.path("next").asText();
        }
        assertThat(listed).isEqualTo(submitted);
    }

    @Test
    void everyStatusFindsItsOwn() throws SQLException {
        Api api = Api.ofNewTenant();
        FakeWorker worker = new FakeWorker(database);
        String queued = api.chat();
        String waiting = api.submit(Bodies.chat(",\"delay_seconds\":600")).jobId();
        String processing = api.chat();
        worker.claim(processing);
        String complete = api.chat();
        worker.complete(complete);
        String failed = api.chat();
        worker.fail(failed);
        String cancelled = api.chat();
        api.post("/v1/jobs/" + cancelled + "/cancel", "");

        assertThat(ids(api, "status=queued")).containsExactly(queued);
        assertThat(ids(api, "status=waiting")).containsExactly(waiting);
        assertThat(ids(api, "status=processing")).containsExactly(processing);
        assertThat(ids(api, "status=complete")).containsExactly(complete);
        assertThat(ids(api, "status=failed")).containsExactly(failed);
        assertThat(ids(api, "status=cancelled")).containsExactly(cancelled);
        assertThat(ids(api, "status=awaiting_review")).isEmpty();
        assertThat(ids(api, "status=complete&limit=1")).containsExactly(complete);
        assertThat(ids(api, "")).containsExactly(cancelled, failed, complete, processing, waiting, queued);
    }

    @Test
    void filtersNarrowTheList() {
        Api api = Api.ofNewTenant();
        String chat = api.submit(Bodies.chat(",\"lane\":\"batch\",\"labels\":{\"team\":\"search\",\"env\":\"a b\"}"))
                .jobId();
        String embed = api.submit("{\"operation\":\"embed\",\"input\":{\"model\":\"sim-embed\",\"input\":\"a\"}}")
                .jobId();

        assertThat(ids(api, "lane=batch")).containsExactly(chat);
        assertThat(ids(api, "lane=interactive")).isEmpty();
        assertThat(ids(api, "operation=embed")).containsExactly(embed);
        assertThat(ids(api, "operation=chat@1")).containsExactly(chat);
        assertThat(ids(api, "operation=chat@2")).isEmpty();
        assertThat(ids(api, "label.team=search")).containsExactly(chat);
        assertThat(ids(api, "label.team=search&label.env=a%20b&status=queued")).containsExactly(chat);
        assertThat(ids(api, "label.team=other")).isEmpty();
        assertThat(ids(api, "batch_id=batch_1")).isEmpty();
        assertThat(ids(api, "created_after=2020-01-01T00:00:00Z")).containsExactly(embed, chat);
        assertThat(ids(api, "created_before=2020-01-01T00:00:00Z")).isEmpty();
        assertThat(ids(api, "created_after=2099-01-01T00:00:00Z")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status=done",
                "lane=express",
                "limit=0",
                "limit=101",
                "limit=x",
                "after=job_1",
                "created_after=yesterday",
                "colour=red",
                "status=queued&status=failed",
                "operation=chat@x",
                "label.a=%00"
            })
    void wrongParametersAreNamed(String query) {
        Answer answer = Api.operator().get("/v1/jobs?" + query);

        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("INVALID_REQUEST");
    }

    @Test
    void aTenantSeesOnlyItsOwn() throws SQLException {
        Api owner = Api.ofNewTenant();
        Api other = Api.ofNewTenant();
        String id = owner.chat();

        assertThat(ids(other, "")).isEmpty();
        for (String path : List.of("", "/attempts", "/timeline")) {
            assertThat(other.get("/v1/jobs/" + id + path).code()).isEqualTo("NOT_FOUND");
        }
        assertThat(other.post("/v1/jobs/" + id + "/cancel", "").code()).isEqualTo("NOT_FOUND");
        new FakeWorker(database).fail(id);
        assertThat(other.post("/v1/jobs/" + id + "/replay", "").code()).isEqualTo("NOT_FOUND");
        assertThat(other.get("/v1/dead-letters").json().path("data")).isEmpty();
        assertThat(other.post("/v1/dead-letters/replay", "{\"job_ids\":[\"" + id + "\"]}")
                        .json()
                        .path("replayed")
                        .asInt())
                .isZero();
        assertThat(owner.get("/v1/jobs/" + id).json().path("status").asText()).isEqualTo("failed");
    }

    private static List<String> ids(Api api, String query) {
        Answer answer = api.get("/v1/jobs?" + query);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json().path("data").findValuesAsText("job_id");
    }
}
