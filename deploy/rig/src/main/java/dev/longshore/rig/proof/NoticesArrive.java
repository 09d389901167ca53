package dev.longshore.rig.proof;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// I8, second part: every notice to a receiver that is well in the end has been taken by it; nothing comes to a
/// receiver that was not owed to it, and nobody follows a redirect or a name that leads inside.
final class NoticesArrive implements Check {
    @Override
    public String name() {
        return "I8b";
    }

    @Override
    public String promise() {
        return "every notice arrives, and nothing but notices";
    }

    @Override
    public String extent(Evidence evidence) {
        long taken = evidence.mail().heard().stream().filter(Heard::isTaken).count();
        return evidence.mail().heard().size() + " calls, " + taken + " taken";
    }

    @Override
    public List<Violation> find(Evidence evidence) {
        List<Violation> found = new ArrayList<>();
        Mail mail = evidence.mail();
        Map<String, Notice> notices = mail.noticesById();
        Set<String> taken = new HashSet<>();
        for (Heard heard : mail.heard()) {
            Notice notice = notices.get(heard.id());
            if (mail.role(heard.address()) == Role.ELSEWHERE) {
                found.add(about(notice, "came where nobody was told to call: " + heard));
            } else if (notice == null) {
                found.add(about(null, "heard and not owed: " + heard));
            } else if (!notice.address().equals(heard.address())) {
                found.add(about(notice, "came to the wrong receiver: " + heard + ", " + notice));
            } else if (heard.isTaken()) {
                taken.add(heard.id());
            }
        }
        Map<String, Endpoint> endpoints = mail.endpointsById();
        for (Notice notice : mail.notices()) {
            String problem = problem(notice, taken, endpoints);
            if (problem != null) {
                found.add(about(notice, problem + notice));
            }
        }
        return found;
    }

    private static @Nullable String problem(Notice notice, Set<String> taken, Map<String, Endpoint> endpoints) {
        Endpoint endpoint = notice.endpoint() == null ? null : endpoints.get(notice.endpoint());
        boolean off = endpoint != null && endpoint.disabledAt() != null;
        return switch (notice.status()) {
            case "delivered" -> taken.contains(notice.id()) ? null : "said to be delivered and never taken: ";
            case "failed" -> off ? null : "given up although its receiver is well: ";
            default -> off ? "still owed to an endpoint that is off: " : "not arrived: ";
        };
    }

    private Violation about(@Nullable Notice notice, String what) {
        return notice == null ? Violation.of(this, what) : Violation.of(this, what, notice.job());
    }
}
