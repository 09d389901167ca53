package dev.longshore.rig.proof;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// An event owed to a receiver, as the database has it.
///
/// @param id what receivers know it by
/// @param endpoint null where it goes to the URL that came with a job
/// @param address where it goes
/// @param number the event's among those of its job
/// @param claimedUntil how long a worker may be about to send it; null while none is
public record Notice(
        String id,
        int tenant,
        String job,
        @Nullable String endpoint,
        String address,
        long number,
        String type,
        Instant happenedAt,
        Instant dueAt,
        @Nullable Instant claimedUntil,
        String status,
        int tries) {}
