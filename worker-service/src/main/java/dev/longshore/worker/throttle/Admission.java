package dev.longshore.worker.throttle;

import dev.longshore.job.WaitReason;
import java.time.Instant;

/// Whether a call may be made. Closed: who asks must know what to do with either answer.
public sealed interface Admission {
    /// It may, now; give the permit back when it is over.
    record Admitted(Permit permit) implements Admission {}

    /// It may not.
    ///
    /// @param until when it is worth asking again
    record HeldBack(WaitReason reason, Instant until, String detail) implements Admission {}
}
