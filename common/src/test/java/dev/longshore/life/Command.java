package dev.longshore.life;

import dev.longshore.lane.Lane;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One thing that happens to the jobs of a run. Jobs, claims and workers are named by numbers, so that a
/// sequence means the same when commands are left out of it; a number that nobody has names nothing.
sealed interface Command {
    /// A job to be accepted. Its number is its identity: the same number again is the same call made again.
    record Order(
            int number,
            int tenant,
            Lane lane,
            int priority,
            int maxAttempts,
            boolean failOnUnknown,
            boolean direct,
            boolean scheduled,
            boolean yesterday,
            @Nullable String key,
            String body) {}

    /// A verdict on the claim of a job under an epoch, which may be an old one or one that never was.
    record Said(int job, int epoch, Ending ending) {}

    record Accept(List<Order> orders) implements Command {}

    record ExpireKey(int tenant, String key) implements Command {}

    record Claim(int worker, List<Integer> jobs) implements Command {}

    record Settle(List<Said> verdicts) implements Command {}

    /// A heartbeat, which brings back what is to be cancelled.
    record Beat(int worker) implements Command {}

    record LoseLease(int worker) implements Command {}

    /// Every lease there ever was runs out.
    record LoseEveryLease() implements Command {}

    record Leave(int worker) implements Command {}

    /// The process is started again and gets a new number; its old claims may still speak.
    record Rejoin(int worker) implements Command {}

    /// A worker asks what it holds.
    record Recall(int worker) implements Command {}

    record Rescue() implements Command {}

    record Feed(Lane lane, int room, int afterTenant) implements Command {}

    record Undispatch(List<Integer> jobs) implements Command {}

    record Reissue(Lane lane) implements Command {}

    record CountBacklog(Lane lane) implements Command {}

    record PassWait(int job) implements Command {}

    record PassEveryWait() implements Command {}

    record Wake() implements Command {}

    record PassDeadline(int job) implements Command {}

    record PassEveryDeadline() implements Command {}

    record Expire() implements Command {}

    record Cancel(int tenant, int job) implements Command {}

    record Replay(int tenant, List<Integer> jobs) implements Command {}

    record Discard(int tenant, List<Integer> jobs) implements Command {}

    /// Retention: yesterday is forgotten, if nothing of it is open.
    record DropYesterday() implements Command {}
}
