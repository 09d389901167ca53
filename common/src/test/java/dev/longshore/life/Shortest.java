package dev.longshore.life;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// Makes a failing sequence short: halves, then quarters and so on are left out while it still fails.
final class Shortest {
    private Shortest() {}

    /// @param fails whether a sequence fails; asked at most `tries` times
    static <T> List<T> failing(List<T> sequence, int tries, Predicate<List<T>> fails) {
        List<T> shortest = sequence;
        int left = tries;
        int chunk = Math.max(1, sequence.size() / 2);
        while (left > 0) {
            boolean shorter = false;
            // From the end, so that what a later command needs is still there when it is tried.
            for (int end = shortest.size(); end > 0 && left > 0; end -= chunk) {
                List<T> without = new ArrayList<>(shortest.subList(0, Math.max(0, end - chunk)));
                without.addAll(shortest.subList(end, shortest.size()));
                left--;
                if (fails.test(without)) {
                    shortest = without;
                    shorter = true;
                }
            }
            if (!shorter && chunk == 1) {
                break;
            }
            chunk = shorter ? Math.min(chunk, Math.max(1, shortest.size() / 2)) : Math.max(1, chunk / 2);
        }
        return shortest;
    }
}
