package dev.longshore.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.bench.load.SteadyPace.Pace;
import io.vertx.core.Vertx;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SteadyPaceTest {
    private static final long STALL_MS = 500;

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void requestsAreMeantToBeSentAsFarApartAsThePaceSays() {
        OddServer server = new OddServer(vertx, (socket, number) -> socket.write(OddServer.accepted(number)));
        long before = Instant.now().toEpochMilli() * 1_000;

        Pace pace = new SteadyPace(vertx, server.target()).run(20, 100, 4);

        assertThat(pace.others()).isZero();
        assertThat(pace.intendedMicros()).hasSize(20);
        long[] moments = pace.intendedMicros().values().stream()
                .mapToLong(Long::longValue)
                .sorted()
                .toArray();
        assertThat(moments[0]).isGreaterThanOrEqualTo(before);
        assertThat(moments[19] - moments[0]).isBetween(189_990L, 190_010L);
    }

    /// One answer takes half a second; with one connection the 49 requests that were due meanwhile wait, and
    /// their waiting counts although they were answered at once when their turn came.
    @Test
    void aStallIsFeltByEverybodyWhoWasDueDuringIt() {
        OddServer server = new OddServer(vertx, (socket, number) -> {
            if (number == 1) {
                vertx.setTimer(STALL_MS, _ -> socket.write(OddServer.accepted(number)));
            } else {
                socket.write(OddServer.accepted(number));
            }
        });

        Pace pace = new SteadyPace(vertx, server.target()).run(50, 100, 1);

        // Due 10 ms apart, they waited 500, 490, 480 ... ms; half of them about 250 or more.
        assertThat(pace.micros().getValueAtPercentile(50)).isGreaterThan(200_000);
        assertThat(pace.micros().getMaxValue()).isGreaterThanOrEqualTo(STALL_MS * 1_000 - 5_000);
        assertThat(pace.micros().getTotalCount()).isEqualTo(50);
    }

    @Test
    void refusalsAndBrokenConnectionsAreCountedAndTheRestGoesOn() {
        OddServer server = new OddServer(vertx, (socket, number) -> {
            switch (number) {
                case 2 -> socket.write("HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n");
                case 5 -> socket.close();
                default -> socket.write(OddServer.accepted(number));
            }
        });

        Pace pace = new SteadyPace(vertx, server.target()).run(10, 200, 1);

        assertThat(pace.others()).isEqualTo(2);
        assertThat(pace.intendedMicros()).hasSize(8);
    }
}
