package dev.longshore.provider;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Deals one limit out among the workers. Pure, and the same for every worker that looks at the same rows, so that
/// all come to one plan without talking to each other.
public final class SharePlan {
    private SharePlan() {}

    /// What one worker holds of a limit and would like to hold.
    ///
    /// @param part what it may use now
    /// @param wanted what it uses and could use besides
    /// @param alive whether it still runs; the part of one that does not is lost until it lapses
    public record Holding(int workerId, long part, long wanted, boolean alive) {}

    /// What a worker should hold: max-min fair by what each wants (no one gets more than it wants while another has
    /// less than it wants and less than this one), and of what nobody wants an equal share, so that light load need
    /// not ask first.
    ///
    /// @param limit what all may use together
    /// @param spare how much more than it wants anybody is given at most
    /// @param holdings one a worker, this one's among them
    public static long target(long limit, long spare, int workerId, List<Holding> holdings) {
        long left = limit;
        List<Holding> living = new ArrayList<>();
        for (Holding holding : holdings) {
            if (holding.alive()) {
                living.add(holding);
            } else {
                left -= holding.part();
            }
        }
        left = Math.max(0, left);
        // Those who want least first: what they leave of an equal share goes to the others.
        living.sort(Comparator.comparingLong(Holding::wanted).thenComparingInt(Holding::workerId));
        long mine = 0;
        int rank = 0;
        for (int i = 0; i < living.size(); i++) {
            int unserved = living.size() - i;
            // The remainder of a division goes to those who want most, so that a limit below the number of workers is
            // not lost.
            long given = Math.min(living.get(i).wanted(), left / unserved);
            left -= given;
            if (living.get(i).workerId() == workerId) {
                mine = given;
                rank = i;
            }
        }
        return living.isEmpty() ? 0 : mine + Math.min(spare, share(left, living.size(), rank));
    }

    /// The part of one of many in what is left, whole numbers that add up to it.
    private static long share(long left, int many, int rank) {
        return left / many + (many - 1 - rank < left % many ? 1 : 0);
    }

    /// What a worker may put down as its part: its target, but never more than the others leave, and never less than
    /// it may use at this moment, since it may be using it.
    ///
    /// @param held what it may use at this moment
    public static long part(long limit, long target, long held, int workerId, List<Holding> holdings) {
        long others = 0;
        for (Holding holding : holdings) {
            if (holding.workerId() != workerId) {
                others += holding.part();
            }
        }
        return Math.max(held, Math.min(target, limit - others));
    }
}
