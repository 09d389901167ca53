package dev.longshore.worker.throttle;

/// How much a call weighs.
///
/// @param inputTokens counted or estimated before the call, told by the provider after it
/// @param outputTokens what may be answered at most before the call, what was answered after it
public record Load(int inputTokens, int outputTokens) {
    long of(Unit unit) {
        return switch (unit) {
            case CALLS_AT_ONCE, CALLS -> 1;
            case TOKENS -> (long) inputTokens + outputTokens;
            case INPUT_TOKENS -> inputTokens;
            case OUTPUT_TOKENS -> outputTokens;
        };
    }
}
