package dev.longshore.simulator;

import dev.longshore.simulator.tongue.BadAsk;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Orders inside a prompt, such as `[[sim status=429 retry_after=1 times=2]]`: pairs and bare names of faults
/// between the brackets; `answer=` takes the rest of its brackets.
final class Directives {

    static final String OPENING = "[[sim ";
    private static final String CLOSING = "]]";

    private Directives() {}

    /// One pair of brackets.
    ///
    /// @param fault what it does to the call, if anything
    /// @param overlay what it changes about the answer
    /// @param times on how many calls with this prompt it holds, 0 for all
    record Directive(@Nullable Fault fault, Behaviour overlay, int times) {}

    static List<Directive> read(String text) throws BadAsk {
        int at = text.indexOf(OPENING);
        if (at < 0) {
            return List.of();
        }
        List<Directive> found = new ArrayList<>();
        while (at >= 0) {
            int end = text.indexOf(CLOSING, at);
            if (end < 0) {
                break;
            }
            String inside = text.substring(at + OPENING.length(), end);
            try {
                found.add(directive(inside));
            } catch (IllegalArgumentException e) {
                throw new BadAsk("The directive [[sim " + inside + "]] is wrong: " + e.getMessage(), "messages", null);
            }
            at = text.indexOf(OPENING, end);
        }
        return found;
    }

    /// The text without its directives.
    static String strip(String text) {
        int at = text.indexOf(OPENING);
        if (at < 0) {
            return text;
        }
        StringBuilder rest = new StringBuilder();
        int from = 0;
        while (at >= 0) {
            int end = text.indexOf(CLOSING, at);
            if (end < 0) {
                break;
            }
            rest.append(text, from, at);
            from = end + CLOSING.length();
            at = text.indexOf(OPENING, from);
        }
        return rest.append(text, from, text.length()).toString().strip();
    }

    private static Directive directive(String inside) {
        Map<String, String> pairs = new HashMap<>();
        String rest = inside.strip();
        while (!rest.isEmpty()) {
            if (rest.startsWith("answer=")) {
                pairs.put("answer", rest.substring(7));
                break;
            }
            int space = rest.indexOf(' ');
            String word = space < 0 ? rest : rest.substring(0, space);
            rest = space < 0 ? "" : rest.substring(space).strip();
            int equals = word.indexOf('=');
            if (equals > 0) {
                pairs.put(word.substring(0, equals), word.substring(equals + 1));
            } else {
                pairs.put("kind", FaultKind.of(word).word());
            }
        }
        return directive(pairs);
    }

    private static Directive directive(Map<String, String> pairs) {
        String kind = pairs.remove("kind");
        Integer status = number(pairs, "status");
        Integer latency = number(pairs, "latency");
        Integer firstByte = number(pairs, "first_byte");
        Integer times = number(pairs, "times");
        Integer bytes = number(pairs, "bytes");
        Integer retryAfterMs = number(pairs, "retry_after_ms");
        Fault fault = kind == null && status == null
                ? null
                : new Fault(
                        kind == null ? FaultKind.STATUS : FaultKind.of(kind),
                        status,
                        pairs.remove("retry_after"),
                        retryAfterMs == null ? null : (long) retryAfterMs,
                        null,
                        pairs.remove("code"),
                        null,
                        null,
                        bytes == null ? null : (long) bytes,
                        latency == null ? null : (long) latency,
                        number(pairs, "after_chunks"),
                        null,
                        null,
                        null);
        Behaviour overlay = new Behaviour(
                latency == null || fault != null ? null : new Latency((long) latency, null, null),
                firstByte == null ? null : new Latency((long) firstByte, null, null),
                number(pairs, "input_tokens"),
                number(pairs, "cached_tokens"),
                number(pairs, "output_tokens"),
                pairs.remove("answer"),
                null,
                null,
                null,
                null,
                null,
                null,
                number(pairs, "thinking_tokens"),
                pairs.remove("tool"));
        if (!pairs.isEmpty()) {
            throw new IllegalArgumentException("it does not know " + String.join(", ", pairs.keySet()));
        }
        return new Directive(fault, overlay, times == null ? 0 : times);
    }

    private static @Nullable Integer number(Map<String, String> pairs, String name) {
        String digits = pairs.remove(name);
        if (digits == null) {
            return null;
        }
        try {
            return Integer.valueOf(digits);
        } catch (NumberFormatException _) {
            throw new IllegalArgumentException(name + " must be a whole number");
        }
    }
}
