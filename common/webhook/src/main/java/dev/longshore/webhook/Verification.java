package dev.longshore.webhook;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// What a receiver does with a call: is it ours, whole, and of now?
public enum Verification {
    /// Signed with one of the keys, and its time is near.
    GENUINE,
    /// One of the three headers is missing or cannot be read.
    MALFORMED,
    /// Its time is too far away, so that it may be an old call sent again.
    WRONG_TIME,
    /// No signature fits: a wrong key, or other bytes than were sent.
    WRONG_SIGNATURE;

    /// How far a call's time may be from the receiver's own.
    public static final Duration TOLERANCE = Duration.ofMinutes(5);

    /// @param id the value of `webhook-id`
    /// @param timestamp the value of `webhook-timestamp`
    /// @param signatures the value of `webhook-signature`; of versions that no key has nothing is expected
    /// @param body the bytes as they came
    /// @param keys any of them will do
    public static Verification of(
            String id, String timestamp, String signatures, byte[] body, List<VerifyingKey> keys, Instant now) {
        Optional<Instant> at = seconds(timestamp);
        if (id.isEmpty() || id.indexOf('.') >= 0 || at.isEmpty()) {
            return MALFORMED;
        }
        if (Duration.between(at.get(), now).abs().compareTo(TOLERANCE) > 0) {
            return WRONG_TIME;
        }
        byte[] content = Signature.content(id, timestamp, body);
        // All of them, whatever the first says, so that time tells nothing.
        boolean genuine = false;
        for (String signature : signatures.split(" ")) {
            int comma = signature.indexOf(',');
            Optional<byte[]> bytes = comma < 0 ? Optional.empty() : decoded(signature.substring(comma + 1));
            for (VerifyingKey key : keys) {
                genuine |= bytes.isPresent()
                        && key.version().equals(signature.substring(0, comma))
                        && key.verifies(content, bytes.get());
            }
        }
        return genuine ? GENUINE : WRONG_SIGNATURE;
    }

    private static Optional<Instant> seconds(String timestamp) {
        try {
            return Optional.of(Instant.ofEpochSecond(Long.parseLong(timestamp)));
        } catch (NumberFormatException | DateTimeException _) {
            return Optional.empty();
        }
    }

    private static Optional<byte[]> decoded(String base64) {
        try {
            return Optional.of(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
