package dev.longshore.bench;

import dev.longshore.bench.load.Target;
import dev.longshore.bench.stack.RunningStack;

/// The jobs that are submitted: a chat of about a kilobyte.
final class Jobs {
    private static final String CONTENT =
            "The quick brown fox jumps over the lazy dog. ".repeat(20).strip();

    private Jobs() {}

    /// The body of a submission.
    static String body(String model, String lane) {
        return """
                {"operation":"chat","lane":"%s","input":%s}""".formatted(lane, input(model));
    }

    /// What the provider is sent.
    static String input(String model) {
        return """
                {"model":"%s","messages":[{"role":"user","content":"%s"}]}""".formatted(model, CONTENT);
    }

    static Target target(RunningStack stack, String model, String lane) {
        return Target.post(stack.apiPort(), "/v1/jobs", stack.key(), body(model, lane));
    }
}
