package dev.longshore.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.bench.load.ClosedLoop.Load;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClosedLoopTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void everyCallIsCountedOnceOnAsManyConnectionsAsAskedFor() {
        OddServer server = new OddServer(vertx, (socket, number) -> socket.write(OddServer.accepted(number)));

        Load load = new ClosedLoop(vertx, server.target()).run(16, 1_000, PATIENCE);

        assertThat(load.accepted()).isEqualTo(1_000);
        assertThat(load.others()).isZero();
        assertThat(load.broken()).isZero();
        assertThat(load.micros().getTotalCount()).isEqualTo(1_000);
        assertThat(server.requests()).isEqualTo(1_000);
        assertThat(load.rate()).isPositive();
    }

    @Test
    void itEndsWithItsTime() {
        OddServer server = new OddServer(vertx, (socket, number) -> socket.write(OddServer.accepted(number)));

        Load load = new ClosedLoop(vertx, server.target()).run(4, Duration.ofMillis(200));

        assertThat(load.seconds()).isBetween(0.2, 20.0);
        assertThat(load.accepted()).isEqualTo(server.requests());
    }

    @Test
    void refusalsAreCountedApart() {
        OddServer server = new OddServer(
                vertx,
                (socket, number) -> socket.write(
                        number % 4 == 0
                                ? "HTTP/1.1 429 Too Many Requests\r\ncontent-length: 0\r\n\r\n"
                                : OddServer.accepted(number)));

        Load load = new ClosedLoop(vertx, server.target()).run(1, 100, PATIENCE);

        assertThat(load.accepted()).isEqualTo(75);
        assertThat(load.others()).isEqualTo(25);
    }

    @Test
    void chunkedAnswersCountLikeOthers() {
        OddServer server = new OddServer(
                vertx,
                (socket, number) -> socket.write(
                        "HTTP/1.1 202 Accepted\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"));

        assertThat(new ClosedLoop(vertx, server.target()).run(2, 50, PATIENCE).accepted())
                .isEqualTo(50);
    }

    @Test
    void aConnectionThatBreaksCostsOneCallAndNoCaller() {
        OddServer server = new OddServer(vertx, (socket, number) -> {
            if (number == 3) {
                socket.close();
            } else {
                socket.write(OddServer.accepted(number));
            }
        });

        Load load = new ClosedLoop(vertx, server.target()).run(1, 10, PATIENCE);

        assertThat(load.accepted()).isEqualTo(9);
        assertThat(load.broken()).isEqualTo(1);
    }

    @Test
    void aServerThatClosesAfterEachAnswerIsAskedAgainOnAnotherConnection() {
        OddServer server = new OddServer(
                vertx,
                (socket, number) -> socket.end(
                        io.vertx.core.buffer.Buffer.buffer("HTTP/1.1 202 Accepted\r\nconnection: close\r\n\r\ndone")));

        Load load = new ClosedLoop(vertx, server.target()).run(2, 6, PATIENCE);

        assertThat(load.accepted()).isEqualTo(6);
        assertThat(load.broken()).isZero();
    }

    @Test
    void nobodyAtHomeIsBrokenAndNotAHang() {
        OddServer server = new OddServer(vertx, (socket, _) -> socket.close());

        Load load = new ClosedLoop(vertx, server.target()).run(1, Duration.ofSeconds(1));

        assertThat(load.accepted()).isZero();
        assertThat(load.broken()).isPositive();
    }
}
