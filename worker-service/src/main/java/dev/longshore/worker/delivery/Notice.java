package dev.longshore.worker.delivery;

import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An event owed to one receiver, claimed by this worker.
///
/// @param seq the place of the event among its job's
/// @param jobId null where the event is not a job's
/// @param moved how far the job was, where that is the event
/// @param receiverId the endpoint, or what stands for the tenant and the origin of a job's own URL
/// @param endpointId null where it goes to a job's own URL
/// @param url where it goes now
/// @param claimedBy the worker, as it was called when it claimed
/// @param tries how many were made before
/// @param body the bytes of every try as text; null until it is first composed
record Notice(
        UUID id,
        int tenantId,
        @Nullable UUID jobId,
        long seq,
        String type,
        Instant happenedAt,
        @Nullable Moved moved,
        UUID receiverId,
        @Nullable UUID endpointId,
        String url,
        int claimedBy,
        int tries,
        @Nullable String body) {

    private static final String PREFIX = "evt_";

    /// What the receiver knows it by, over all tries and in the body.
    String webhookId() {
        HexFormat digits = HexFormat.of();
        return PREFIX
                + digits.toHexDigits(id.getMostSignificantBits())
                + digits.toHexDigits(id.getLeastSignificantBits());
    }

    Owner owner() {
        return new Owner(tenantId, endpointId);
    }

    /// How far a job was.
    ///
    /// @param share from 0 to 1
    /// @param message what it did then, for people
    record Moved(double share, @Nullable String message) {}

    /// Whose secrets it is signed with.
    ///
    /// @param endpointId null for the tenant's own, which URLs of jobs are signed with
    record Owner(int tenantId, @Nullable UUID endpointId) {}
}
