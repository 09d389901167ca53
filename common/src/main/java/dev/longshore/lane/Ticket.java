package dev.longshore.lane;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;

/// What travels on a lane: the id of a job and nothing else. Losing, doubling or reordering tickets is
/// harmless, because a ticket is only a hint to go and look at the job's row.
///
/// On the wire a ticket is 17 bytes: a version byte and the 16 bytes of the id, most significant first. The
/// record has no key: any partition will do.
public record Ticket(UUID jobId) {
    /// Raised when the layout changes; a reader that does not know a version treats the record as unreadable.
    public static final byte VERSION = 1;

    private static final int LENGTH = 1 + 2 * Long.BYTES;

    public byte[] bytes() {
        return ByteBuffer.allocate(LENGTH)
                .put(VERSION)
                .putLong(jobId.getMostSignificantBits())
                .putLong(jobId.getLeastSignificantBits())
                .array();
    }

    /// Reads a record's value; empty when it is no ticket of a version that we know.
    public static Optional<Ticket> read(byte[] value) {
        if (value.length != LENGTH || value[0] != VERSION) {
            return Optional.empty();
        }
        ByteBuffer bytes = ByteBuffer.wrap(value, 1, LENGTH - 1);
        return Optional.of(new Ticket(new UUID(bytes.getLong(), bytes.getLong())));
    }
}
