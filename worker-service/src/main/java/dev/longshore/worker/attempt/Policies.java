package dev.longshore.worker.attempt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.longshore.attempt.ErrorClass;
import dev.longshore.job.ClaimedJob;
import dev.longshore.lane.Lane;
import dev.longshore.retry.RetryPolicy;
import dev.longshore.retry.RetryPolicy.AfterLast;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// Which retry policy a job has: its lane's, with what the job itself asked for on top.
public final class Policies {
    private static final double MILLIS_PER_SECOND = 1000.0;

    private final Map<Lane, RetryPolicy> byLane;
    private final ObjectMapper json;

    public Policies(Map<Lane, RetryPolicy> byLane, ObjectMapper json) {
        this.byLane = Map.copyOf(byLane);
        this.json = json;
    }

    public RetryPolicy of(ClaimedJob job) {
        RetryPolicy lane = Objects.requireNonNull(byLane.get(job.lane()), "a policy for every lane");
        JsonNode asked = options(job).path("retry");
        return new RetryPolicy(
                job.maxAttempts(),
                seconds(asked.path("initial_delay_seconds"), lane.initialDelay()),
                asked.path("multiplier").asDouble(lane.multiplier()),
                seconds(asked.path("max_delay_seconds"), lane.maxDelay()),
                asked.path("jitter").asDouble(lane.jitter()),
                classes(asked.path("retry_on"), lane.retryOn()),
                afterLast(asked.path("after_last"), lane.afterLast()));
    }

    private static AfterLast afterLast(JsonNode word, AfterLast otherwise) {
        return switch (word.asText("")) {
            case "discard" -> AfterLast.DISCARD;
            case "dead_letter" -> AfterLast.DEAD_LETTER;
            default -> otherwise;
        };
    }

    /// Whether other models than the one that was asked for may answer.
    public boolean mayFallBack(ClaimedJob job) {
        return options(job).path("fallback").asBoolean(true);
    }

    private JsonNode options(ClaimedJob job) {
        if (job.options() == null) {
            return json.missingNode();
        }
        try {
            return json.readTree(job.options());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the options of " + job.id() + " were stored unreadable", e);
        }
    }

    private static Duration seconds(JsonNode value, Duration otherwise) {
        return value.isNumber() ? Duration.ofMillis(Math.round(value.doubleValue() * MILLIS_PER_SECOND)) : otherwise;
    }

    private static Set<ErrorClass> classes(JsonNode names, Set<ErrorClass> otherwise) {
        if (!names.isArray()) {
            return otherwise;
        }
        Set<ErrorClass> chosen = EnumSet.noneOf(ErrorClass.class);
        names.forEach(name -> ErrorClass.of(name.asText()).ifPresent(chosen::add));
        return chosen;
    }
}
