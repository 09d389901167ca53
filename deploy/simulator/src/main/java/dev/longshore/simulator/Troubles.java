package dev.longshore.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import dev.longshore.simulator.tongue.Complaint;
import dev.longshore.simulator.tongue.House;
import dev.longshore.simulator.tongue.Json;
import dev.longshore.simulator.tongue.Stamp;
import dev.longshore.simulator.tongue.Trouble;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/// The troubles that faults make, and how a script may have a house word them otherwise.
final class Troubles {

    private static final int USUAL_STATUS = 429;
    private static final int BROKEN = 500;
    private static final long USUAL_RETRY_MS = 1_000;

    private Troubles() {}

    static Trouble of(Fault fault, int inputTokens, Behaviour behaviour) {
        Integer limit = behaviour.contextTokens();
        return switch (fault.kind()) {
            case QUOTA -> new Trouble.OutOfQuota();
            case CONTEXT_LENGTH -> new Trouble.ContextLength(inputTokens, limit == null ? inputTokens - 1 : limit);
            case CONTENT_FILTER -> new Trouble.Withheld();
            case FAILED, ERROR_IN_200 -> status(fault, BROKEN, null);
            case RETRY_AFTER_MS -> status(fault, USUAL_STATUS, retryAfterMs(fault));
            case STATUS,
                    HANG,
                    HOLD,
                    ENDLESS,
                    HANG_AFTER_HEADERS,
                    RESET,
                    CLOSE,
                    BROKEN_STREAM,
                    MALFORMED,
                    TRUNCATED_JSON,
                    WRONG_CONTENT_LENGTH,
                    EMPTY_CHOICES,
                    REFUSAL,
                    HUGE,
                    SLOW -> status(fault, USUAL_STATUS, askedMs(fault));
        };
    }

    private static Trouble status(Fault fault, int usual, @Nullable Long retryMs) {
        return new Trouble.Status(fault.status() == null ? usual : fault.status(), null, retryMs);
    }

    static long retryAfterMs(Fault fault) {
        return fault.retryAfterMs() == null ? USUAL_RETRY_MS : fault.retryAfterMs();
    }

    /// When to come back, as far as the fault's headers tell.
    private static @Nullable Long askedMs(Fault fault) {
        if (fault.retryAfterMs() != null) {
            return fault.retryAfterMs();
        }
        return fault.retryAfter() == null ? null : RetryAfter.millis(fault.retryAfter());
    }

    static Complaint complaint(House house, Trouble trouble, @Nullable Fault fault) {
        Complaint usual = house.complaint(trouble);
        return fault == null ? usual : usual.with(fault.status(), fault.code(), fault.message());
    }

    static Buffer write(House house, Trouble trouble, @Nullable Fault fault, Stamp stamp) {
        Buffer own = fault == null ? null : body(fault);
        return own == null ? house.write(trouble, complaint(house, trouble, fault), stamp) : own;
    }

    /// The body that the script wants whatever the house would say.
    static @Nullable Buffer body(Fault fault) {
        JsonNode body = fault.body();
        if (body == null || body.isNull()) {
            return null;
        }
        return body.isTextual() ? Buffer.buffer(body.textValue()) : Json.write(body);
    }
}
