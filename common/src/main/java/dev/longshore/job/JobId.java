package dev.longshore.job;

import java.time.Instant;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;

/// The id of a job: a UUID of version 7, whose first 48 bits are the milliseconds of its creation, so that
/// ids sort by age and partitions of old jobs can be dropped whole. Clients see it as `job_` and 32
/// hexadecimal digits.
public record JobId(UUID uuid) implements Comparable<JobId> {
    public static final String PREFIX = "job_";

    private static final int DIGITS = 32;

    /// Reads an id as clients write it; empty when it is none.
    public static Optional<JobId> parse(String text) {
        if (text.length() != PREFIX.length() + DIGITS || !text.startsWith(PREFIX)) {
            return Optional.empty();
        }
        try {
            int start = PREFIX.length();
            int middle = start + DIGITS / 2;
            JobId id = new JobId(new UUID(
                    HexFormat.fromHexDigitsToLong(text, start, middle),
                    HexFormat.fromHexDigitsToLong(text, middle, text.length())));
            // Capitals are hexadecimal too, but one job has one spelling.
            return id.toString().equals(text) ? Optional.of(id) : Optional.empty();
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    /// The smallest id that a job created at this moment or later can have: a bound for lists and partitions.
    public static UUID lowestAt(Instant moment) {
        return new UUID(moment.toEpochMilli() << 16, 0);
    }

    /// The ids in ascending order. Every statement on many jobs takes them so: statements that meet then lock
    /// their rows in one order and cannot deadlock.
    static UUID[] inOrder(Collection<UUID> jobIds) {
        return jobIds.stream().map(JobId::new).sorted().map(JobId::uuid).toArray(UUID[]::new);
    }

    public Instant createdAt() {
        return Instant.ofEpochMilli(uuid.getMostSignificantBits() >>> 16);
    }

    /// UUID.compareTo is signed and would sort some ids wrongly; the database compares bytes, and so do we.
    @Override
    public int compareTo(JobId other) {
        int high = Long.compareUnsigned(uuid.getMostSignificantBits(), other.uuid.getMostSignificantBits());
        return high != 0
                ? high
                : Long.compareUnsigned(uuid.getLeastSignificantBits(), other.uuid.getLeastSignificantBits());
    }

    @Override
    public String toString() {
        HexFormat digits = HexFormat.of();
        return PREFIX
                + digits.toHexDigits(uuid.getMostSignificantBits())
                + digits.toHexDigits(uuid.getLeastSignificantBits());
    }
}
