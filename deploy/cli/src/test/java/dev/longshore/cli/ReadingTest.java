package dev.longshore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.cli.job.Json;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The commands that look at jobs and models.
class ReadingTest {
    private static final String GET = "GET /v1/jobs/" + Jobs.ID;

    private final FakeServer server = new FakeServer();
    private final Desk desk = Desk.at(server);

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void aJobIsShownOnOnePage() {
        server.on(GET, 200, Jobs.complete("Because.\\nReally."));

        assertThat(desk.run("get", Jobs.ID)).isEqualTo(new Desk.Outcome(0, """
                job_0199c5d2  complete
                  operation  chat@1
                  lane       standard
                  model      sim-small (paper)
                  attempt    1 of 5
                  created    2026-11-21T07:59:48Z (12 s ago)
                  finished   2026-11-21T08:00:00Z (0 s ago)
                  tokens     342 in, 156 out
                  cost       $0.000145
                Because.
                Really.
                """, ""));
        assertThat(server.onlyCall().query()).isEmpty();
    }

    @Test
    void anOpenJobSaysWhyItWaits() {
        server.on(
                GET,
                200,
                Jobs.open(
                        "waiting",
                        1,
                        ",\"labels\":{\"team\":\"search\"},\"waiting\":{\"reason\":\"backoff\",\"until\":\"2026-11-21T08:01:05Z\",\"detail\":null}"));

        assertThat(desk.run("get", Jobs.ID).out())
                .contains("  waiting    backoff until 2026-11-21T08:01:05Z\n")
                .contains("  labels     team=search\n")
                .contains("  deadline   2026-11-21T08:59:48Z (in 59 min 48 s)\n");
    }

    @Test
    void aFailedJobIsStillAnAnswer() {
        server.on(GET, 200, Jobs.failed());

        var outcome = desk.run("get", Jobs.ID);

        assertThat(outcome.status()).isZero();
        assertThat(outcome.out()).contains("  error      PROVIDER_UNAVAILABLE: status 500\n");
        assertThat(desk.run("get", Jobs.ID, "--wait", "5").status()).isEqualTo(1);
    }

    @Test
    void waitingForAJobEndsAsItDid() {
        server.on(GET, 200, Jobs.processing()).on(GET, exchange -> {
            desk.moveClock(Duration.ofSeconds(20));
            FakeServer.send(exchange, 200, "application/json", Jobs.processing());
        });

        var outcome = desk.run("get", Jobs.ID, "--wait", "20");

        assertThat(outcome.status()).isEqualTo(5);
        assertThat(server.calls()).extracting(FakeServer.Call::query).containsExactly("", "wait=20");
    }

    @Test
    void quietIsTheResultAloneAndJsonIsWhatTheServerSent() {
        server.on(GET, 200, Jobs.complete("Because."));

        assertThat(desk.run("get", "-q", Jobs.ID).out()).isEqualTo("Because.\n");
        assertThat(Desk.at(server).run("get", "--json", Jobs.ID).out())
                .isEqualTo(Json.line(Json.read(Jobs.complete("Because.")).orElseThrow()) + "\n");
    }

    @Test
    void resultsThatAreNoChatAreShownToo() {
        server.on(
                        GET,
                        200,
                        Jobs.open(
                                "complete",
                                1,
                                ",\"result\":{\"object\":\"list\",\"data\":[{\"embedding\":[0.1,0.2]},{\"embedding\":[0.3,0.4]}]}"))
                .on(GET, 200, Jobs.open("complete", 1, ",\"result\":{\"label\":\"spam\",\"score\":0.90}"))
                .on(
                        GET,
                        200,
                        Jobs.open(
                                "complete",
                                1,
                                ",\"result\":{\"choices\":[{\"message\":{\"content\":null,\"tool_calls\":[{\"function\":{\"name\":\"look_up\",\"arguments\":\"{\\\"id\\\":7}\"}}]}}]}"))
                .on(
                        GET,
                        200,
                        Jobs.open(
                                "complete",
                                1,
                                ",\"result\":{\"choices\":[{\"message\":{\"content\":[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"text\",\"text\":\"b\"}]}}]}"))
                .on(
                        GET,
                        200,
                        Jobs.open(
                                "complete",
                                1,
                                ",\"result\":{\"choices\":[{\"message\":{\"content\":null,\"refusal\":\"I would rather not.\"}}]}"));

        assertThat(desk.run("get", "-q", Jobs.ID).out()).isEqualTo("2 vectors of 2 numbers; --json has them\n");
        assertThat(Desk.at(server).run("get", "-q", Jobs.ID).out())
                .isEqualTo("{\n  \"label\" : \"spam\",\n  \"score\" : 0.90\n}\n");
        assertThat(Desk.at(server).run("get", "-q", Jobs.ID).out()).isEqualTo("look_up({\"id\":7})\n");
        assertThat(Desk.at(server).run("get", "-q", Jobs.ID).out()).isEqualTo("ab\n");
        assertThat(Desk.at(server).run("get", "-q", Jobs.ID).out()).isEqualTo("I would rather not.\n");
    }

    @Test
    void aListIsATableAndEveryFilterIsPassedOn() {
        server.on(
                "GET /v1/jobs",
                200,
                Jobs.page("job_next", Jobs.queued(), Jobs.waiting("budget", "2026-11-21T09:00:00Z"), Jobs.failed()));

        var outcome = desk.run(
                "list",
                "--status=failed",
                "--lane=batch",
                "--operation=chat@1",
                "--batch=batch_1",
                "--label=team=a b&c",
                "--created-after=2h",
                "--created-before=2026-11-21T07:59:59Z",
                "--limit=3",
                "--after=job_9");

        assertThat(outcome.out()).isEqualTo("""
                JOB           STATUS   OPERATION  LANE      MODEL      ATTEMPT  AGE   WAITS FOR / ERROR
                job_0199c5d2  queued   chat@1     standard  sim-small  0/5      12 s  -
                job_0199c5d2  waiting  chat@1     standard  sim-small  1/5      12 s  budget
                job_0199c5d2  failed   chat@1     standard  sim-small  5/5      12 s  PROVIDER_UNAVAILABLE
                """);
        assertThat(outcome.err()).isEqualTo("there are more: --after job_next, or --all\n");
        assertThat(server.onlyCall().query())
                .isEqualTo(
                        "status=failed&lane=batch&operation=chat@1&batch_id=batch_1"
                                + "&created_after=2026-11-21T06:00:00Z&created_before=2026-11-21T07:59:59Z&label.team=a b&c&limit=3&after=job_9");
    }

    @Test
    void allPagesAreFollowed() {
        server.on("GET /v1/jobs", 200, Jobs.page("job_2", Jobs.queued()))
                .on("GET /v1/jobs", 200, Jobs.page("", Jobs.failed()));

        assertThat(desk.run("list", "--all", "-q")).isEqualTo(new Desk.Outcome(0, Jobs.ID + "\n" + Jobs.ID + "\n", ""));
        assertThat(server.calls())
                .extracting(FakeServer.Call::query)
                .containsExactly("limit=100", "limit=100&after=job_2");
    }

    @Test
    void anEmptyListSaysSoBesideTheOutput() {
        server.on("GET /v1/jobs", 200, Jobs.page(""));

        assertThat(desk.run("list")).isEqualTo(new Desk.Outcome(0, "", "none\n"));
        assertThat(Desk.at(server).run("list", "--json"))
                .isEqualTo(new Desk.Outcome(0, "{\"data\":[],\"has_more\":false,\"next\":null}\n", ""));
    }

    @Test
    void attemptsAndTheTimelineAreTables() {
        server.on(GET + "/attempts", 200, Jobs.page("", """
                {"epoch":1,"attempt":1,"status":"throttled","charged":false,"provider":"paper","model":"sim-small",
                 "started_at":"2026-11-21T08:00:00.001Z","ended_at":"2026-11-21T08:00:00.051Z","latency_ms":50,"first_byte_ms":null,
                 "http_status":429,"error":{"code":"PROVIDER_RATE_LIMITED","message":"later"},
                 "usage":{"input_tokens":0,"cached_input_tokens":0,"output_tokens":0},"cost_usd":0,"held_usd":0,
                 "provider_request_id":null,"worker":"w1"}"""));
        server.on(GET + "/timeline", 200, Jobs.page("", """
                {"time":"2026-11-21T08:00:00.001Z","status":"queued","reason":"accepted","who":"key demo","detail":null}""", """
                {"time":"2026-11-21T08:00:01.001Z","status":"waiting","reason":"rate_limited","who":"w1","detail":{"until":"x"}}"""));

        assertThat(desk.run("attempts", Jobs.ID).out()).isEqualTo("""
                ATTEMPT   STATUS     MODEL      PROVIDER  STARTED                   TOOK   HTTP  TOKENS  COST  REQUEST ID  ERROR
                1 (free)  throttled  sim-small  paper     2026-11-21T08:00:00.001Z  50 ms  429   0+0     $0    -           PROVIDER_RATE_LIMITED: later
                """);
        assertThat(Desk.at(server).run("timeline", Jobs.ID).out()).isEqualTo("""
                TIME                      STATUS   REASON        WHO       DETAIL
                2026-11-21T08:00:00.001Z  queued   accepted      key demo  -
                2026-11-21T08:00:01.001Z  waiting  rate_limited  w1        {"until":"x"}
                """);
    }

    @Test
    void modelsAreATable() {
        server.on("GET /v1/models", 200, """
                {"object":"list","data":[{"id":"sim-small","object":"model","created":0,"owned_by":"sim","provider":"sim","version":"v",
                 "aliases":["small","s"],"usd_per_million":{"input":0.15,"output":0.60},"context_tokens":128000,"max_output_tokens":null,
                 "capabilities":["chat","tools"],"status":"available"}]}""");

        assertThat(desk.run("models").out()).isEqualTo("""
                MODEL      STATUS     PROVIDER  CONTEXT  INPUT  OUTPUT  CAN         ALSO CALLED
                sim-small  available  sim       128000   0.15   0.60    chat,tools  small,s
                """);
        assertThat(Desk.at(server).run("models", "-q").out()).isEqualTo("sim-small\n");
    }

    @Test
    void aCancelSaysWhatBecameOfTheJob() {
        server.on("POST /v1/jobs/" + Jobs.ID + "/cancel", 200, Jobs.cancelled())
                .on("POST /v1/jobs/" + Jobs.ID + "/cancel", 202, Jobs.processing())
                .on("POST /v1/jobs/" + Jobs.ID + "/cancel", 200, Jobs.complete("x"));

        assertThat(desk.run("cancel", Jobs.ID).err()).isEqualTo("job_0199c5d2 is cancelled\n");
        assertThat(Desk.at(server).run("cancel", Jobs.ID).err())
                .isEqualTo("job_0199c5d2 is being stopped by its worker\n");
        assertThat(Desk.at(server).run("cancel", Jobs.ID))
                .isEqualTo(new Desk.Outcome(0, "", "job_0199c5d2 was over before: it is complete\n"));
    }

    @Test
    void deadLettersAreListedReplayedAndDiscarded() {
        server.on("GET /v1/dead-letters", 200, Jobs.page("", Jobs.failed()))
                .on("POST /v1/dead-letters/replay", 202, "{\"replayed\":2}")
                .on("POST /v1/dead-letters/discard", 202, "{\"discarded\":7}");

        assertThat(desk.run("dead-letters", "--error-code=PROVIDER_UNAVAILABLE", "--failed-after=1d")
                        .out())
                .isEqualTo("""
                JOB           FAILED   OPERATION  LANE      MODEL      ATTEMPT  CODE                  MESSAGE
                job_0199c5d2  0 s ago  chat@1     standard  sim-small  5/5      PROVIDER_UNAVAILABLE  status 500
                """);
        assertThat(server.onlyCall().query())
                .isEqualTo("error_code=PROVIDER_UNAVAILABLE&failed_after=2026-11-20T08:00:00Z");
        assertThat(Desk.at(server)
                        .run("dead-letters", "replay", "job_1", "job_2")
                        .out())
                .isEqualTo("2 replayed\n");
        assertThat(server.calls().getLast().body()).isEqualTo("{\"job_ids\":[\"job_1\",\"job_2\"]}");
        assertThat(Desk.at(server)
                        .run("dead-letters", "discard", "--all-matching", "--lane=batch", "--failed-before=7d")
                        .out())
                .isEqualTo("7 discarded\n");
        assertThat(server.calls().getLast().body())
                .isEqualTo("{\"filter\":{\"lane\":\"batch\",\"failed_before\":\"2026-11-14T08:00:00Z\"}}");
        assertThat(Desk.at(server)
                        .run("dead-letters", "replay", "--all-matching", "--json")
                        .out())
                .isEqualTo("{\"replayed\":2}\n");
        assertThat(server.calls().getLast().body()).isEqualTo("{\"filter\":{}}");
    }

    @Test
    void anOrderAboutDeadLettersMustBeClear() {
        assertThat(desk.run("dead-letters", "replay").status()).isEqualTo(2);
        assertThat(desk.run("dead-letters", "discard", "--all-matching", "job_1")
                        .status())
                .isEqualTo(2);
        assertThat(desk.run("dead-letters", "discard", "--lane=batch", "job_1").status())
                .isEqualTo(2);
        assertThat(server.calls()).isEmpty();
    }
}
