package dev.longshore.problem;

/// Every way a request is refused, with the HTTP status that carries it and what the caller should do
/// about it. Clients branch on these names, so they never change.
public enum ProblemCode {
    INVALID_REQUEST(400, "invalid_request_error", false, "Mend the fields named in details.errors."),
    INVALID_JSON(400, "invalid_request_error", false, "Send one JSON object in UTF-8."),
    INVALID_IDEMPOTENCY_KEY(400, "invalid_request_error", false, "Use 1 to 255 visible ASCII characters."),
    UNKNOWN_OPERATION(400, "invalid_request_error", false, "Name an operation that exists."),
    UNKNOWN_MODEL(400, "invalid_request_error", false, "Name a model that the operator has set up."),
    CONTEXT_LENGTH_EXCEEDED(400, "invalid_request_error", false, "Shorten the input, split it, or use a larger model."),
    UNAUTHENTICATED(401, "authentication_error", false, "Send a valid API key."),
    FORBIDDEN(403, "permission_error", false, "Use a key with the scope that is named."),
    POLICY_DENIED(403, "permission_error", false, "No provider may see such data; ask the operator."),
    BUDGET_EXCEEDED(402, "insufficient_quota", false, "Wait for the next period or have the budget raised."),
    NOT_FOUND(404, "not_found_error", false, "Check path and id."),
    METHOD_NOT_ALLOWED(405, "invalid_request_error", false, "Use a method that the Allow header names."),
    CONFLICT(409, "conflict_error", false, "Look at the job's state first."),
    PAYLOAD_TOO_LARGE(413, "invalid_request_error", false, "Send less, or send it as a file."),
    UNSUPPORTED_MEDIA_TYPE(415, "invalid_request_error", false, "Send Content-Type: application/json."),
    IDEMPOTENCY_KEY_REUSED(422, "invalid_request_error", false, "Use a new key for a new request."),
    RATE_LIMITED(429, "rate_limit_error", true, "Come back after Retry-After."),
    QUEUE_FULL(429, "rate_limit_error", true, "Come back after Retry-After; nothing was accepted."),
    INTERNAL(500, "server_error", true, "Try again with the same idempotency key; report the trace id if it stays."),
    UNAVAILABLE(503, "server_error", true, "Try again with the same idempotency key after Retry-After.");

    private final int status;
    private final String type;
    private final boolean retryable;
    private final String advice;

    ProblemCode(int status, String type, boolean retryable, String advice) {
        this.status = status;
        this.type = type;
        this.retryable = retryable;
        this.advice = advice;
    }

    /// The HTTP status.
    public int status() {
        return status;
    }

    /// The coarse kind, in the words of OpenAI's errors.
    public String type() {
        return type;
    }

    /// Whether the same request may succeed later.
    public boolean retryable() {
        return retryable;
    }

    /// What the caller should do, in one sentence.
    public String advice() {
        return advice;
    }
}
