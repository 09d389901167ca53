package dev.longshore.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// The program as a process: what only a process has.
@Timeout(120)
class ProgramTest {
    private final FakeServer server = new FakeServer();

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        server.close();
    }

    private Process start(String... words) throws IOException {
        return program(words).start();
    }

    private ProcessBuilder program(String... words) {
        List<String> command = new ArrayList<>();
        if (OS.LINUX.isCurrentOs()) {
            // A build in the background ignores SIGINT, and so would everything that it starts.
            command.addAll(List.of("env", "--default-signal=INT"));
        }
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "dev.longshore.cli.Longshore"));
        command.addAll(List.of(words));
        ProcessBuilder process = new ProcessBuilder(command)
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
        process.environment().put("LONGSHORE_URL", server.url());
        process.environment().put("LONGSHORE_API_KEY", FakeServer.KEY);
        return process;
    }

    private String written(String name) throws IOException {
        return Files.readString(folder.resolve(name), StandardCharsets.UTF_8);
    }

    @Test
    void itEndsWithTheStatusOfTheJob() throws Exception {
        server.on(
                "GET /v1/jobs/" + Jobs.ID + "/events",
                new EventScript().event("1", "result", Jobs.complete("Grüße 茶")).event("2", "done", "[DONE]"));

        Process process = start("watch", Jobs.ID);

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(written("out")).isEqualTo("Grüße 茶\n");
    }

    /// Whoever runs this in the background without a job control has its children ignore Ctrl-C, and theirs as well.
    private static ProcessBuilder minding(ProcessBuilder program) {
        List<String> command = new ArrayList<>(List.of("perl", "-e", "$SIG{INT} = 'DEFAULT'; exec @ARGV"));
        command.addAll(program.command());
        return program.command(command);
    }

    @Test
    void ctrlCEndsIt() throws Exception {
        var never = new CountDownLatch(1);
        server.on(
                "GET /v1/jobs/" + Jobs.ID + "/events",
                new EventScript().event("1", "status", Jobs.processing()).waitFor(never));

        Process process = minding(program("watch", Jobs.ID)).start();
        await().atMost(Desk.PATIENCE).until(() -> written("err").contains("processing"));
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(130);
        assertThat(written("err")).contains("Stopped watching; the job goes on.\n", "longshore cancel " + Jobs.ID);
        never.countDown();
    }

    @Test
    void anEndpointIsRemovedWhenItIsEndedPolitely() throws Exception {
        server.on("POST /v1/webhook-endpoints", 201, "{\"id\":\"we_1\",\"secret\":\"whsec_" + "A".repeat(43) + "=\"}")
                .on("DELETE /v1/webhook-endpoints/we_1", exchange -> exchange.sendResponseHeaders(204, -1));

        Process process = start("webhooks", "listen", "--register");
        await().atMost(Desk.PATIENCE).until(() -> written("err").contains("tells it of events"));
        process.destroy();

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(server.calls("DELETE /v1/webhook-endpoints/we_1")).hasSize(1);
    }

    @Test
    void itEndsWhenNobodyReadsItsOutput() throws Exception {
        var goOn = new CountDownLatch(1);
        EventScript script =
                new EventScript().event("1", "status", Jobs.processing()).waitFor(goOn);
        for (int i = 2; i < 100; i++) {
            script.event(Integer.toString(i), "token", "{\"token\":\"x\"}");
        }
        server.on("GET /v1/jobs/" + Jobs.ID + "/events", script.waitFor(new CountDownLatch(1)));

        Process process = program("watch", Jobs.ID)
                .redirectOutput(ProcessBuilder.Redirect.PIPE)
                .start();
        await().atMost(Desk.PATIENCE).until(() -> written("err").contains("processing"));
        process.getInputStream().close();
        goOn.countDown();

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(141);
    }
}
