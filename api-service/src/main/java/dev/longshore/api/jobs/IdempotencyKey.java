package dev.longshore.api.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.longshore.api.request.Faults;
import dev.longshore.problem.Problem;
import dev.longshore.problem.ProblemCode;
import dev.longshore.problem.Refusal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The key by which a caller makes sure that sending twice makes one job.
final class IdempotencyKey {
    static final String FIELD = "idempotency_key";
    static final String HEADER = "Idempotency-Key";

    private static final int LONGEST = 255;

    private IdempotencyKey() {}

    /// The key of a request, null when it has none.
    ///
    /// @throws Refusal when it is malformed, or header and body name different ones
    static @Nullable String of(List<String> headers, @Nullable JsonNode field) {
        if (headers.size() > 1) {
            throw malformed();
        }
        String fromHeader =
                headers.isEmpty() ? null : checked(unquoted(headers.getFirst().strip()));
        if (field == null || field.isNull()) {
            return fromHeader;
        }
        if (!field.isTextual()) {
            throw malformed();
        }
        String fromBody = checked(field.textValue());
        if (fromHeader != null && !fromHeader.equals(fromBody)) {
            throw Faults.of("/" + FIELD, "The header " + HEADER + " and the field name different keys.");
        }
        return fromBody;
    }

    /// A structured-field string (RFC 8941) stands in quotes, in which quotes and backslashes are escaped.
    private static String unquoted(String header) {
        if (header.length() < 2 || header.charAt(0) != '"' || header.charAt(header.length() - 1) != '"') {
            return header;
        }
        StringBuilder key = new StringBuilder(header.length());
        for (int i = 1; i < header.length() - 1; i++) {
            char c = header.charAt(i);
            if (c == '"') {
                throw malformed();
            }
            if (c == '\\') {
                i++;
                if (i == header.length() - 1 || header.charAt(i) != '"' && header.charAt(i) != '\\') {
                    throw malformed();
                }
                c = header.charAt(i);
            }
            key.append(c);
        }
        return key.toString();
    }

    private static String checked(String key) {
        if (key.isEmpty() || key.length() > LONGEST || !key.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw malformed();
        }
        return key;
    }

    private static Refusal malformed() {
        return new Refusal(Problem.of(
                ProblemCode.INVALID_IDEMPOTENCY_KEY,
                "The idempotency key must be 1 to " + LONGEST + " visible ASCII characters.",
                FIELD));
    }
}
