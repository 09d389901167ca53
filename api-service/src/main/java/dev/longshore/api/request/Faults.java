package dev.longshore.api.request;

import dev.longshore.problem.Problem;
import dev.longshore.problem.Refusal;
import java.util.ArrayList;
import java.util.List;

/// Collects all that is wrong with a request, so that its sender hears of everything at once.
public final class Faults {
    /// Enough to mend a request by; a hostile one could have a million.
    private static final int MOST = 100;

    private static final int LONGEST_SHOWN = 64;

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

    /// A pointer to a field by a name that may be anything, and is shortened if it is too long to be shown.
    public static String pointer(String parent, String name) {
        return parent + "/" + shown(name).replace("~", "~0").replace("/", "~1");
    }

    /// A name that came from outside, short enough for an answer: what is refused must not come back in full.
    public static String shown(String name) {
        if (name.length() <= LONGEST_SHOWN) {
            return name;
        }
        // Not in the middle of a character.
        int end = Character.isHighSurrogate(name.charAt(LONGEST_SHOWN - 1)) ? LONGEST_SHOWN - 1 : LONGEST_SHOWN;
        return name.substring(0, end) + "...";
    }
}
