package dev.longshore.settings;

/// What an error of an API that only its operator knows means to us. In the file the names are in lower case with
/// hyphens.
public enum Failure {
    /// The request is wrong; asking again cannot help.
    INVALID_REQUEST,
    /// The request is longer than the model can read.
    CONTEXT_LENGTH_EXCEEDED,
    /// The model cannot take such an input.
    UNSUPPORTED_INPUT,
    /// There is no such model.
    UNKNOWN_MODEL,
    /// The key is wrong, or may not do this.
    AUTHENTICATION,
    /// A filter held back the request or the answer.
    CONTENT_POLICY,
    /// Too much at once: to be asked again later.
    RATE_LIMITED,
    /// What was paid for is used up: to be asked again later.
    QUOTA_EXHAUSTED,
    /// It may go better the next time.
    TRANSIENT,
    /// It took too long; it may go better the next time.
    TIMEOUT,
    /// The model's answer makes no sense; it may go better the next time.
    MALFORMED_RESPONSE
}
