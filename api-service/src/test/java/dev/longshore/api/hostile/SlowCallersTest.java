package dev.longshore.api.hostile;

import static dev.longshore.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.api.Bodies;
import dev.longshore.api.LoopbackOpened;
import dev.longshore.problem.ProblemCode;
import dev.longshore.testing.LongshoreServers;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Callers that take their time, against a service that has less of it than usual.
@QuarkusTest
@TestProfile(SlowCallersTest.Hasty.class)
@WithTestResource(value = LongshoreServers.class, initArgs = @ResourceArg(name = "database", value = "fresh"))
@WithTestResource(LoopbackOpened.class)
class SlowCallersTest extends OnAnEstate {
    /// The settings that this test needs.
    public static final class Hasty implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("quarkus.http.read-timeout", "1s", "quarkus.http.idle-timeout", "3s");
        }
    }

    @Test
    void aBodyThatTricklesInIsRefusedInTime() throws SQLException {
        Contract contract = new Contract();
        Map<String, Long> before = estate.census();
        List<Wire> wires = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (Route route : Route.all()) {
            String head = estate.head(route.method(), estate.path(route)) + "Content-Type: application/json\r\n";
            for (String framing :
                    List.of("Content-Length: 100000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n186a0\r\n")) {
                if (route.takesBody()) {
                    names.add(route.name());
                    wires.add(Wire.open().send(head + framing));
                }
            }
        }
        trickleUntilClosed(wires);
        for (int i = 0; i < wires.size(); i++) {
            try (Wire wire = wires.get(i)) {
                contract.refused(names.get(i), wire.reply(), ProblemCode.INVALID_REQUEST);
                wire.awaitClose();
            }
        }
        contract.assertKept(12);
        assertThat(estate.census()).isEqualTo(before);
    }

    /// Whoever has been answered already, or refused, does not hold the connection with the rest of a
    /// body either.
    @Test
    void theRestOfABodyThatNobodyWantsHoldsNothing() {
        List<Wire> wires = new ArrayList<>();
        for (String head : List.of(
                "POST /v1/jobs HTTP/1.1\r\nHost: x\r\n",
                "POST /v1/jobs/%zz HTTP/1.1\r\nHost: x\r\n",
                "POST /nothing HTTP/1.1\r\nHost: x\r\n",
                "GET /q/health/live HTTP/1.1\r\nHost: x\r\n",
                "GET /openapi HTTP/1.1\r\nHost: x\r\n",
                estate.head("GET", "/v1/jobs"),
                estate.head("GET", "/nothing"),
                estate.head("PUT", "/v1/jobs") + "Content-Type: application/json\r\n",
                estate.head("POST", "/v1/jobs") + "Content-Type: text/plain\r\n",
                estate.head("POST", "/v1/jobs/" + estate.job() + "/cancel") + "Content-Type: application/json\r\n")) {
            wires.add(Wire.open().send(head + "Content-Length: 100000\r\n\r\n"));
        }
        trickleUntilClosed(wires);
        for (Wire wire : wires) {
            Optional<Reply> reply = wire.reply();
            assertThat(reply.map(Reply::status).orElse(400)).isLessThan(500);
            wire.awaitClose();
            wire.close();
        }
    }

    @Test
    void headersThatNeverEndAreCutOff() {
        List<Wire> wires = new ArrayList<>();
        for (String begun : List.of("", "G", "GET /v1/jobs HTTP/1.1", "GET /v1/jobs HTTP/1.1\r\nHost: x\r\nX: ")) {
            wires.add(Wire.open().send(begun));
        }
        trickleUntilClosed(wires.subList(1, wires.size()));
        for (Wire wire : wires) {
            wire.awaitClose();
            wire.close();
        }
    }

    @Test
    void connectionsThatSayNothingAreFreedAndOthersServedMeanwhile() {
        List<Wire> silent = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            silent.add(Wire.open().send(i % 2 == 0 ? "" : "GET /v1/jobs HTTP/1.1\r\nHost: "));
        }
        for (int i = 0; i < 20; i++) {
            assertThat(estate.owner().submit(Bodies.chat("")).status()).isEqualTo(202);
        }
        for (Wire wire : silent) {
            wire.awaitClose();
            wire.close();
        }
    }

    /// A body that takes its time, but not too much of it, is taken.
    @Test
    void aBodyInManyPiecesIsTaken() {
        String body = Bodies.chat("");
        try (Wire wire = Wire.open()) {
            wire.send(estate.head("POST", "/v1/jobs") + "Content-Type: application/json\r\nContent-Length: "
                    + body.length() + "\r\n\r\n");
            body.chars().forEach(c -> wire.send(String.valueOf((char) c)));
            assertThat(wire.reply().orElseThrow().status()).isEqualTo(202);
        }
        try (Wire wire = Wire.open()) {
            wire.send(estate.head("POST", "/v1/jobs")
                    + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
            body.chars().forEach(c -> wire.send("1;x=\"y\"\r\n" + (char) c + "\r\n"));
            wire.send("0\r\nX-Trailer: z\r\n\r\n");
            assertThat(wire.reply().orElseThrow().status()).isEqualTo(202);
        }
    }

    /// A byte every tenth of a second on each, until the server has closed them all.
    private static void trickleUntilClosed(List<Wire> wires) {
        await().pollInterval(Duration.ofMillis(100)).until(() -> {
            wires.forEach(wire -> wire.send(" "));
            return wires.stream().allMatch(Wire::isClosedByServer);
        });
    }
}
