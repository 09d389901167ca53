package dev.longshore.rig.proof;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Whatever is broken, a caller is answered with a status that the contract has for it, and never with a 500.
final class AnswersKeepTheContract implements Check {
    private static final int NO_ANSWER = 0;
    private static final Map<Deed, Set<Integer>> STATUSES = new EnumMap<>(Map.of(
            Deed.SUBMIT, Set.of(NO_ANSWER, 200, 202, 422, 429, 503),
            Deed.SUBMIT_OTHER, Set.of(NO_ANSWER, 422, 429, 503),
            Deed.LOOK, Set.of(NO_ANSWER, 200, 503),
            Deed.FOLLOW, Set.of(NO_ANSWER, 200, 204, 503),
            Deed.CANCEL, Set.of(NO_ANSWER, 200, 202, 503),
            Deed.REPLAY, Set.of(NO_ANSWER, 202, 409, 503),
            Deed.REDELIVER, Set.of(NO_ANSWER, 202, 409, 503),
            Deed.RECOVER, Set.of(NO_ANSWER, 202, 409, 503),
            Deed.NONSENSE, Set.of(NO_ANSWER, 400, 413, 415, 429, 503)));

    @Override
    public String name() {
        return "answers";
    }

    @Override
    public String promise() {
        return "every answer is one of the contract's, never a 500";
    }

    @Override
    public String extent(Evidence evidence) {
        long none = evidence.told().stream().filter(told -> told.http() == 0).count();
        long away = evidence.told().stream().filter(told -> told.http() == 503).count();
        return evidence.told().size() + " questions, " + none + " unanswered, " + away + " x 503";
    }

    @Override
    public List<Violation> find(Evidence evidence) {
        List<Violation> found = new ArrayList<>();
        for (Told told : evidence.told()) {
            if (!STATUSES.getOrDefault(told.deed(), Set.of()).contains(told.http())) {
                String job = told.job();
                found.add(
                        job == null
                                ? Violation.of(this, "answered " + told)
                                : Violation.of(this, "answered " + told, job));
            }
        }
        return found;
    }
}
