package dev.longshore.webhook;

import java.util.Base64;

/// How keys are written: a prefix that tells their kind, then standard base64.
final class KeyText {
    private KeyText() {}

    static String write(String prefix, byte[] bytes) {
        return prefix + Base64.getEncoder().encodeToString(bytes);
    }

    static byte[] read(String prefix, String text) {
        if (text.startsWith(prefix)) {
            try {
                return Base64.getDecoder().decode(text.substring(prefix.length()));
            } catch (IllegalArgumentException _) {
                // Falls through: the decoder's message quotes a part of the key.
            }
        }
        throw new IllegalArgumentException("not a key written as " + prefix + " and base64");
    }
}
