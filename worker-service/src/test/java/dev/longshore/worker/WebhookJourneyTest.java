package dev.longshore.worker;

import static dev.longshore.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.longshore.job.JobId;
import dev.longshore.simulator.Script;
import dev.longshore.testing.LongshoreServers;
import dev.longshore.webhook.SigningSecret;
import dev.longshore.webhook.Verification;
import dev.longshore.worker.provider.prediction.PredictionServer;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/// From a job to the customer's server, through a whole worker.
@QuarkusTest
@WithTestResource(LongshoreServers.class)
@WithTestResource(PaperProvider.class)
class WebhookJourneyTest {
    private record Call(String id, String timestamp, String signature, byte[] body) {}

    @Inject
    JobDesk desk;

    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final SigningSecret secret = SigningSecret.create(new SecureRandom());

    @Test
    void eachChangeThatAnEndpointWantsToHearOfIsToldWithTheJobAsItWas() throws Exception {
        PaperProvider.simulator().script(Script.EMPTY);
        HttpServer receiver = receiver();
        UUID endpoint =
                register("http://127.0.0.1:" + receiver.getAddress().getPort() + "/", "job.processing,job.complete");
        try {
            JobId job = desk.submit("hello");
            desk.awaitState(job, "complete");

            await().atMost(JobDesk.PATIENCE)
                    .pollInterval(Duration.ofMillis(20))
                    .untilAsserted(() -> assertThat(desk.one("""
                                    SELECT count(*) FROM webhook_notice WHERE job_id = ? AND status = 'delivered'
                                    """, job)).isEqualTo("2"));

            List<String> bodies = calls.stream()
                    .map(call -> new String(call.body(), StandardCharsets.UTF_8))
                    .filter(body -> body.contains(job.toString()))
                    .toList();
            assertThat(bodies)
                    .hasSize(2)
                    .anyMatch(body -> body.contains("\"type\":\"job.processing\"")
                            && body.contains("\"status\":\"processing\"")
                            && body.contains("\"result\":null"))
                    .anyMatch(body -> body.contains("\"type\":\"job.complete\"")
                            && body.contains("\"status\":\"complete\"")
                            && body.contains("\"choices\":"));
            assertThat(calls).allSatisfy(call -> {
                assertThat(new String(call.body(), StandardCharsets.UTF_8)).startsWith("{\"id\":\"" + call.id() + "\"");
                assertThat(Verification.of(
                                call.id(),
                                call.timestamp(),
                                call.signature(),
                                call.body(),
                                List.of(secret.pair().publicKey()),
                                Instant.now()))
                        .isEqualTo(Verification.GENUINE);
            });
        } finally {
            desk.execute("DELETE FROM webhook_endpoint WHERE endpoint_id = '" + endpoint + "'");
            receiver.stop(0);
        }
    }

    @Test
    void howFarAJobIsIsToldToWhoeverAskedForIt() throws Exception {
        PredictionServer provider = PaperProvider.predictions();
        provider.untilToldOtherwise(40, "drawing");
        HttpServer receiver = receiver();
        UUID endpoint = register("http://127.0.0.1:" + receiver.getAddress().getPort() + "/", "job.progress");
        try {
            JobId job = desk.submitFor("sim-later", JobDesk.Wish.ORDINARY);
            await().atMost(JobDesk.PATIENCE).until(() -> !calls.isEmpty());
            provider.succeed();
            desk.awaitState(job, "complete");

            assertThat(calls)
                    .extracting(call -> new String(call.body(), StandardCharsets.UTF_8))
                    .singleElement()
                    .asString()
                    .contains(
                            "\"type\":\"job.progress\"",
                            "\"job_id\":\"" + job + "\"",
                            "\"status\":\"processing\",\"progress\":0.4,\"progress_message\":\"drawing\"");
        } finally {
            desk.execute("DELETE FROM webhook_endpoint WHERE endpoint_id = '" + endpoint + "'");
            receiver.stop(0);
        }
    }

    private HttpServer receiver() throws IOException {
        HttpServer receiver = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 50);
        receiver.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        receiver.createContext("/", exchange -> {
            try (exchange) {
                var headers = exchange.getRequestHeaders();
                calls.add(new Call(
                        headers.getFirst("webhook-id"),
                        headers.getFirst("webhook-timestamp"),
                        headers.getFirst("webhook-signature"),
                        exchange.getRequestBody().readAllBytes()));
                exchange.sendResponseHeaders(204, -1);
            }
        });
        receiver.start();
        return receiver;
    }

    private UUID register(String url, String events) throws Exception {
        UUID endpoint = UUID.randomUUID();
        try (Connection connection = desk.database().getConnection()) {
            try (PreparedStatement statement = connection.prepareStatement("""
                    INSERT INTO tenant (tenant_id, name) OVERRIDING SYSTEM VALUE VALUES (1, 'one') ON CONFLICT DO NOTHING
                    """)) {
                statement.executeUpdate();
            }
            try (PreparedStatement statement = connection.prepareStatement("""
                    INSERT INTO webhook_endpoint (endpoint_id, tenant_id, url, events)
                    VALUES (?, 1, ?, string_to_array(?, ','))
                    """)) {
                statement.setObject(1, endpoint);
                statement.setString(2, url);
                statement.setString(3, events);
                statement.executeUpdate();
            }
            try (PreparedStatement statement = connection.prepareStatement("""
                    INSERT INTO webhook_secret (secret_id, tenant_id, endpoint_id, symmetric_key, private_key, public_key)
                    VALUES (uuidv7(), 1, ?, ?, ?, ?)
                    """)) {
                statement.setObject(1, endpoint);
                statement.setBytes(2, secret.shared().bytes());
                statement.setBytes(3, secret.pair().privateBytes());
                statement.setBytes(4, secret.pair().publicKey().bytes());
                statement.executeUpdate();
            }
        }
        return endpoint;
    }
}
