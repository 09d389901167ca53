package dev.longshore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.cli.job.Json;
import dev.longshore.cli.surroundings.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubmitTest {
    private static final String POST = "POST /v1/jobs";
    private static final String GET = "GET /v1/jobs/" + Jobs.ID;

    private final FakeServer server = new FakeServer();
    private final Desk desk = Desk.at(server);

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void aPromptBecomesAChatAndItsIdIsPrinted() {
        server.on(POST, 202, Jobs.queued());

        var outcome = desk.run("submit", "--model", "sim-small", "--system", "Be brief.", "Why is the sky blue?");

        assertThat(outcome.status()).isZero();
        assertThat(outcome.out()).isEqualTo(Jobs.ID + "\n");
        assertThat(outcome.err())
                .isEqualTo("queued on lane standard, place 3; to watch it: longshore watch " + Jobs.ID + "\n");
        var call = server.onlyCall();
        assertThat(call.header("Content-Type")).isEqualTo("application/json");
        assertThat(call.header("Idempotency-Key")).matches("cli-[0-9a-f]{32}");
        assertThat(Optional.of(call.json())).isEqualTo(Json.read("""
                {"operation":"chat","input":{"model":"sim-small","messages":[
                  {"role":"system","content":"Be brief."},{"role":"user","content":"Why is the sky blue?"}]}}"""));
    }

    @Test
    void everyOptionHasItsField() {
        server.on(POST, 202, Jobs.queued());

        desk.run(
                "submit",
                "--model=sim-embed",
                "--operation=embed",
                "--lane=batch",
                "--priority=-5",
                "--deadline=2h",
                "--delay=90",
                "--label=team=search",
                "--label=a=b=c",
                "--max-cost=0.000000001",
                "--webhook=https://example.test/hook",
                "--idempotency-key=once",
                "tea");

        assertThat(server.onlyCall().header("Idempotency-Key")).isEqualTo("once");
        assertThat(server.onlyCall().body()).isEqualTo("""
                {"operation":"embed","input":{"model":"sim-embed","input":"tea"},"lane":"batch","priority":-5,\
                "deadline_seconds":7200,"delay_seconds":90,"max_cost_usd":0.000000001,\
                "webhook":{"url":"https://example.test/hook"},"labels":{"team":"search","a":"b=c"}}""");
    }

    @Test
    void runAtIsATimeOrASpanFromNowAndAnEndpointIsToldFromAUrl() {
        server.on(POST, 202, Jobs.queued());

        desk.run("submit", "--model=m", "--run-at=5m", "--webhook=we_1", "hello");
        desk.run("submit", "--model=m", "--run-at=2026-11-21T10:00:00+01:00", "hello");

        assertThat(server.calls())
                .extracting(call -> call.json().path("run_at").asText())
                .containsExactly("2026-11-21T08:05:00Z", "2026-11-21T09:00:00Z");
        assertThat(server.calls().getFirst().json().path("webhook").toString()).isEqualTo("{\"endpoint_id\":\"we_1\"}");
    }

    @Test
    void aPromptMayBeginWithAnAtAndIsNoFileThen() {
        server.on(POST, 202, Jobs.queued());

        desk.with("LONGSHORE_MODEL", "sim-small").run("submit", "@home ${sys:user.name} ünïcödé 茶");

        assertThat(server.onlyCall().json().at("/input/messages/0/content").asText())
                .isEqualTo("@home ${sys:user.name} ünïcödé 茶");
        assertThat(server.onlyCall().json().at("/input/model").asText()).isEqualTo("sim-small");
    }

    @Test
    void aFileIsAWholeRequestThatOptionsOverrule(@TempDir Path folder) throws IOException {
        server.on(POST, 202, Jobs.queued());
        Path file = Files.writeString(folder.resolve("request.json"), """
                {"operation":"classify-ticket@3","input":{"text":"é","n":1.10},"lane":"batch","run_at":"2027-01-01T00:00:00Z",
                 "labels":{"a":"1"},"idempotency_key":"mine"}""");

        desk.run(
                "submit",
                "-f",
                file.toString(),
                "--lane",
                "interactive",
                "--label",
                "b=2",
                "--delay",
                "1",
                "--model",
                "m");

        assertThat(server.onlyCall().headers()).doesNotContainKey("Idempotency-Key");
        assertThat(server.onlyCall().body()).isEqualTo("""
                {"operation":"classify-ticket@3","input":{"text":"é","n":1.10,"model":"m"},"lane":"interactive",\
                "labels":{"a":"1","b":"2"},"idempotency_key":"mine","delay_seconds":1}""");
    }

    @ParameterizedTest
    @ValueSource(strings = {"submit", "submit -f -"})
    void withoutAPromptTheRequestIsReadFromTheInput(String words) {
        server.on(POST, 202, Jobs.queued());

        desk.input("{\"operation\":\"chat\"}\n").run(words.split(" "));

        assertThat(server.onlyCall().body()).isEqualTo("{\"operation\":\"chat\"}");
    }

    @Test
    void jsonIsTheJobAndQuietIsItsId() {
        server.on(POST, 202, Jobs.queued());

        assertThat(desk.run("submit", "--json", "--model=m", "x").out())
                .isEqualTo(Json.line(Json.read(Jobs.queued()).orElseThrow()) + "\n");
        var quiet = Desk.at(server).run("submit", "-q", "--model=m", "x");
        assertThat(quiet.out()).isEqualTo(Jobs.ID + "\n");
        assertThat(quiet.err()).isEmpty();
    }

    @Test
    void waitPrintsTheResultAndEndsAsTheJobDid() {
        server.on(POST, 202, Jobs.queued()).on(GET, 200, Jobs.queued()).on(GET, 200, Jobs.complete("Because."));

        var outcome = desk.run("submit", "--model=m", "--wait", "Why?");

        assertThat(outcome)
                .isEqualTo(new Desk.Outcome(
                        0,
                        "Because.\n",
                        Jobs.ID + " queued on lane standard, place 3\n"
                                + "complete  after 12 s, 342 tokens in, 156 out, $0.000145, sim-small\n"));
        assertThat(server.calls(GET)).extracting(FakeServer.Call::query).containsExactly("", "wait=60");
    }

    @Test
    void aLongWaitIsCutIntoPiecesAndHasAnEnd() {
        server.on(POST, 202, Jobs.queued()).on(GET, exchange -> {
            String query = exchange.getRequestURI().getQuery();
            if (query != null) {
                desk.moveClock(Duration.ofSeconds(Long.parseLong(query.replace("wait=", ""))));
            }
            FakeServer.send(exchange, 200, "application/json", Jobs.processing());
        });

        var outcome = desk.run("submit", "--model=m", "--wait=130", "Why?");

        assertThat(outcome.status()).isEqualTo(5);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err())
                .endsWith("not over after 2 min 10 s; the job goes on: longshore watch " + Jobs.ID + "\n");
        assertThat(server.calls(GET))
                .extracting(FakeServer.Call::query)
                .containsExactly("", "wait=60", "wait=60", "wait=10");
    }

    @Test
    void aJobThatFailsOrIsCancelledWhileWaitedForIsToldByTheStatus() {
        server.on(POST, 202, Jobs.queued()).on(GET, 200, Jobs.failed()).on(GET, 200, Jobs.cancelled());

        var failed = desk.run("submit", "-q", "--model=m", "--wait", "Why?");
        assertThat(failed.status()).isEqualTo(1);
        assertThat(failed.err())
                .isEqualTo("failed  PROVIDER_UNAVAILABLE: status 500  after 12 s, 5 attempts, sim-small\n");
        assertThat(Desk.at(server)
                        .run("submit", "-q", "--model=m", "--wait", "Why?")
                        .status())
                .isEqualTo(6);
    }

    @Test
    void anAnswerThatIsLostIsAskedForAgainWithTheSameKey() {
        server.on(POST, exchange -> {
                    throw new IOException("closed without an answer");
                })
                .on(
                        POST,
                        FakeServer.json(
                                503,
                                "{\"error\":{\"code\":\"UNAVAILABLE\",\"message\":\"away\"}}",
                                Map.of("Retry-After", "2")))
                .on(POST, FakeServer.json(200, Jobs.queued(), Map.of("Idempotency-Replayed", "true")));

        var outcome = desk.run("submit", "--model=m", "Why?");

        assertThat(outcome.status()).isZero();
        assertThat(outcome.err()).startsWith("this request was made before; here is its job\n");
        assertThat(server.calls())
                .hasSize(3)
                .extracting(call -> call.header("Idempotency-Key"))
                .containsOnly(server.calls().getFirst().header("Idempotency-Key"));
        assertThat(desk.pauses()).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2));
    }

    @Test
    void aServerThatStaysAwayIsGivenUp() {
        server.on(POST, FakeServer.error(503, "UNAVAILABLE", "The database cannot be reached.", ""));

        var outcome = desk.run("submit", "--model=m", "Why?");

        assertThat(outcome.status()).isEqualTo(4);
        assertThat(server.calls()).hasSize(3);
    }

    @Test
    void whatTheServerSaysOfAModelIsPassedOn() {
        server.on(
                        POST,
                        FakeServer.json(
                                202,
                                Jobs.queued(),
                                Map.of(
                                        "Deprecation", "@1",
                                        "Sunset", "Tue, 01 Jun 2027 00:00:00 GMT",
                                        "Link", "</v1/models/new>; rel=\"successor-version\"")))
                .on(
                        POST,
                        FakeServer.json(
                                202, Jobs.queued(), Map.of("Longshore-Model-Replaced", "\"old\";successor=\"new\"")));

        assertThat(desk.run("submit", "--model=m", "x").err())
                .startsWith(
                        "note: the model is deprecated and ends on Tue, 01 Jun 2027 00:00:00 GMT; after it comes </v1/models/new>; rel=\"successor-version\"\n");
        assertThat(Desk.at(server).run("submit", "--model=m", "x").err())
                .startsWith("note: the model is shut down, another one takes its jobs: \"old\";successor=\"new\"\n");
    }

    @Test
    void whatCannotBeMeantIsRefusedBeforeAnythingIsSent() {
        for (List<String> words : List.of(
                List.of("submit", "x"),
                List.of("submit", "--model=m", "x", "-f", "y"),
                List.of("submit", "--model=m", "--delay=1", "--run-at=1h", "x"),
                List.of("submit", "--model=m", "--operation=classify", "x"),
                List.of("submit", "--model=m", "--operation=embed", "--system=s", "x"),
                List.of("submit", "--system=s", "-f", "-"),
                List.of("submit", "-f", "/nowhere/at/all"),
                List.of("submit", "--model=m", "--deadline=soon", "x"),
                List.of("submit", "--model=m", "--run-at=tomorrow", "x"),
                List.of("submit", "--model=m", "--label=novalue", "x"),
                List.of("submit", "--model=m", "--wait=x", "x"),
                List.of("submit", "--model=m", "x", "y"),
                List.of("submit", "--modle=m", "x"))) {
            var outcome = Desk.at(server).input("[]").run(words.toArray(String[]::new));
            assertThat(outcome.status()).as(words + outcome.err()).isEqualTo(2);
            assertThat(outcome.err()).endsWith("try: longshore submit --help\n");
        }
        assertThat(server.calls()).isEmpty();
    }

    @Test
    void whoSitsBeforeAnEmptyInputIsNotLeftWaiting() {
        var outcome = desk.terminal(new Terminal(true, false, false, 80, 24)).run("submit");

        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.err()).startsWith("give a prompt, or a request with --file\n");
    }

    @Test
    void aRequestThatIsNoJsonIsToldWithItsLine() {
        assertThat(desk.input("{\n  \"operation\": nope\n}").run("submit").err())
                .contains("the standard input is no JSON: ")
                .contains("(line 2)");
        assertThat(Desk.at(server).input("[]").run("submit").err())
                .startsWith("the standard input must be one JSON object: the body of POST /v1/jobs\n");
        assertThat(Desk.at(server).input("").run("submit").status()).isEqualTo(2);
    }
}
