package dev.longshore.rig.proof;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.longshore.webhook.Verification;
import dev.longshore.webhook.VerifyingKey;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// I8, third part: each call is signed with the right secret in both ways and of now, says what its notice is about,
/// and says the same at every try.
final class CallsAreGenuine implements Check {
    /// From signing to the last byte: a worker may be frozen in between.
    private static final Duration OLDEST = Duration.ofSeconds(30);

    /// Workers keep the database's clock as well as they can tell it from afar.
    private static final Duration CLOCKS_DIFFER = Duration.ofSeconds(5);

    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public String name() {
        return "I8c";
    }

    @Override
    public String promise() {
        return "every call is genuine, fresh, and the same at each try";
    }

    @Override
    public String extent(Evidence evidence) {
        Set<String> once = new HashSet<>();
        long again = evidence.mail().heard().stream()
                .filter(heard -> !once.add(heard.id()))
                .count();
        return once.size() + " ids, " + again + " calls made again";
    }

    @Override
    public List<Violation> find(Evidence evidence) {
        List<Violation> found = new ArrayList<>();
        Mail mail = evidence.mail();
        Map<String, Notice> notices = mail.noticesById();
        Map<String, Endpoint> endpoints = mail.endpointsById();
        Map<String, byte[]> bodies = new HashMap<>();
        for (Heard heard : mail.heard()) {
            Notice notice = notices.get(heard.id());
            if (notice == null) {
                // Somebody else's to find.
                continue;
            }
            Endpoint endpoint = notice.endpoint() == null ? null : endpoints.get(notice.endpoint());
            List<VerifyingKey> keys =
                    endpoint == null ? mail.keys().getOrDefault(notice.tenant(), List.of()) : endpoint.keys();
            judge(heard, notice, keys, found);
            byte[] first = bodies.putIfAbsent(heard.id(), heard.body());
            if (first != null && !Arrays.equals(first, heard.body())) {
                found.add(Violation.of(this, "other bytes than at the first try: " + heard, notice.job()));
            }
        }
        return found;
    }

    private void judge(Heard heard, Notice notice, List<VerifyingKey> keys, List<Violation> found) {
        Instant at = Instant.ofEpochMilli(heard.at());
        if (keys.isEmpty()) {
            found.add(Violation.of(this, "there is no key for " + heard, notice.job()));
        }
        for (VerifyingKey key : keys) {
            Verification verdict =
                    Verification.of(heard.id(), heard.timestamp(), heard.signatures(), heard.body(), List.of(key), at);
            if (verdict != Verification.GENUINE) {
                found.add(Violation.of(this, verdict + " by " + key.version() + ": " + heard, notice.job()));
                return;
            }
        }
        Duration age = Duration.between(Instant.ofEpochSecond(Long.parseLong(heard.timestamp())), at);
        if (age.compareTo(OLDEST) > 0 || age.plus(CLOCKS_DIFFER).isNegative()) {
            found.add(Violation.of(this, "signed " + age.toMillis() + " ms before it came: " + heard, notice.job()));
        }
        if (!says(heard.body(), notice)) {
            found.add(Violation.of(this, "its body is not of " + notice + ": " + heard, notice.job()));
        }
    }

    private static boolean says(byte[] body, Notice notice) {
        try {
            JsonNode said = JSON.readTree(body);
            JsonNode job = said.path("data");
            return notice.id().equals(said.path("id").asText())
                    && notice.type().equals(said.path("type").asText())
                    && notice.happenedAt().toEpochMilli()
                            == Instant.parse(said.path("timestamp").asText()).toEpochMilli()
                    && notice.job().equals(job.path("job_id").asText())
                    && notice.type().equals("job." + job.path("status").asText());
        } catch (IOException | RuntimeException _) {
            return false;
        }
    }
}
