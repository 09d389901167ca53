package dev.longshore.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;

/// Gives a `@QuarkusTest` its database and its broker: `@WithTestResource(LongshoreServers.class)`.
///
/// With the argument `database=fresh` the test gets a database of its own instead of the one that the tests of this JVM
/// share; with `kafka=away` it gets the address of a broker that is not there.
public final class LongshoreServers implements QuarkusTestResourceLifecycleManager {
    private boolean freshDatabase;
    private boolean kafkaAway;

    @Override
    public void init(Map<String, String> arguments) {
        freshDatabase = "fresh".equals(arguments.get("database"));
        kafkaAway = "away".equals(arguments.get("kafka"));
    }

    @Override
    public Map<String, String> start() {
        Servers servers = Servers.shared();
        return Map.of(
                "quarkus.datasource.jdbc.url",
                freshDatabase ? servers.newDatabase() : servers.jdbcUrl(),
                "quarkus.datasource.username",
                servers.user(),
                "quarkus.datasource.password",
                servers.password(),
                "kafka.bootstrap.servers",
                kafkaAway ? nobody() : servers.kafka(),
                // Callers in production are better told soon that there is no session for them. Here that would only
                // tell of a machine that is busy elsewhere.
                "quarkus.datasource.jdbc.acquisition-timeout",
                "30s");
    }

    /// An address where nobody listens.
    private static String nobody() {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "127.0.0.1:" + free.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        // They serve the next test class too, and end with the JVM.
    }
}
