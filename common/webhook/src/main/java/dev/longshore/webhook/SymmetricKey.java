package dev.longshore.webhook;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The key of `v1` signatures (HMAC-SHA256), which sender and receiver share. Written as `whsec_` and base64.
///
/// Never written anywhere by accident: its text form is `***`.
public final class SymmetricKey implements VerifyingKey {
    /// How a written key starts.
    public static final String PREFIX = "whsec_";

    /// What Standard Webhooks allows: 24 to 64 bytes.
    static final int SHORTEST = 24;

    static final int LONGEST = 64;
    private static final int FRESH = 32;
    private static final String ALGORITHM = "HmacSHA256";

    private final byte[] bytes;

    /// @throws IllegalArgumentException unless there are 24 to 64 bytes
    public SymmetricKey(byte[] bytes) {
        if (bytes.length < SHORTEST || bytes.length > LONGEST) {
            throw new IllegalArgumentException("A webhook secret has 24 to 64 bytes.");
        }
        this.bytes = bytes.clone();
    }

    /// A new key of 32 random bytes.
    public static SymmetricKey create(SecureRandom random) {
        byte[] bytes = new byte[FRESH];
        random.nextBytes(bytes);
        return new SymmetricKey(bytes);
    }

    /// @param text `whsec_` and base64
    /// @throws IllegalArgumentException if it is anything else; the message does not repeat the text
    public static SymmetricKey read(String text) {
        return new SymmetricKey(KeyText.read(PREFIX, text));
    }

    /// The bytes, to be stored.
    public byte[] bytes() {
        return bytes.clone();
    }

    /// The written form, to be shown once.
    public String reveal() {
        return KeyText.write(PREFIX, bytes);
    }

    byte[] sign(byte[] content) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(bytes, ALGORITHM));
            return mac.doFinal(content);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has HMAC-SHA256.", e);
        }
    }

    @Override
    public String version() {
        return Signature.SYMMETRIC;
    }

    @Override
    public boolean verifies(byte[] content, byte[] signature) {
        return MessageDigest.isEqual(sign(content), signature);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SymmetricKey that && MessageDigest.isEqual(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "***";
    }
}
