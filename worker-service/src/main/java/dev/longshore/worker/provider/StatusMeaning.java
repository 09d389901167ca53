package dev.longshore.worker.provider;

import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.attempt.AttemptOutcome.Broken;
import dev.longshore.attempt.AttemptOutcome.Refused;
import dev.longshore.attempt.AttemptOutcome.Throttled;
import dev.longshore.attempt.ErrorCode;
import dev.longshore.attempt.Reply;

/// What an HTTP status by itself says about a call, where an error's own words say nothing that is known.
public final class StatusMeaning {
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;

    private StatusMeaning() {}

    /// The same for APIs whose addresses can only be wrong in the model.
    ///
    /// @param status of an answer that is an error
    public static AttemptOutcome ofError(int status, String message, Reply reply) {
        return switch (status) {
            // An error that names no kind inside a success: nonsense, and worth another try.
            case OK -> new Broken(ErrorCode.MALFORMED_RESPONSE, message, reply);
            case NOT_FOUND -> new Refused(ErrorCode.UNKNOWN_MODEL, message, reply);
            default -> of(status, message, reply);
        };
    }

    /// @param status of an answer that is no success
    public static AttemptOutcome of(int status, String message, Reply reply) {
        return switch (status) {
            case 401, 403 -> new Refused(ErrorCode.PROVIDER_AUTH_FAILED, message, reply);
            case 402 -> new Throttled(ErrorCode.PROVIDER_QUOTA_EXHAUSTED, message, reply);
            case 408 -> new Broken(ErrorCode.MODEL_TIMEOUT, message, reply);
            case 409, 425 -> new Broken(ErrorCode.PROVIDER_UNAVAILABLE, message, reply);
            case 413 -> new Refused(ErrorCode.UNSUPPORTED_INPUT, message, reply);
            case 429 -> new Throttled(ErrorCode.PROVIDER_RATE_LIMITED, message, reply);
            case 504 -> new Broken(ErrorCode.MODEL_TIMEOUT, message, reply);
            default ->
                status >= 500 || status >= 300 && status < 400
                        ? new Broken(ErrorCode.PROVIDER_UNAVAILABLE, message, reply)
                        : new Refused(ErrorCode.INVALID_REQUEST, message, reply);
        };
    }
}
