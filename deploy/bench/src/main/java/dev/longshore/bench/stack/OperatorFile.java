package dev.longshore.bench.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The settings that everything is measured with: two providers, one in the worker itself and one in a
/// process of its own, and the lanes as they come, but without a limit to the backlog. The batch lane is on a
/// trickle: one ticket may be on its way at once. Its jobs are ready and its turn comes round all the time, but how two
/// lanes share a worker is not what is measured.
public final class OperatorFile {
    /// Answered in the worker, at once.
    public static final String ECHO = "bench-echo";

    /// Answered by the simulator, at once.
    public static final String HTTP = "bench-http";

    /// Answered by the simulator after [#SLOW_MILLIS].
    public static final String SLOW = "bench-slow";

    /// As slow; only the twin asks for it.
    public static final String TWIN = "bench-twin";

    /// Answered in the worker, at once: what waits on a lower lane, told apart by this name.
    public static final String LOWER = "bench-lower";

    /// How long the slow provider takes.
    public static final int SLOW_MILLIS = 1_000;

    /// Slots of a worker that is not told otherwise: enough for the most calls in flight.
    public static final int SLOTS = 10_000;

    private static final String TEXT = """
            longshore:
              providers:
                echo:
                  dialect: echo
                simulator:
                  dialect: openai
                  base-url: http://127.0.0.1:%1$d/v1
              models:
                bench-echo: {provider: echo, usd-per-million: {input: 0.15, output: 0.60}, capabilities: [chat]}
                bench-lower: {provider: echo, usd-per-million: {input: 0.15, output: 0.60}, capabilities: [chat]}
                bench-http: {provider: simulator, usd-per-million: {input: 0.15, output: 0.60}, capabilities: [chat]}
                bench-slow: {provider: simulator, usd-per-million: {input: 0.15, output: 0.60}, capabilities: [chat]}
              worker: {slots: %2$d}
              lanes:
                interactive: {floor: 0}
                standard: {backlog-limit: 1000000000, deadline: 24h}
                batch: {backlog-limit: 1000000000, deadline: 48h, window: 1, floor: 0}
            """;

    private static final String SCRIPT = """
            {"models": {"bench-slow": {"latency": {"fixed_ms": %1$d}}, "bench-twin": {"latency": {"fixed_ms": %1$d}}}}
            """.formatted(SLOW_MILLIS);

    private OperatorFile() {}

    static void write(Path file, int simulatorPort) throws IOException {
        Files.writeString(file, TEXT.formatted(simulatorPort, SLOTS));
    }

    /// What the simulator is told.
    static String script() {
        return SCRIPT;
    }
}
