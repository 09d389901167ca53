package dev.longshore.settings;

import java.util.Locale;
import java.util.regex.Pattern;

/// An amount of memory or of data on the wire.
///
/// @param bytes how much it is, in bytes
public record ByteSize(long bytes) {

    private static final Pattern AMOUNT = Pattern.compile("([0-9]{1,15})\\s*(b|kb|mb|gb|kib|mib|gib)?");

    /// Reads a whole number of bytes, or one with `KiB`, `MiB`, `GiB` (powers of 1024) or `KB`, `MB`, `GB` (powers
    /// of 1000).
    ///
    /// @throws IllegalArgumentException if the text is no size, or one beyond 2^63 bytes
    static ByteSize read(String text) {
        var amount = AMOUNT.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!amount.matches()) {
            throw new IllegalArgumentException("not a size such as 512KiB or 10MiB");
        }
        var unit = amount.group(2) == null ? "b" : amount.group(2);
        var factor = switch (unit) {
            case "kb" -> 1_000L;
            case "mb" -> 1_000_000L;
            case "gb" -> 1_000_000_000L;
            case "kib" -> 1L << 10;
            case "mib" -> 1L << 20;
            case "gib" -> 1L << 30;
            default -> 1L;
        };
        try {
            return new ByteSize(Math.multiplyExact(Long.parseLong(amount.group(1)), factor));
        } catch (ArithmeticException _) {
            throw new IllegalArgumentException("not a size below 2^63 bytes");
        }
    }
}
