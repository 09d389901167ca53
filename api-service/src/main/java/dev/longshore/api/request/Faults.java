package dev.longshore.api.request;

import dev.longshore.problem.Problem;
import dev.longshore.problem.Refusal;
import java.util.ArrayList;
import java.util.List;

/// Collects all that is wrong with a request, so that its sender hears of everything at once.
public final class Faults {
    /// Enough to mend a request by; a hostile one could have a million.
    private static final int MOST = 100;

    private final List<Problem.Fault> faults = new ArrayList<>();

    /// @param pointer the field, as a JSON pointer
    public void add(String pointer, String message) {
        if (faults.size() < MOST) {
            faults.add(new Problem.Fault(pointer, message));
        }
    }

    public boolean any() {
        return !faults.isEmpty();
    }

    /// Refuses the request if anything is wrong with it.
    ///
    /// @throws Refusal naming every fault
    public void refuseIfAny() {
        if (any()) {
            throw new Refusal(Problem.invalid(faults));
        }
    }

    /// A single fault, for checks that stand alone.
    public static Refusal of(String pointer, String message) {
        return new Refusal(Problem.invalid(List.of(new Problem.Fault(pointer, message))));
    }

    /// A pointer to a field by a name that may be anything.
    public static String pointer(String parent, String name) {
        return parent + "/" + name.replace("~", "~0").replace("/", "~1");
    }
}
