package dev.longshore.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.longshore.api.Api.Answer;
import dev.longshore.problem.ProblemCode;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

@QuarkusTest
@Platform
class SeeingTest {
    private final Api api = Api.operator();

    @Inject
    DataSource database;

    @Test
    void readinessTellsOfDatabaseAndBroker() {
        JsonNode ready = api.get("/q/health/ready").json();
        assertThat(ready.path("status").asText()).isEqualTo("UP");
        assertThat(ready.at("/checks").toString())
                .contains("\"postgresql\":\"up\"")
                .contains("\"kafka\"")
                .contains("\"event_feed\"");
    }

    @Test
    void whatHappensIsCounted() {
        api.chat();
        api.get("/nothing");
        String metrics = api.get("/q/metrics").body();

        assertThat(metrics)
                .contains("longshore_jobs_accepted_total{lane=\"standard\"")
                .contains("longshore_refusals_total{code=\"NOT_FOUND\"")
                .contains("longshore_accept_group_size_count")
                .contains("longshore_accept_latency_seconds")
                .contains("longshore_waiters")
                .contains("longshore_events_readers ")
                .contains("longshore_events_told_total{event=\"token\"")
                .contains("longshore_events_readers_cut_total")
                .contains("longshore_events_feed_lag")
                .contains("longshore_lane_depth{lane=\"batch\"")
                .contains("longshore_lane_backlog{lane=\"batch\"");
    }

    @Test
    void theDescriptionNamesEveryRouteAndEveryError() {
        Answer answer = api.get("/openapi?format=json");
        JsonNode paths = answer.json().path("paths");

        assertThat(paths.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder(
                        "/v1/jobs",
                        "/v1/jobs/estimate",
                        "/v1/jobs/{id}",
                        "/v1/jobs/{id}/cancel",
                        "/v1/jobs/{id}/replay",
                        "/v1/jobs/{id}/events",
                        "/v1/jobs/{id}/attempts",
                        "/v1/jobs/{id}/timeline",
                        "/v1/dead-letters",
                        "/v1/dead-letters/replay",
                        "/v1/dead-letters/discard",
                        "/v1/webhook-endpoints",
                        "/v1/webhook-endpoints/{id}",
                        "/v1/webhook-endpoints/{id}/rotate-secret",
                        "/v1/webhook-endpoints/{id}/test",
                        "/v1/webhook-endpoints/{id}/recover",
                        "/v1/webhook-deliveries",
                        "/v1/webhook-deliveries/{id}",
                        "/v1/webhook-deliveries/{id}/redeliver",
                        "/v1/webhook-secret",
                        "/v1/webhook-secret/rotate",
                        "/v1/models",
                        "/v1/models/{id}",
                        "/v1/admin/providers",
                        "/v1/admin/providers/{name}",
                        "/v1/admin/providers/{name}/pause",
                        "/v1/admin/providers/{name}/resume",
                        "/v1/admin/workers",
                        "/v1/admin/tenants",
                        "/v1/admin/tenants/{id}/api-keys",
                        "/v1/admin/tenants/{id}/api-keys/{key}");
        for (ProblemCode code : ProblemCode.values()) {
            assertThat(answer.body()).contains(code.name());
        }
        assertThat(answer.json().at("/components/schemas/Job/properties").fieldNames())
                .toIterable()
                .contains("job_id", "queue_position", "cost_usd", "metadata");
        assertThat(answer.json().at("/components/schemas/JobRequest/properties").fieldNames())
                .toIterable()
                .contains("operation", "input", "max_cost_usd", "idempotency_key");
    }

    @Test
    void theBacklogIsFoundThroughItsIndex() throws SQLException {
        assertThat(
                        plan(
                                "SELECT count(*) FROM job_run WHERE lane = 'standard' AND dispatched_at IS NULL AND wait_reason IS NULL"))
                .contains("job_run_backlog")
                .doesNotContain("Seq Scan");
        assertThat(plan("SELECT * FROM job_outcome WHERE job_id = '00000000-0000-0000-0000-000000000000'"))
                .doesNotContain("Seq Scan");
    }

    private String plan(String sql) throws SQLException {
        List<String> lines = new java.util.ArrayList<>();
        try (var connection = database.getConnection();
                var statement = connection.createStatement();
                var row = statement.executeQuery("EXPLAIN " + sql)) {
            while (row.next()) {
                lines.add(row.getString(1));
            }
        }
        return String.join("\n", lines);
    }
}
