package dev.longshore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What the server has sent to whom.
class WebhookListsTest {
    private final FakeServer server = new FakeServer();

    @AfterEach
    void close() {
        server.close();
    }

    private Desk.Outcome run(String... words) {
        return Desk.at(server).run(words);
    }

    @Test
    void endpointsAreATable() {
        server.on("GET /v1/webhook-endpoints", 200, Jobs.page("", """
                {"id":"we_1","url":"https://example.test/hook","events":["job.complete","job.failed"],"description":null,
                 "status":"disabled","disabled_reason":"gone","labels_filter":{}}"""));

        assertThat(run("webhooks", "endpoints").out()).isEqualTo("""
                ENDPOINT  STATUS    URL                        EVENTS                   DESCRIPTION  DISABLED BECAUSE
                we_1      disabled  https://example.test/hook  job.complete,job.failed  -            gone
                """);
    }

    @Test
    void deliveriesAreATableAndFiltersArePassedOn() {
        server.on("GET /v1/webhook-deliveries", 200, Jobs.page("", """
                {"id":"evt_2","type":"job.complete","job_id":"job_1","endpoint_id":"we_1","url":null,"status":"pending",
                 "created_at":"2026-11-21T07:58:00Z","next_attempt_at":"2026-11-21T08:05:00Z","finished_at":null,"attempts":[
                 {"number":1,"at":"2026-11-21T07:59:00Z","status_code":500,"latency_ms":3,"answer":"no","error":null},
                 {"number":2,"at":"2026-11-21T08:00:00Z","status_code":null,"latency_ms":1,"answer":null,"error":"refused"}]}""", """
                {"id":"evt_1","type":"job.failed","job_id":"job_2","endpoint_id":null,"url":"https://a.test/h","status":"delivered",
                 "created_at":"2026-11-21T07:58:00Z","next_attempt_at":null,"finished_at":"2026-11-21T07:58:01Z","attempts":[
                 {"number":1,"at":"2026-11-21T07:58:01Z","status_code":200,"latency_ms":3,"answer":"ok","error":null}]}"""));

        var outcome = run("webhooks", "deliveries", "--endpoint=we_1", "--job=job_1", "--status=pending");

        assertThat(outcome.out().lines().map(line -> line.replaceAll(" +", " ")))
                .containsExactly(
                        "DELIVERY STATUS EVENT JOB TO TRIES LAST NEXT CODE ANSWER",
                        "evt_2 pending job.complete job_1 we_1 2 2026-11-21T08:00:00Z 2026-11-21T08:05:00Z - refused",
                        "evt_1 delivered job.failed job_2 https://a.test/h 1 2026-11-21T07:58:01Z - 200 ok");
        assertThat(server.onlyCall().query()).isEqualTo("endpoint_id=we_1&job_id=job_1&status=pending");
    }

    @Test
    void deliveriesAreSentAgainOneByOneOrSinceATime() {
        server.on("POST /v1/webhook-deliveries/evt_1/redeliver", 202, "{}")
                .on("POST /v1/webhook-deliveries/evt_2/redeliver", 202, "{}")
                .on("POST /v1/webhook-endpoints/we_1/recover", 202, "{\"recovered\":4}");

        assertThat(run("webhooks", "redeliver", "evt_1", "evt_2").err())
                .isEqualTo("to be sent again: evt_1\nto be sent again: evt_2\n");
        assertThat(run("webhooks", "redeliver", "--endpoint=we_1", "--since=6h"))
                .isEqualTo(new Desk.Outcome(0, "", "to be sent again: 4 that failed since 2026-11-21T02:00:00Z\n"));
        assertThat(server.calls().getLast().body()).isEqualTo("{\"since\":\"2026-11-21T02:00:00Z\"}");
        assertThat(run("webhooks", "redeliver").status()).isEqualTo(2);
        assertThat(run("webhooks", "redeliver", "--endpoint=we_1").status()).isEqualTo(2);
        assertThat(run("webhooks", "redeliver", "evt_1", "--endpoint=we_1", "--since=6h")
                        .status())
                .isEqualTo(2);
    }

    @Test
    void anEndpointIsRemoved() {
        server.on("DELETE /v1/webhook-endpoints/we_1", 200, "{\"id\":\"we_1\",\"deleted\":true}");

        assertThat(run("webhooks", "remove", "we_1")).isEqualTo(new Desk.Outcome(0, "", "removed\n"));
        assertThat(run("webhooks", "remove", "--json", "we_1").out()).isEqualTo("{\"id\":\"we_1\",\"deleted\":true}\n");
        assertThat(run("webhooks", "remove", "we_2").status()).isEqualTo(3);
    }
}
