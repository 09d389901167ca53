package dev.longshore.worker.slots;

import dev.longshore.attempt.AttemptOutcome.Interruption;
import dev.longshore.job.JobStore.Claim;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The attempts that run in this process now, each with the sign that stops it.
public final class RunningAttempts {
    private final Map<Claim, StopSign> running = new ConcurrentHashMap<>();

    /// Enters an attempt. Call [#ended] when it is recorded.
    public StopSign started(Claim claim) {
        StopSign sign = new StopSign();
        running.put(claim, sign);
        return sign;
    }

    public void ended(Claim claim) {
        running.remove(claim);
    }

    public int count() {
        return running.size();
    }

    /// The claims that run here now.
    public Set<Claim> claims() {
        return Set.copyOf(running.keySet());
    }

    /// Stops those of the claims that run here.
    ///
    /// @return how many were told to stop just now
    public int stop(Set<Claim> claims, Interruption why) {
        int stopped = 0;
        for (Claim claim : claims) {
            StopSign sign = running.get(claim);
            if (sign != null && sign.raise(why)) {
                stopped++;
            }
        }
        return stopped;
    }

    /// Stops everything that runs here.
    public int stopAll(Interruption why) {
        int stopped = 0;
        for (StopSign sign : running.values()) {
            if (sign.raise(why)) {
                stopped++;
            }
        }
        return stopped;
    }
}
