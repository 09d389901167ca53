package dev.longshore.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/// Gives a `@QuarkusTest` its database and its broker: `@WithTestResource(LongshoreServers.class)`.
///
/// With the argument `database=fresh` the test gets a database of its own instead of the one that the tests of this JVM
/// share.
public final class LongshoreServers implements QuarkusTestResourceLifecycleManager {
    private boolean freshDatabase;

    @Override
    public void init(Map<String, String> arguments) {
        freshDatabase = "fresh".equals(arguments.get("database"));
    }

    @Override
    public Map<String, String> start() {
        Servers servers = Servers.shared();
        return Map.of(
                "quarkus.datasource.jdbc.url", freshDatabase ? servers.newDatabase() : servers.jdbcUrl(),
                "quarkus.datasource.username", servers.user(),
                "quarkus.datasource.password", servers.password(),
                "kafka.bootstrap.servers", servers.kafka());
    }

    @Override
    public void stop() {
        // They serve the next test class too, and end with the JVM.
    }
}
