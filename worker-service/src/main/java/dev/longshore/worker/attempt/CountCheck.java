package dev.longshore.worker.attempt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.longshore.attempt.Answer;
import dev.longshore.job.ClaimedJob;
import dev.longshore.provider.TokenCountErrors;
import dev.longshore.provider.TokenCountErrors.Sample;
import dev.longshore.tokens.TokenCounter;
import dev.longshore.worker.provider.Ask.Operation;
import dev.longshore.worker.provider.Route;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// Holds our own count of a call's input against the provider's, now and then: counting takes longer than all of a
/// call's other bookkeeping, and how far we are off changes slowly.
public final class CountCheck {
    /// From one count to the next. By time and not by share, so that a busy worker pays no more than an idle one.
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /// More than this between two writings tell nothing more.
    private static final int MOST = 1_000;

    private final TokenCounter tokens;
    private final ObjectMapper json;
    private final LongSupplier nanos;
    private final AtomicLong nextNanos;
    private final BlockingQueue<Sample> samples = new ArrayBlockingQueue<>(MOST);

    /// @param nanos the monotonic clock
    public CountCheck(TokenCounter tokens, ObjectMapper json, LongSupplier nanos) {
        this.tokens = tokens;
        this.json = json;
        this.nanos = nanos;
        nextNanos = new AtomicLong(nanos.getAsLong());
    }

    void answered(ClaimedJob job, Route route, Answer answer) {
        // A server that reports nothing was counted by ourselves already.
        long now = nanos.getAsLong();
        long next = nextNanos.get();
        if (now - next < 0
                || answer.usage().inputTokens() == 0
                || !answer.result().contains("\"prompt_tokens\"")
                || !nextNanos.compareAndSet(next, now + PAUSE_NANOS)) {
            return;
        }
        try {
            JsonNode input = json.readTree(job.input());
            TokenCounter counter = tokens.of(route.model());
            int counted = switch (Operation.of(job.operation())) {
                case CHAT -> counter.chat(input);
                case EMBED -> counter.embeddings(input);
            };
            // A full queue drops it: it is one of many.
            samples.offer(new Sample(job.model(), counted, answer.usage().inputTokens()));
        } catch (JsonProcessingException _) {
            // It was asked all the same; there is nothing to compare.
        }
    }

    /// Writes down what has gathered.
    public void write(TokenCountErrors errors) throws SQLException {
        List<Sample> gathered = new ArrayList<>();
        samples.drainTo(gathered);
        if (!gathered.isEmpty()) {
            errors.add(gathered);
        }
    }
}
