package dev.longshore.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.BufferedReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramTest {

    @Test
    void asAProgramItSaysWhereItListensAndPlaysItsScript(@TempDir Path folder) throws Exception {
        Path script = folder.resolve("script.json");
        Files.writeString(script, "{\"default\":{\"answer\":\"from the file\"}}");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Simulator.class.getName(),
                        "--port",
                        "0",
                        "--script",
                        script.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader out = process.inputReader();
                HttpClient client = HttpClient.newHttpClient()) {
            String line = out.readLine();
            assertThat(line).matches("simulator: listening on http://127\\.0\\.0\\.1:\\d+");
            String base = line.substring(line.indexOf("http"));
            HttpRequest request = HttpRequest.newBuilder(URI.create(base + "/v1/chat/completions"))
                    .POST(HttpRequest.BodyPublishers.ofString(Caller.body("sim-small", "hello", "")))
                    .build();
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());

            assertThat(Caller.text(response)).isEqualTo("from the file");
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void aPortThatIsTakenIsSaidSo() {
        try (Simulator first = Simulator.start(0)) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> Simulator.start(first.port()))
                    .withMessageContaining("cannot listen on 127.0.0.1:" + first.port());
        }
    }

    @Test
    void itComesBackOnItsPortAfterAStop() throws Exception {
        Simulator first = Simulator.start(0);
        int port = first.port();
        try (Caller caller = new Caller(first)) {
            caller.chat("hello");
            first.close();
            try (Simulator second = Simulator.start("127.0.0.1", port, Script.EMPTY, InstantSource.system())) {
                assertThat(second.port()).isEqualTo(port);
                assertThat(caller.chat("hello").statusCode()).isEqualTo(200);
                assertThat(second.calls()).hasSize(1);
            }
        }
    }

    @Test
    void wrongArgumentsAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Arguments.parse("--port"));
        assertThatIllegalArgumentException().isThrownBy(() -> Arguments.parse("--port", "70000"));
        assertThatIllegalArgumentException().isThrownBy(() -> Arguments.parse("--colour", "red"));
        assertThatIllegalArgumentException().isThrownBy(() -> Arguments.parse("--script", "no/such/file"));
        assertThat(Arguments.parse("--host", "0.0.0.0", "--port", "8099").port())
                .isEqualTo(8099);
    }
}
