package dev.longshore.api.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.longshore.problem.ProblemCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// What every answer owes to its caller, and a list of those that did not pay: a hostile test tries
/// hundreds of things, and tells of all that went wrong at once.
final class Contract {
    /// Names of classes and places in the code: nothing for callers.
    private static final Pattern INSIDES = Pattern.compile(
            "(\\b[a-z]+\\.){2,}[A-Za-z]*[A-Z]\\w*|Exception\\b|\\bat [a-z]+\\.[a-z]|SQLSTATE|PSQL|<html|SELECT ");

    private static final Set<String> MEMBERS =
            Set.of("code", "type", "message", "param", "details", "retryable", "trace_id");

    /// However much is wrong with a request: its sender needs no more to mend it.
    private static final int LONGEST_REFUSAL = 48 * 1024;

    private final List<String> breaches = new ArrayList<>();
    private int seen;

    /// Any answer will do, as long as it is a proper one.
    void heldBy(String what, Optional<Reply> reply) {
        heldBy(what, reply, 499);
    }

    private void heldBy(String what, Optional<Reply> reply, int worst) {
        seen++;
        if (reply.isEmpty()) {
            breach(what, "no answer at all");
            return;
        }
        if (reply.get().status() >= 400) {
            if (reply.get().status() > worst) {
                breach(what, "a failure of ours: " + reply.get());
            }
            refusal(what, reply.get());
        } else {
            ids(what, reply.get());
        }
    }

    /// Only a refusal will do.
    void refused(String what, Optional<Reply> reply, ProblemCode... codes) {
        heldBy(what, reply, List.of(codes).contains(ProblemCode.UNAVAILABLE) ? 503 : 499);
        reply.ifPresent(answer -> {
            Set<String> allowed = new TreeSet<>();
            for (ProblemCode code : codes) {
                allowed.add(code.name());
            }
            if (answer.status() < 400) {
                breach(what, "taken: " + answer);
            } else if (!allowed.isEmpty() && !allowed.contains(answer.code())) {
                breach(what, "refused otherwise than as " + allowed + ": " + answer);
            }
        });
    }

    /// Only a refusal that names this field will do, or one of something beneath it.
    void refusedFor(String what, String pointer, Optional<Reply> reply) {
        heldBy(what, reply);
        reply.ifPresent(answer -> {
            if (answer.status() < 400) {
                breach(what, "taken: " + answer);
            } else if (!names(answer, pointer)) {
                breach(what, "does not name " + pointer + ": " + answer);
            }
        });
    }

    static boolean names(Reply answer, String pointer) {
        JsonNode error = answer.json().path("error");
        String param = pointer.substring(1).replace('/', '.');
        if (error.path("param").asText().startsWith(param)) {
            return true;
        }
        for (JsonNode fault : error.path("details").path("errors")) {
            if (fault.path("pointer").asText().startsWith(pointer)) {
                return true;
            }
        }
        return false;
    }

    void breach(String what, String how) {
        breaches.add(what + ": " + how);
    }

    /// @param least how many answers must have been looked at, so that a loop that ran over nothing is
    ///     noticed
    void assertKept(int least) {
        assertThat(breaches)
                .as(breaches.size() + " breaches in " + seen + " answers")
                .isEmpty();
        assertThat(seen).isGreaterThanOrEqualTo(least);
    }

    private void refusal(String what, Reply reply) {
        ids(what, reply);
        if (INSIDES.matcher(reply.text()).find()) {
            breach(what, "shows its insides: " + reply);
        }
        if (reply.body().length > LONGEST_REFUSAL) {
            breach(what, "a refusal of " + reply.body().length + " bytes");
        }
        String type = reply.header("content-type");
        if (type == null || !type.startsWith("application/json") || reply.body().length == 0) {
            breach(what, "not JSON: " + type + " " + reply);
            return;
        }
        JsonNode error = reply.json().path("error");
        Set<String> members = new TreeSet<>();
        error.fieldNames().forEachRemaining(members::add);
        if (!members.equals(MEMBERS)) {
            breach(what, "not the error's shape: " + reply);
            return;
        }
        Optional<ProblemCode> code = code(error.path("code").asText());
        if (code.isEmpty() || code.get().status() != reply.status()) {
            breach(what, "a code that does not go with its status: " + reply);
        }
        if (error.path("message").asText().isBlank()) {
            breach(what, "says nothing: " + reply);
        }
        if (code.isPresent() && !code.get().retryable() != "false".equals(reply.header("x-should-retry"))) {
            breach(what, "x-should-retry does not go with its code: " + reply);
        }
        if (reply.status() == 405 && reply.header("allow") == null) {
            breach(what, "405 without Allow: " + reply);
        }
        if (reply.status() == 429 && reply.header("retry-after") == null) {
            breach(what, "429 without Retry-After: " + reply);
        }
        if (!String.valueOf(reply.header("traceparent"))
                .contains(error.path("trace_id").asText())) {
            breach(what, "another trace in the body than in the header: " + reply);
        }
    }

    private void ids(String what, Reply reply) {
        if (!Objects.requireNonNullElse(reply.header("x-request-id"), "").matches("[!-~]{1,128}")) {
            breach(what, "no request id: " + reply);
        }
        if (!String.valueOf(reply.header("traceparent")).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")) {
            breach(what, "no trace: " + reply);
        }
    }

    /// Routes like OpenAI's spell codes in small letters, all others in capitals.
    private static Optional<ProblemCode> code(String name) {
        for (ProblemCode code : ProblemCode.values()) {
            if (code.name().equals(name) || code.name().toLowerCase(Locale.ROOT).equals(name)) {
                return Optional.of(code);
            }
        }
        return Optional.empty();
    }
}
