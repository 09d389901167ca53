package dev.longshore.api.request;

import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;

/// An id as callers write it: a prefix that says of what, and 32 hexadecimal digits.
public final class PublicId {
    /// Of the URLs that a tenant wants called.
    public static final String ENDPOINT = "we_";

    /// Of what they are told.
    public static final String EVENT = "evt_";

    private static final int DIGITS = 32;
    private static final int HALF = DIGITS / 2;

    private PublicId() {}

    /// Reads an id; empty when it is none of this kind.
    public static Optional<UUID> parse(String prefix, String text) {
        if (text.length() != prefix.length() + DIGITS || !text.startsWith(prefix)) {
            return Optional.empty();
        }
        try {
            int middle = prefix.length() + HALF;
            UUID id = new UUID(
                    HexFormat.fromHexDigitsToLong(text, prefix.length(), middle),
                    HexFormat.fromHexDigitsToLong(text, middle, text.length()));
            // Capitals are hexadecimal too, but one thing has one spelling.
            return of(prefix, id).equals(text) ? Optional.of(id) : Optional.empty();
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    /// The id as callers write it.
    public static String of(String prefix, UUID id) {
        HexFormat digits = HexFormat.of();
        return prefix
                + digits.toHexDigits(id.getMostSignificantBits())
                + digits.toHexDigits(id.getLeastSignificantBits());
    }
}
