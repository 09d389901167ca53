package dev.longshore.rig.proof;

import dev.longshore.webhook.VerifyingKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A webhook endpoint of a tenant, made before the first job.
///
/// @param events what it wants to hear of: `job.complete`
/// @param filter labels that a job must carry
/// @param keys what it was given to verify with
/// @param disabledAt when it was switched off; null while it is on
public record Endpoint(
        String id,
        int tenant,
        String url,
        Set<String> events,
        Map<String, String> filter,
        List<VerifyingKey> keys,
        @Nullable Instant disabledAt) {
    /// Whether it wants to hear of this change of the job, were it switched on.
    boolean wants(Ledger.Job job, Ledger.Step step) {
        return tenant == job.tenant()
                && events.contains(step.type())
                && job.labels().entrySet().containsAll(filter.entrySet());
    }
}
