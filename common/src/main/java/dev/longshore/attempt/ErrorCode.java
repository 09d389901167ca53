package dev.longshore.attempt;

/// The codes a job may end with, each with its class. Clients branch on these names, so they never change.
public enum ErrorCode {
    INVALID_REQUEST(ErrorClass.INVALID_REQUEST),
    CONTEXT_LENGTH_EXCEEDED(ErrorClass.INVALID_REQUEST),
    UNSUPPORTED_INPUT(ErrorClass.INVALID_REQUEST),
    UNKNOWN_MODEL(ErrorClass.INVALID_REQUEST),
    PROVIDER_AUTH_FAILED(ErrorClass.AUTHENTICATION),
    CONTENT_FILTER_TRIGGERED(ErrorClass.CONTENT_POLICY),
    PROVIDER_RATE_LIMITED(ErrorClass.RATE_LIMITED),
    PROVIDER_QUOTA_EXHAUSTED(ErrorClass.RATE_LIMITED),
    PROVIDER_UNAVAILABLE(ErrorClass.TRANSIENT),
    NETWORK_ERROR(ErrorClass.TRANSIENT),
    MODEL_TIMEOUT(ErrorClass.TIMEOUT),
    MALFORMED_RESPONSE(ErrorClass.MALFORMED_RESPONSE),
    OUTPUT_VALIDATION_FAILED(ErrorClass.VALIDATION),
    INSUFFICIENT_CONFIDENCE(ErrorClass.VALIDATION),
    GUARDRAIL_TRIGGERED(ErrorClass.VALIDATION),
    TOOL_EXECUTION_FAILED(ErrorClass.TOOL),
    DEADLINE_EXCEEDED(ErrorClass.PLATFORM),
    CANCELLED(ErrorClass.PLATFORM),
    BUDGET_EXCEEDED(ErrorClass.PLATFORM),
    OUTCOME_UNKNOWN(ErrorClass.PLATFORM),
    WORKER_LOST(ErrorClass.PLATFORM),
    INTERNAL(ErrorClass.PLATFORM);

    private final ErrorClass errorClass;

    ErrorCode(ErrorClass errorClass) {
        this.errorClass = errorClass;
    }

    public ErrorClass errorClass() {
        return errorClass;
    }
}
