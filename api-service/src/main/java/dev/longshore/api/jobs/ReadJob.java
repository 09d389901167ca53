package dev.longshore.api.jobs;

import dev.longshore.job.NewJob.IdempotencyGuard;
import dev.longshore.problem.Refusal;
import org.jspecify.annotations.Nullable;

/// What a request for a job comes to before anything is looked up. Closed: whoever reads one must know what to do
/// without a model.
sealed interface ReadJob permits CheckedJob, ReadJob.WithoutModel {
    /// No model can take it now. It may be the repetition of a request that was accepted when one could.
    ///
    /// @param guard null where the request cannot be a repetition
    record WithoutModel(int tenantId, @Nullable IdempotencyGuard guard, Refusal refusal) implements ReadJob {}
}
