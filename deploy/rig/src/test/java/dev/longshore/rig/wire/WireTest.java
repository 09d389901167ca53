package dev.longshore.rig.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.longshore.standalone.servers.FreePorts;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class WireTest {
    private static final int SHORT_MS = 300;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private ServerSocket server;
    private Wire wire;
    private final AtomicInteger heard = new AtomicInteger();

    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::echo);
        wire = Wire.between(FreePorts.take(), server.getLocalPort());
    }

    @AfterEach
    void stop() throws IOException {
        wire.close();
        server.close();
    }

    @Test
    void whatIsSaidIsHeardAndAnswered() throws IOException {
        try (Socket client = connected()) {
            assertThat(answerTo(client, 'a')).isEqualTo('a');
            assertThat(answerTo(client, 'b')).isEqualTo('b');
            assertThat(wire.connections()).isEqualTo(1);
        }
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(wire.connections()).isZero());
    }

    @Test
    void whileItIsHeldNothingPassesAndAfterwardsEverythingDoes() throws IOException {
        try (Socket client = connected()) {
            assertThat(answerTo(client, 'a')).isEqualTo('a');
            wire.hold();
            client.setSoTimeout(SHORT_MS);
            assertThatThrownBy(() -> answerTo(client, 'b')).isInstanceOf(SocketTimeoutException.class);
            assertThat(heard).hasValue(1);
            wire.heal();
            client.setSoTimeout(0);
            assertThat(client.getInputStream().read()).isEqualTo('b');
        }
    }

    @Test
    void aServerThatIsNotHeardHasHeard() throws IOException {
        try (Socket client = connected()) {
            wire.toClient().hold();
            client.setSoTimeout(SHORT_MS);
            assertThatThrownBy(() -> answerTo(client, 'a')).isInstanceOf(SocketTimeoutException.class);
            await().atMost(PATIENCE).until(() -> heard.get() == 1);
        }
    }

    @Test
    void aClientThatLeavesWhileItIsHeldIsNotMissed() throws IOException {
        Socket client = connected();
        assertThat(answerTo(client, 'a')).isEqualTo('a');
        wire.hold();
        client.close();
        await().during(Duration.ofMillis(SHORT_MS))
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(wire.connections()).isEqualTo(1));
        wire.heal();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(wire.connections()).isZero());
    }

    @Test
    void whereItRefusesNobodyComesInAndThoseInsideStay() throws IOException {
        try (Socket inside = connected()) {
            assertThat(answerTo(inside, 'a')).isEqualTo('a');
            wire.refuse();
            assertThatThrownBy(this::connected).isInstanceOf(ConnectException.class);
            assertThat(answerTo(inside, 'b')).isEqualTo('b');
            wire.accept();
            try (Socket next = connected()) {
                assertThat(answerTo(next, 'c')).isEqualTo('c');
            }
        }
    }

    @Test
    void aResetIsAResetAndACutIsAnEnd() throws IOException {
        try (Socket reset = connected();
                Socket cut = connected()) {
            assertThat(answerTo(reset, 'a')).isEqualTo('a');
            wire.reset();
            assertThatThrownBy(() -> reset.getInputStream().read()).isInstanceOf(SocketException.class);
            try (Socket other = connected()) {
                assertThat(answerTo(other, 'b')).isEqualTo('b');
                wire.cut();
                assertThat(other.getInputStream().read()).isEqualTo(-1);
            }
            assertThat(cut.isConnected()).isTrue();
        }
    }

    @Test
    void aLostAnswerWasGivenAndIsNeverHeard() throws IOException {
        try (Socket client = connected()) {
            wire.toClient().lose(() -> true);
            assertThatThrownBy(() -> answerTo(client, 'a')).isInstanceOf(SocketException.class);
            assertThat(heard).hasValue(1);
        }
    }

    @Test
    void aDelayIsKept() throws IOException {
        try (Socket client = connected()) {
            wire.toServer().delay(Duration.ofMillis(SHORT_MS));
            long begun = System.nanoTime();
            assertThat(answerTo(client, 'a')).isEqualTo('a');
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofMillis(SHORT_MS));
        }
    }

    @Test
    void aThrottleIsKept() throws IOException {
        try (Socket client = connected()) {
            wire.toClient().throttle(10_000);
            long begun = System.nanoTime();
            client.getOutputStream().write(new byte[5_000]);
            assertThat(client.getInputStream().readNBytes(5_000)).hasSize(5_000);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofMillis(450));
        }
    }

    @Test
    void whereNobodyListensBehindItAConnectionIsReset() throws IOException {
        server.close();
        try (Socket client = connected()) {
            assertThatThrownBy(() -> {
                        // The first byte may still be taken.
                        for (int i = 0; i < 100; i++) {
                            if (answerTo(client, 'a') < 0) {
                                throw new SocketException("ended");
                            }
                        }
                    })
                    .isInstanceOf(SocketException.class);
        }
    }

    private Socket connected() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), wire.port());
    }

    private static int answerTo(Socket client, int said) throws IOException {
        client.getOutputStream().write(said);
        return client.getInputStream().read();
    }

    private void echo() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                Thread.ofVirtual().start(() -> echo(client));
            } catch (IOException _) {
                return;
            }
        }
    }

    private void echo(Socket client) {
        try (client) {
            byte[] piece = new byte[1_024];
            for (int read = client.getInputStream().read(piece);
                    read >= 0;
                    read = client.getInputStream().read(piece)) {
                heard.addAndGet(read);
                client.getOutputStream().write(piece, 0, read);
            }
        } catch (IOException _) {
            // The test has ended it.
        }
    }
}
