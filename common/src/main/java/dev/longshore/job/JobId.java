package dev.longshore.job;

import java.time.Instant;
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
            // parseUnsignedLong also takes a plus sign, which is no digit of ours.
            if (text.charAt(start) == '+' || text.charAt(middle) == '+') {
                return Optional.empty();
            }
            return Optional.of(new JobId(new UUID(
                    Long.parseUnsignedLong(text, start, middle, 16),
                    Long.parseUnsignedLong(text, middle, text.length(), 16))));
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    /// The smallest id that a job created at this moment or later can have: a bound for lists and partitions.
    public static UUID lowestAt(Instant moment) {
        return new UUID(moment.toEpochMilli() << 16, 0);
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
        return PREFIX + hex(uuid.getMostSignificantBits()) + hex(uuid.getLeastSignificantBits());
    }

    private static String hex(long bits) {
        String digits = Long.toHexString(bits);
        return "0".repeat(DIGITS / 2 - digits.length()) + digits;
    }
}
