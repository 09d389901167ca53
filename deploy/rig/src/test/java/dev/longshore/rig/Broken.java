package dev.longshore.rig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/// What tests that break a system share: one system for all of them, mended before each, and the words
/// for what they wait for.
@ExtendWith(Broken.OneSystemForAll.class)
abstract class Broken {
    /// Far beyond what any of it takes, so that a slow machine does not look like a fault.
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static Cluster shared;

    final Cluster cluster = shared;

    @BeforeEach
    void mend() {
        cluster.mend();
        cluster.simulator().reset();
    }

    /// Waits until it is so.
    static void eventually(String what, Callable<Boolean> condition) {
        within(PATIENCE).alias(what).until(condition);
    }

    static ConditionFactory within(Duration patience) {
        return await().atMost(patience).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(50));
    }

    /// Waits until everything has ended, and then audits what the client was promised.
    void allIsWellInTheEnd() {
        Set<String> promised = cluster.client().promised();
        eventually("everything ends", () -> cluster.areOver(promised));
        assertThat(cluster.audit().violations(promised)).isEmpty();
    }

    long calls() {
        return cluster.simulator().stats().all().calls();
    }

    long openCalls() {
        return cluster.simulator().stats().all().open();
    }

    /// A model that keeps its first calls waiting until they are released, and answers the later ones at
    /// once.
    static String holding(int calls) {
        return """
                {"models": {"sim-small": {"faults": [{"kind": "hold", "calls": "1-%d"}]}}}""".formatted(calls);
    }

    /// A model that takes about this long.
    static String taking(int millis) {
        return """
                {"default": {"latency": {"p50_ms": %d, "p99_ms": %d}}}""".formatted(millis, 2 * millis);
    }

    /// Starts the system before the first class that needs it, and ends it after the last.
    static final class OneSystemForAll implements BeforeAllCallback {
        @Override
        public void beforeAll(ExtensionContext context) {
            context.getRoot()
                    .getStore(ExtensionContext.Namespace.create(Broken.class))
                    .computeIfAbsent("cluster", _ -> start(), Running.class);
        }

        private static Running start() {
            try {
                shared = Cluster.start();
                return new Running(shared);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private record Running(Cluster cluster) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            cluster.close();
        }
    }
}
