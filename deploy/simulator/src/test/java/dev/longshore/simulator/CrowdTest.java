package dev.longshore.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CrowdTest {

    /// Plain sockets, so that the crowd is as large as it looks.
    private static final int CROWD = 3_000;

    @Test
    void thousandsOfCallsAreOpenAtOnceAndAllAreAnswered() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        try (Simulator simulator = Simulator.start(0)) {
            simulator.script("{\"default\":{\"faults\":[{\"kind\":\"hold\"}]}}");
            byte[] request = request("hello");
            for (int i = 0; i < CROWD; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), simulator.port());
                sockets.add(socket);
                OutputStream out = socket.getOutputStream();
                out.write(request);
                out.flush();
            }
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> simulator.stats().all().open() == CROWD);
            sockets.subList(0, 500).forEach(CrowdTest::close);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> simulator.stats().all().aborted() == 500);

            assertThat(simulator.release()).isEqualTo(CROWD - 500);
            for (Socket socket : sockets.subList(500, CROWD)) {
                byte[] start = socket.getInputStream().readNBytes(12);
                assertThat(new String(start, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200");
            }
            Tally all = simulator.stats().all();
            assertThat(all.maxOpen()).isEqualTo(CROWD);
            assertThat(all.open()).isZero();
            assertThat(all.statuses()).containsExactly(Map.entry("200", CROWD - 500L));
        } finally {
            sockets.forEach(CrowdTest::close);
        }
    }

    private static byte[] request(String text) {
        String body = Caller.body("sim-small", text, "");
        return ("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + body.length() + "\r\n\r\n"
                        + body)
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
