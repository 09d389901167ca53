package dev.longshore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is said when something is refused or not reached, and what is never said.
class RefusalsTest {
    private static final String GET = "GET /v1/jobs/" + Jobs.ID;

    private final FakeServer server = new FakeServer();
    private final Desk desk = Desk.at(server);

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void aRefusalIsToldInWords() {
        server.on("POST /v1/jobs", FakeServer.json(400, """
                {"error":{"code":"INVALID_REQUEST","type":"invalid_request_error","message":"must be one of batch, interactive, standard (and 1 more)",
                 "param":"lane","details":{"errors":[{"pointer":"/lane","message":"must be one of batch, interactive, standard"},
                 {"pointer":"/priority","message":"must be at most 100"}]},"retryable":false,"trace_id":"4bf9"}}""", Map.of("X-Request-Id", "req_7")));

        assertThat(desk.run("submit", "--model=m", "--lane=fast", "--priority=101", "x"))
                .isEqualTo(new Desk.Outcome(3, "", """
                refused: must be one of batch, interactive, standard (and 1 more)
                  field       lane
                  also        /priority: must be at most 100
                  code        INVALID_REQUEST (HTTP 400)
                  request id  req_7
                  trace id    4bf9
                """));
    }

    @Test
    void detailsASuggestionAndTheTimeToComeBackAreTold() {
        server.on("POST /v1/jobs", FakeServer.json(400, """
                {"error":{"code":"CONTEXT_LENGTH_EXCEEDED","type":"t","message":"Too long.","param":"input.messages",
                 "details":{"input_tokens":135000,"suggestion":"Shorten the input or split it.","models":["a","b"]},"retryable":false,"trace_id":"t"}}""", Map.of()))
                .on(
                        "POST /v1/jobs",
                        FakeServer.json(
                                429,
                                "{\"error\":{\"code\":\"queue_full\",\"message\":\"Full.\",\"param\":null,\"details\":{}}}",
                                Map.of("Retry-After", "75")));

        assertThat(desk.run("submit", "--model=m", "x").err())
                .contains(
                        "  input tokens 135000\n",
                        "  models      [\"a\",\"b\"]\n",
                        "  suggestion  Shorten the input or split it.\n");
        assertThat(Desk.at(server).run("submit", "--model=m", "x").err())
                .isEqualTo("refused: Full.\n  again after 1 min 15 s\n  code        QUEUE_FULL (HTTP 429)\n");
    }

    @Test
    void withJsonARefusalIsJsonToo() {
        server.on(GET, FakeServer.error(404, "NOT_FOUND", "There is no such job.", ""));

        var outcome = desk.run("get", "--json", Jobs.ID);

        assertThat(outcome.status()).isEqualTo(3);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err())
                .startsWith("{\"error\":{\"code\":\"NOT_FOUND\",")
                .endsWith("}}\n");
    }

    @ParameterizedTest
    @CsvSource({"500,4", "502,4", "503,4", "400,3", "402,3", "409,3", "413,3", "422,3", "429,3", "302,4"})
    void theStatusTellsWhoseMatterItIs(int http, int exit) {
        server.on(GET, FakeServer.error(http, "SOMETHING", "No.", ""));

        assertThat(desk.run("get", Jobs.ID).status()).isEqualTo(exit);
    }

    @Test
    void whatAProxyAnswersIsToldAsSuch() {
        server.on(
                GET,
                exchange -> FakeServer.send(
                        exchange, 502, "text/html", "<html>\n<h1>Bad\u0007 Gateway</h1>" + "x".repeat(1000)));

        assertThat(desk.run("get", Jobs.ID).err())
                .startsWith(
                        "refused: the server answered 502, and not in Longshore's words\n  answer      <html> <h1>Bad␇ Gateway</h1>xxx")
                .hasSizeLessThan(500);
    }

    @Test
    void whatAnswersInNoJsonIsNotLongshore() {
        server.on(GET, exchange -> FakeServer.send(exchange, 200, "text/html", "<html>"));

        var outcome = desk.run("get", Jobs.ID);

        assertThat(outcome.status()).isEqualTo(4);
        assertThat(outcome.err()).contains("what answers at " + server.url() + " is no Longshore");
    }

    @Test
    void nobodyThereIsNotReached() throws IOException {
        int port;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }

        var outcome =
                desk.with("LONGSHORE_URL", "http://127.0.0.1:" + port + "/").run("submit", "--model=m", "x");

        assertThat(outcome)
                .isEqualTo(new Desk.Outcome(
                        4,
                        "",
                        "not reached: nothing listens at http://127.0.0.1:" + port
                                + "\n  is it running? --base-url or LONGSHORE_URL says where to look\n"));
    }

    @Test
    void aHostWithoutAddressIsNotReached() {
        assertThat(desk.run("get", "--base-url=http://nowhere.invalid", Jobs.ID).err())
                .startsWith("not reached: http://nowhere.invalid is not known: its host has no address\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://h",
                "127.0.0.1:8080",
                "http://",
                "http://user:pass@h",
                "http://h?x=1",
                "http://h h",
                "http://h#f"
            })
    void aBaseUrlMustBeOne(String url) {
        var outcome = desk.run("get", "--base-url", url, Jobs.ID);

        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.err()).startsWith("--base-url: ").doesNotContain("pass@");
    }

    @Test
    void aBaseUrlMayHaveAPath() {
        server.on("GET /longshore/v1/jobs/" + Jobs.ID, 200, Jobs.queued());

        assertThat(desk.run("get", "--base-url", server.url() + "/longshore/", Jobs.ID)
                        .status())
                .isZero();
    }

    @Test
    void withoutAKeyTheWayToGiveOneIsSaid() {
        assertThat(desk.without("LONGSHORE_API_KEY").run("get", Jobs.ID).err())
                .startsWith(
                        "refused: This call needs an API key.\n  suggestion  give a valid key with LONGSHORE_API_KEY or --api-key\n");
    }

    @Test
    void aKeyThatIsNoneIsNotRepeated() {
        for (String key : new String[] {"sk-secret\nInjected: x", "sk-secrét", "sk secret", ""}) {
            var outcome = Desk.at(server).run("get", "--api-key", key, Jobs.ID);
            assertThat(outcome.status()).isEqualTo(2);
            assertThat(outcome.err())
                    .startsWith("the API key must be one word of visible ASCII characters\n")
                    .doesNotContain("secr");
        }
        assertThat(server.calls()).isEmpty();
    }

    @Test
    void theOptionIsStrongerThanTheEnvironment() {
        server.on(GET, 200, Jobs.queued());

        assertThat(desk.with("LONGSHORE_API_KEY", "wrong")
                        .run("get", "--api-key", FakeServer.KEY, Jobs.ID)
                        .status())
                .isZero();
        assertThat(desk.with("LONGSHORE_URL", "http://nowhere.invalid")
                        .run("--base-url", server.url(), "get", "--api-key=" + FakeServer.KEY, Jobs.ID)
                        .status())
                .isZero();
    }

    @Test
    void theKeyOfTheStackThatRunsFromTheCheckoutIsFound(@TempDir Path checkout) throws IOException {
        server.on(GET, 200, Jobs.queued());
        stack(checkout.resolve(".longshore"), "a-stopped-one", Long.MAX_VALUE);
        stack(
                checkout.resolve(".longshore-demo"),
                FakeServer.KEY,
                ProcessHandle.current().pid());

        assertThat(desk.without("LONGSHORE_API_KEY")
                        .home(checkout)
                        .run("get", Jobs.ID)
                        .status())
                .isZero();
    }

    @Test
    void ofTwoStacksNoneIsGuessed(@TempDir Path checkout) throws IOException {
        stack(
                checkout.resolve(".longshore"),
                FakeServer.KEY,
                ProcessHandle.current().pid());
        stack(
                checkout.resolve(".longshore-demo"),
                FakeServer.KEY,
                ProcessHandle.current().pid());

        var outcome = desk.without("LONGSHORE_API_KEY").home(checkout).run("get", Jobs.ID);

        assertThat(outcome.status()).isEqualTo(3);
        assertThat(outcome.err())
                .contains("two stacks run from this checkout: set LONGSHORE_API_KEY")
                .doesNotContain(FakeServer.KEY);
    }

    @Test
    void noOtherMachineIsShownTheKeyOfTheCheckout(@TempDir Path checkout) throws IOException {
        stack(
                checkout.resolve(".longshore"),
                FakeServer.KEY,
                ProcessHandle.current().pid());

        // The name of this machine's own address, which is not seen to be loopback.
        var outcome = desk.without("LONGSHORE_API_KEY")
                .home(checkout)
                .run("get", "--base-url", server.url().replace("127.0.0.1", "[::ffff:127.0.0.1]"), Jobs.ID);

        assertThat(outcome.status()).isIn(3, 4);
        assertThat(server.calls()).allMatch(call -> !call.headers().containsKey("Authorization"));
    }

    @Test
    void theKeyIsNeverPrinted() {
        server.on(GET, FakeServer.error(500, "INTERNAL", "x", ""));

        for (String[] words : new String[][] {
            {"get", "--api-key", FakeServer.KEY, Jobs.ID},
            {"get", "--api-key", FakeServer.KEY, "--base-url=http://nowhere.invalid", Jobs.ID},
            {"submit", "--api-key", FakeServer.KEY, "--nonsense"},
            {"nonsense", "--api-key", FakeServer.KEY},
            {"--api-key", FakeServer.KEY},
            {"get", "--help", "--api-key", FakeServer.KEY},
        }) {
            var outcome = Desk.at(server).run(words);
            assertThat(outcome.out() + outcome.err()).isNotEmpty().doesNotContain(FakeServer.KEY);
        }
    }

    private static void stack(Path folder, String key, long pid) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("api-key"), key);
        Files.writeString(folder.resolve("lock"), pid + "\n");
    }
}
