package dev.longshore.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longshore.cli.job.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Watching a job to its end over connections of all kinds.
@Timeout(120)
class WatchTest {
    private static final String EVENTS = "GET /v1/jobs/" + Jobs.ID + "/events";
    private static final String MARK = "--- the attempt broke off; its text above does not count ---\n";

    private static final Pattern AGAIN = Pattern.compile("trying again in ([0-9.]+) s");

    private final FakeServer server = new FakeServer();
    private final Desk desk = Desk.at(server);

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void theWholeLifeIsToldInLinesAndTheResultIsTheOutput() {
        server.on(
                EVENTS,
                new EventScript()
                        .event("1", "status", Jobs.queued())
                        .heartbeat()
                        .event("2", "status", Jobs.processing())
                        .event("3", "progress", "{\"progress\":0.4,\"message\":\"page 3\"}")
                        .event("4", "status", Jobs.waiting("rate_limited", "2026-11-21T08:00:14.000Z"))
                        .event("5", "result", Jobs.complete("Because."))
                        .event("6", "done", "[DONE]"));

        var outcome = desk.run("watch", Jobs.ID);

        assertThat(outcome).isEqualTo(new Desk.Outcome(0, "Because.\n", """
                [0 s] queued  place 3
                [0 s] processing  attempt 1 of 5  ···················· 0 %
                [0 s] processing  attempt 1 of 5  ████████············ 40 %  page 3
                [0 s] waiting  attempt 1 of 5  rate_limited for 14 s: asked to wait
                complete  after 12 s, 342 tokens in, 156 out, $0.000145, sim-small
                """));
        assertThat(server.onlyCall().header("Accept")).isEqualTo("text/event-stream");
        assertThat(server.onlyCall().headers()).doesNotContainKey("Last-Event-ID");
    }

    @Test
    void theEndOfTheJobIsTheExitStatus() {
        server.on(EVENTS, new EventScript().event("1", "result", Jobs.failed()).event("2", "done", "[DONE]"))
                .on(
                        EVENTS,
                        new EventScript().event("1", "result", Jobs.cancelled()).event("2", "done", "[DONE]"));

        var failed = desk.run("watch", Jobs.ID);
        assertThat(failed.status()).isEqualTo(1);
        assertThat(failed.out()).isEmpty();
        assertThat(failed.err())
                .isEqualTo("failed  PROVIDER_UNAVAILABLE: status 500  after 12 s, 5 attempts, sim-small\n");
        assertThat(Desk.at(server).run("watch", Jobs.ID).status()).isEqualTo(6);
    }

    @Test
    void tokensArePrintedAsTheyComeAndNotTwice() throws Exception {
        var goOn = new CountDownLatch(1);
        server.on(
                EVENTS,
                new EventScript()
                        .event("1", "status", Jobs.processing())
                        .event("2", "token", "{\"token\":\"Grüße \"}")
                        .waitFor(goOn)
                        .event("3", "token", "{\"token\":\"茶\"}")
                        .event("4", "result", Jobs.complete("Grüße 茶"))
                        .event("5", "done", "[DONE]"));

        var outcome = desk.start("watch", Jobs.ID);
        await().atMost(Desk.PATIENCE).until(() -> desk.out().equals("Grüße "));
        goOn.countDown();

        assertThat(outcome.get(30, TimeUnit.SECONDS).out()).isEqualTo("Grüße 茶\n");
    }

    @Test
    void whateverThePiecesTheTextIsTheSame() {
        String whole =
                "\ufeff: hello\r\n\r\nid: 1\r\nevent: token\r\ndata: {\"token\":\r\ndata: \"Grüße 茶 🍵\"}\r\n\r\n"
                        + "id: 2\nevent: result\ndata: " + Jobs.complete("Grüße 茶 🍵")
                        + "\n\nid:3\nevent:done\ndata:[DONE]\n\n";
        server.on(EVENTS, new EventScript().inBytes(whole));

        assertThat(desk.run("watch", Jobs.ID).out()).isEqualTo("Grüße 茶 🍵\n");
    }

    @Test
    void aStreamThatBreaksOffGoesOnAfterTheLastEvent() {
        server.on(
                        EVENTS,
                        new EventScript()
                                .event("1", "status", Jobs.processing())
                                .event("2", "token", "{\"token\":\"one \"}")
                                .raw("id: 3\nevent: token\ndata: {\"tok")
                                .breakOff())
                .on(EVENTS, FakeServer.error(503, "UNAVAILABLE", "starting", ""))
                .on(
                        EVENTS,
                        new EventScript()
                                // Told again by a server that is not sure what has arrived.
                                .event("2", "token", "{\"token\":\"one \"}")
                                .event("3", "token", "{\"token\":\"two\"}"))
                .on(
                        EVENTS,
                        new EventScript()
                                .event("4", "result", Jobs.complete("one two"))
                                .event("5", "done", "[DONE]"));

        var outcome = desk.run("watch", Jobs.ID);

        assertThat(outcome.status()).isZero();
        assertThat(outcome.out()).isEqualTo("one two\n");
        assertThat(outcome.err())
                .contains(
                        "the connection broke",
                        "trying again in",
                        "the server answered 503",
                        "the server ended the stream before the job did",
                        "connected again");
        assertThat(server.calls())
                .extracting(call -> call.header("Last-Event-ID"))
                .containsExactly("", "2", "2", "3");
        // Half a second at first, then more, and half a second again once the server was heard; a fifth more or less.
        assertThat(AGAIN.matcher(outcome.err()).results().map(found -> Double.valueOf(found.group(1))))
                .satisfiesExactly(
                        first -> assertThat(first).isBetween(0.4, 0.6),
                        second -> assertThat(second).isBetween(0.8, 1.2),
                        afresh -> assertThat(afresh).isBetween(0.4, 0.6));
    }

    @Test
    void aServerSaysHowLongItWantsToBeLeftAlone() {
        server.on(
                        EVENTS,
                        new EventScript()
                                .raw("retry: 3000\n\n")
                                .event("1", "status", Jobs.processing())
                                .breakOff())
                .on(
                        EVENTS,
                        new EventScript()
                                .event("2", "result", Jobs.complete("x"))
                                .event("3", "done", "[DONE]"));

        desk.run("watch", Jobs.ID);

        assertThat(desk.pauses().stream().reduce(Duration.ZERO, Duration::plus)).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void tokensOfAnAttemptThatDiedAreMarkedAndTheResultIsPrintedWhole() {
        server.on(
                EVENTS,
                new EventScript()
                        .event("1", "token", "{\"token\":\"wrong\"}")
                        .event("2", "reset", "{}")
                        .event("3", "token", "{\"token\":\"right\"}")
                        .event("4", "result", Jobs.complete("right"))
                        .event("5", "done", "[DONE]"));

        assertThat(desk.run("watch", Jobs.ID).out()).isEqualTo("wrong\n" + MARK + "right\n");
        assertThat(Desk.at(server).run("watch", "--quiet", Jobs.ID).out()).isEqualTo("right\n");
    }

    @Test
    void aResetNeedsNoDataAndTokensNeedNoNumber() {
        server.on(
                EVENTS,
                new EventScript()
                        .event("7", "status", Jobs.processing())
                        .event("token", "{\"token\":\"a\"}")
                        .event("token", "{\"token\":\"b\"}")
                        .raw("event: reset\n\n")
                        .event("token", "{\"token\":\"c\"}")
                        .event("8", "result", Jobs.complete("c"))
                        .event("9", "done", "[DONE]"));

        assertThat(desk.run("watch", Jobs.ID).out()).isEqualTo("ab\n" + MARK + "c\n");
    }

    @Test
    void onATerminalTokensThatDoNotCountAreWipedOff() {
        server.on(
                EVENTS,
                new EventScript()
                        // 60 characters take two rows of 40, and a line more.
                        .event("1", "token", "{\"token\":\"" + "x".repeat(60) + "\\ny\"}")
                        .event("2", "reset", "{}")
                        .event("3", "token", "{\"token\":\"right\"}")
                        .event("4", "result", Jobs.complete("right"))
                        .event("5", "done", "[DONE]"));

        assertThat(desk.smallScreen().run("watch", Jobs.ID).out())
                .isEqualTo("x".repeat(60) + "\ny" + "\r\u001b[2A\u001b[J" + "right\n");
    }

    @Test
    void textWhoseWidthIsNotKnownIsMarkedInsteadOfWiped() {
        server.on(
                EVENTS,
                new EventScript()
                        .event("1", "token", "{\"token\":\"茶\"}")
                        .event("2", "reset", "{}")
                        .event("3", "result", Jobs.complete("right"))
                        .event("4", "done", "[DONE]"));

        assertThat(desk.smallScreen().run("watch", "--no-color", Jobs.ID).out()).isEqualTo("茶\n" + MARK + "right\n");
    }

    @Test
    void onATerminalOneLineIsDrawnAnewAndNeverWiderThanTheScreen() {
        server.on(
                EVENTS,
                new EventScript()
                        .event("1", "status", Jobs.processing())
                        .event("2", "progress", "{\"progress\":0.5,\"message\":\"" + "long ".repeat(20) + "\"}")
                        .event("3", "result", Jobs.complete("x"))
                        .event("4", "done", "[DONE]"));

        var outcome = desk.smallScreen().run("watch", "--no-color", Jobs.ID);

        String[] drawn = outcome.err().split("\r\u001b\\[K", -1);
        assertThat(drawn[1]).isEqualTo("processing  attempt 1 of 5  ████…  12 s".replace("████", "····"));
        assertThat(drawn[2]).isEqualTo("processing  attempt 1 of 5  ████…  12 s");
        assertThat(outcome.err())
                .endsWith("\r\u001b[Kcomplete  after 12 s, 342 tokens in, 156 out, $0.000145, sim-small\n");
    }

    @Test
    void coloursAreForTerminals() {
        server.on(
                EVENTS,
                new EventScript().event("1", "result", Jobs.complete("x")).event("2", "done", "[DONE]"));

        assertThat(desk.smallScreen().run("watch", Jobs.ID).err()).startsWith("\u001b[32mcomplete\u001b[0m  ");
        assertThat(Desk.at(server)
                        .smallScreen()
                        .with("NO_COLOR", "1")
                        .run("watch", Jobs.ID)
                        .err())
                .startsWith("complete  ");
        assertThat(Desk.at(server).run("watch", Jobs.ID).err()).startsWith("complete  ");
    }

    @Test
    void whatAModelSaysCannotPlayTricksOnATerminal() {
        server.on(
                EVENTS,
                new EventScript()
                        .event("1", "token", "{\"token\":\"\\u001b[2Jgone\\u202e\\u0007\"}")
                        .event("2", "result", Jobs.complete("\\u001b]0;title\\u0007"))
                        .event("3", "done", "[DONE]"));

        assertThat(desk.smallScreen().run("watch", Jobs.ID).out()).isEqualTo("␛[2Jgone\ufffd␇\n␛]0;title␇\n");
        assertThat(Desk.at(server).run("watch", "-q", Jobs.ID).out()).isEqualTo("\u001b]0;title\u0007\n");
    }

    @Test
    void jsonIsALineForEachEvent() {
        server.on(
                        EVENTS,
                        new EventScript()
                                .event("1", "status", Jobs.processing())
                                .event("2", "token", "{\"token\":\"a\"}")
                                .event("reset", "{}")
                                .breakOff())
                .on(
                        EVENTS,
                        new EventScript()
                                .event("4", "news", "not ours")
                                .event("5", "result", Jobs.complete("x"))
                                .event("6", "done", "[DONE]"));

        var outcome = desk.run("watch", "--json", Jobs.ID);

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out().lines())
                .containsExactly(
                        "{\"event\":\"status\",\"id\":\"1\",\"data\":"
                                + Json.line(Json.read(Jobs.processing()).orElseThrow()) + "}",
                        "{\"event\":\"token\",\"id\":\"2\",\"data\":{\"token\":\"a\"}}",
                        "{\"event\":\"reset\",\"data\":{}}",
                        "{\"event\":\"news\",\"id\":\"4\",\"data\":\"not ours\"}",
                        "{\"event\":\"result\",\"id\":\"5\",\"data\":"
                                + Json.line(Json.read(Jobs.complete("x")).orElseThrow()) + "}",
                        "{\"event\":\"done\",\"id\":\"6\",\"data\":\"[DONE]\"}");
    }

    @Test
    void aJobThatIsSaidToBeDoneIsLookedAt() {
        server.on(EVENTS, new EventScript().event("1", "done", "[DONE]"))
                .on("GET /v1/jobs/" + Jobs.ID, 200, Jobs.complete("x"));

        assertThat(desk.run("watch", Jobs.ID).out()).isEqualTo("x\n");
    }

    @Test
    void aResultIsTheEndEvenIfTheLastWordIsLost() {
        server.on(
                EVENTS,
                new EventScript().event("1", "result", Jobs.complete("x")).breakOff());

        assertThat(desk.run("watch", Jobs.ID).status()).isZero();
        assertThat(server.calls()).hasSize(1);
    }

    @Test
    void watchingHasAnEndIfThatIsWanted() throws Exception {
        var never = new CountDownLatch(1);
        server.on(
                EVENTS,
                new EventScript().event("1", "status", Jobs.processing()).waitFor(never));

        var outcome = desk.start("watch", "--timeout=30", Jobs.ID);
        await().atMost(Desk.PATIENCE).until(() -> desk.err().contains("processing"));
        desk.moveClock(Duration.ofSeconds(31));

        assertThat(outcome.get(30, TimeUnit.SECONDS).status()).isEqualTo(5);
        assertThat(desk.err()).endsWith("not over after 30 s; the job goes on: longshore watch " + Jobs.ID + "\n");
        never.countDown();
    }

    @Test
    void aServerThatFallsSilentIsAskedAgain() throws Exception {
        var never = new CountDownLatch(1);
        server.on(
                        EVENTS,
                        new EventScript()
                                .event("1", "status", Jobs.processing())
                                .waitFor(never))
                .on(
                        EVENTS,
                        new EventScript()
                                .event("2", "result", Jobs.complete("x"))
                                .event("3", "done", "[DONE]"));

        var outcome = desk.start("watch", Jobs.ID);
        await().atMost(Desk.PATIENCE).until(() -> desk.err().contains("processing"));
        desk.moveClock(Duration.ofSeconds(46));

        assertThat(outcome.get(30, TimeUnit.SECONDS).status()).isZero();
        assertThat(desk.err()).contains("nothing was heard for 45 s");
        never.countDown();
    }

    @Test
    void aServerThatStaysAwayIsGivenUp() {
        server.on(
                        EVENTS,
                        new EventScript()
                                .event("1", "status", Jobs.processing())
                                .breakOff())
                .on(EVENTS, FakeServer.error(503, "UNAVAILABLE", "away", ""));

        var outcome = desk.run("watch", Jobs.ID);

        assertThat(outcome.status()).isEqualTo(4);
        assertThat(desk.pauses().stream().reduce(Duration.ZERO, Duration::plus))
                .isBetween(Duration.ofMinutes(5), Duration.ofMinutes(6));
        assertThat(desk.pauses()).allMatch(pause -> pause.compareTo(Duration.ofSeconds(12)) <= 0);
    }

    @Test
    void aJobThatIsNotThereIsARefusal() {
        server.on(EVENTS, FakeServer.error(404, "NOT_FOUND", "There is no such job.", ""));

        var outcome = desk.run("watch", Jobs.ID);

        assertThat(outcome.status()).isEqualTo(3);
        assertThat(outcome.err()).startsWith("refused: There is no such job.\n");
    }

    @Test
    void aRefusalAfterABreakIsFinalToo() {
        server.on(
                        EVENTS,
                        new EventScript()
                                .event("1", "status", Jobs.processing())
                                .breakOff())
                .on(EVENTS, FakeServer.error(403, "FORBIDDEN", "This key may not do that.", ""));

        assertThat(desk.run("watch", Jobs.ID).status()).isEqualTo(3);
        assertThat(server.calls()).hasSize(2);
    }

    @Test
    void whatIsNoEventStreamIsNotLongshore() {
        server.on(EVENTS, exchange -> FakeServer.send(exchange, 200, "text/html", "<html>"));

        var outcome = desk.run("watch", Jobs.ID);

        assertThat(outcome.status()).isEqualTo(4);
        assertThat(outcome.err()).startsWith("not reached: what answers at " + server.url() + " is no Longshore\n");
    }

    @Test
    void anEventThatCannotBeReadIsAskedForAgain() {
        server.on(
                        EVENTS,
                        new EventScript()
                                .event("1", "status", Jobs.processing())
                                .event("2", "result", "{\"job_id"))
                .on(
                        EVENTS,
                        new EventScript()
                                .event("2", "result", Jobs.complete("x"))
                                .event("3", "done", "[DONE]"));

        assertThat(desk.run("watch", Jobs.ID).out()).isEqualTo("x\n");
        assertThat(server.calls())
                .extracting(call -> call.header("Last-Event-ID"))
                .containsExactly("", "1");
    }

    @Test
    void ctrlCSaysHowToGoOn() throws Exception {
        var never = new CountDownLatch(1);
        server.on(
                EVENTS,
                new EventScript()
                        .event("1", "status", Jobs.processing())
                        .waitFor(never)
                        .event("2", "result", Jobs.complete("x"))
                        .event("3", "done", "[DONE]"));

        var outcome = desk.start("watch", "--base-url", server.url(), Jobs.ID);
        await().atMost(Desk.PATIENCE).until(() -> desk.err().contains("processing"));
        desk.interrupt();

        assertThat(desk.err()).endsWith("""
                Stopped watching; the job goes on.
                  to watch it again:  longshore watch %1$s --base-url %2$s
                  to cancel it:       longshore cancel %1$s --base-url %2$s
                """.formatted(Jobs.ID, server.url()));
        // Nothing is printed after the last words.
        never.countDown();
        assertThat(outcome.get(30, TimeUnit.SECONDS).out()).isEmpty();
    }

    @Test
    void submitWatchesWhatItSubmitted() {
        server.on("POST /v1/jobs", 202, Jobs.queued())
                .on(
                        EVENTS,
                        new EventScript()
                                .event("1", "token", "{\"token\":\"a\"}")
                                .event("2", "result", Jobs.complete("a"))
                                .event("3", "done", "[DONE]"));

        assertThat(desk.run("submit", "--model=m", "--stream", "x").out()).isEqualTo("a\n");
        assertThat(server.calls().getFirst().json().at("/input/stream").asBoolean())
                .isTrue();
        assertThat(Desk.at(server).run("submit", "--model=m", "--watch", "x").status())
                .isZero();
        assertThat(server.calls("POST /v1/jobs").getLast().json().path("input").has("stream"))
                .isFalse();
    }

    @Test
    void anIdIsEscapedInAPath() {
        server.on("GET /v1/jobs/..%2Fmodels%3Fx/events", FakeServer.error(404, "NOT_FOUND", "no", ""));

        assertThat(desk.run("watch", "../models?x").status()).isEqualTo(3);
        assertThat(server.onlyCall().path()).isEqualTo("/v1/jobs/..%2Fmodels%3Fx/events");
    }

    @Test
    void aLineWithoutEndDoesNotFillTheMemory() {
        byte[] piece = "x".repeat(1024 * 1024).getBytes(StandardCharsets.US_ASCII);
        EventScript endless = new EventScript().event("1", "status", Jobs.processing());
        for (int i = 0; i < 80; i++) {
            endless.raw(piece);
        }
        server.on(EVENTS, endless);

        var outcome = desk.run("watch", Jobs.ID);

        assertThat(outcome.status()).isEqualTo(4);
        assertThat(outcome.err()).contains("an event of the stream is longer than");
    }
}
