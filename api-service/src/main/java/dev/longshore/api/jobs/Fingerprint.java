package dev.longshore.api.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.TreeMap;

/// Tells whether two requests mean the same: SHA-256 over the JSON with its names sorted and its numbers
/// in one spelling. White space, the order of names and the idempotency key itself do not count.
final class Fingerprint {
    private final MessageDigest digest;

    private Fingerprint(MessageDigest digest) {
        this.digest = digest;
    }

    /// @param without the name of a field of the root that does not count
    static byte[] of(ObjectNode body, String without) {
        try {
            Fingerprint fingerprint = new Fingerprint(MessageDigest.getInstance("SHA-256"));
            fingerprint.object(body, without);
            return fingerprint.digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /// Depth is bounded where JSON comes in.
    private void add(JsonNode value) {
        switch (value.getNodeType()) {
            case OBJECT -> object(value, "");
            case ARRAY -> {
                text('[', Integer.toString(value.size()));
                value.forEach(this::add);
            }
            case NUMBER -> text('#', number(value));
            case STRING -> text('"', value.textValue());
            case BOOLEAN -> text('?', value.asText());
            case NULL, MISSING, BINARY, POJO -> text('0', "");
        }
    }

    private void object(JsonNode object, String without) {
        Map<String, JsonNode> sorted = new TreeMap<>();
        object.properties().forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
        if (!without.isEmpty()) {
            sorted.remove(without);
        }
        text('{', Integer.toString(sorted.size()));
        sorted.forEach((name, value) -> {
            text('"', name);
            add(value);
        });
    }

    /// 1, 1.0 and 10e-1 are the same number. The exponent is kept as such, since a short text can name a
    /// number of a billion digits.
    private static String number(JsonNode value) {
        BigDecimal number = value.decimalValue().stripTrailingZeros();
        return number.unscaledValue() + "e" + -(long) number.scale();
    }

    /// Each piece carries its kind and length, so that no two trees give the same bytes.
    private void text(char kind, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update((byte) kind);
        digest.update((byte) (bytes.length >>> 24));
        digest.update((byte) (bytes.length >>> 16));
        digest.update((byte) (bytes.length >>> 8));
        digest.update((byte) bytes.length);
        digest.update(bytes);
    }
}
