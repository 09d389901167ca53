package dev.longshore.testing;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/// How long tests wait for what must come. Nothing is lost by waiting long for it: a test that goes well is over as
/// soon as it has come, and a machine that does ten other things is only slow, not wrong.
public final class Patience {
    /// Much longer than anything here takes on a machine that is busy elsewhere.
    public static final Duration LONG = Duration.ofSeconds(30);

    private Patience() {}

    /// Awaitility's, but for its ten seconds.
    public static ConditionFactory await() {
        return Awaitility.await().atMost(LONG);
    }
}
