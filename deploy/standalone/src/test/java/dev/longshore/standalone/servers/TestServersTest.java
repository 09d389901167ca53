package dev.longshore.standalone.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestServersTest {
    @TempDir
    Path temporary;

    @Test
    void theServersAreAnnouncedInOneLineAndGoneWhenTheInputEnds() throws Exception {
        Process process = start();
        String line = process.inputReader().readLine();
        assertThat(line)
                .matches("\\{\"jdbc\":\"jdbc:postgresql://127\\.0\\.0\\.1:\\d+/longshore\",\"user\":\"postgres\","
                        + "\"password\":\"\",\"kafka\":\"127\\.0\\.0\\.1:\\d+\"}");
        var servers = process.descendants().toList();
        assertThat(servers).isNotEmpty();

        process.getOutputStream().close();

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(servers).noneMatch(ProcessHandle::isAlive);
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void nothingIsLeftAfterARequestToStop() throws Exception {
        Process process = start();
        assertThat(process.inputReader().readLine()).contains("jdbc");
        var servers = process.descendants().toList();

        process.destroy();

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(servers).noneMatch(ProcessHandle::isAlive);
        assertThat(temporary).isEmptyDirectory();
    }

    private Process start() throws IOException {
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-Djava.io.tmpdir=" + temporary,
                        "-cp",
                        System.getProperty("java.class.path"),
                        TestServers.class.getName()))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
