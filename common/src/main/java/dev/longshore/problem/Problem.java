package dev.longshore.problem;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One refusal: what is wrong, where, and when to come back.
///
/// @param message for people; never a secret, a payload or a stack trace
/// @param param the request field it is about, as a dotted path
/// @param details for programs; values are strings, numbers, booleans, lists and maps of them
/// @param retryAfter when asking again makes sense, where that is known
public record Problem(
        ProblemCode code,
        String message,
        @Nullable String param,
        Map<String, Object> details,
        @Nullable Duration retryAfter) {

    public Problem {
        details = Map.copyOf(details);
    }

    public static Problem of(ProblemCode code, String message) {
        return new Problem(code, message, null, Map.of(), null);
    }

    /// A problem of one request field.
    public static Problem of(ProblemCode code, String message, String param) {
        return new Problem(code, message, param, Map.of(), null);
    }

    /// A problem that passes.
    public static Problem passing(ProblemCode code, String message, Duration retryAfter) {
        return new Problem(code, message, null, Map.of(), retryAfter);
    }

    /// All that is wrong with the fields of a request.
    ///
    /// @param faults at least one
    public static Problem invalid(List<Fault> faults) {
        Fault first = faults.getFirst();
        String more = faults.size() == 1 ? "" : " (and " + (faults.size() - 1) + " more)";
        return new Problem(
                ProblemCode.INVALID_REQUEST,
                first.message() + more,
                first.pointer().isEmpty() ? null : first.pointer().substring(1).replace('/', '.'),
                Map.of("errors", faults),
                null);
    }

    /// One field that is wrong.
    ///
    /// @param pointer where, as a JSON pointer (RFC 6901); for query parameters and
    ///     headers their name behind a slash
    public record Fault(String pointer, String message) {}
}
