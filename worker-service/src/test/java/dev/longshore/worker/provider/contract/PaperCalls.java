package dev.longshore.worker.provider.contract;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.simulator.Script;
import dev.longshore.simulator.Simulator;
import dev.longshore.tokens.TokenCounter;
import dev.longshore.worker.provider.Ask;
import dev.longshore.worker.provider.Ask.Operation;
import dev.longshore.worker.provider.HttpCaller;
import dev.longshore.worker.provider.HttpDialect;
import dev.longshore.worker.provider.Timeouts;
import dev.longshore.worker.provider.TokenSink;
import dev.longshore.worker.provider.Translating;
import dev.longshore.worker.slots.StopSign;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/// Real dialects that call a running simulator.
final class PaperCalls implements AutoCloseable {
    static final String MODEL = "sim-small";
    static final String KEY = "sk-paper-the-right-one";
    static final int MAX_OUTPUT = 4_096;
    static final TokenCounter COUNTER = new TokenCounter();

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(600);
    static final Timeouts PATIENT = new Timeouts(LONG, LONG, LONG, LONG);
    static final Timeouts IMPATIENT = new Timeouts(LONG, SHORT, SHORT, LONG);

    final Simulator simulator = Simulator.start(0);
    private final Vertx vertx = Vertx.vertx(new VertxOptions()
            .setEventLoopPoolSize(2)
            .setFileSystemOptions(
                    new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
    private final HttpCaller caller = new HttpCaller(vertx, LONG);

    /// Forgets the script and the calls of the test before.
    void startAfresh() {
        simulator.script(Script.EMPTY);
        simulator.reset();
    }

    /// Has the model behave like this: members of its behaviour, names in single quotes.
    void script(String behaviour) {
        simulator.script("{\"models\":{\"" + MODEL + "\":{" + behaviour.replace('\'', '"') + "}}}");
    }

    AttemptOutcome chat(Vendor vendor, String prompt) {
        return chat(vendor, prompt, "");
    }

    /// @param more further members of the input, with a comma in front and names in single quotes
    AttemptOutcome chat(Vendor vendor, String prompt, String more) {
        return call(vendor, Operation.CHAT, input(prompt, more), KEY, PATIENT);
    }

    static String input(String prompt, String more) {
        ObjectNode input = (ObjectNode) Translating.json("{'model':'ours','messages':[]" + more + "}");
        input.withArray("/messages").addObject().put("role", "user").put("content", prompt);
        return input.toString();
    }

    /// A streamed chat.
    AttemptOutcome stream(Vendor vendor, String prompt, Timeouts timeouts, TokenSink tokens) {
        return call(vendor, Operation.CHAT, input(prompt, ",'stream':true"), KEY, timeouts, tokens);
    }

    AttemptOutcome call(Vendor vendor, Operation operation, String input, String key, Timeouts timeouts) {
        return call(vendor, operation, input, key, timeouts, TokenSink.NONE);
    }

    /// With the real time, since the simulator tells dates by it.
    AttemptOutcome call(
            Vendor vendor, Operation operation, String input, String key, Timeouts timeouts, TokenSink tokens) {
        URI base = URI.create("http://127.0.0.1:" + simulator.port() + vendor.base);
        HttpDialect dialect = new HttpDialect(
                caller,
                Translating.JSON,
                InstantSource.system(),
                COUNTER,
                vendor.translation,
                base,
                List.of(key),
                Map.of());
        return dialect.call(new Ask(operation, MODEL, input, MAX_OUTPUT, "job_7", 3), timeouts, new StopSign(), tokens);
    }

    @Override
    public void close() {
        caller.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
        simulator.close();
    }
}
