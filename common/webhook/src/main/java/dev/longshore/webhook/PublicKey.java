package dev.longshore.webhook;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.SignatureException;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

/// The key that `v1a` signatures (Ed25519) are verified with. Anybody may know it. Written as `whpk_` and base64.
public final class PublicKey implements VerifyingKey {
    /// How a written key starts.
    public static final String PREFIX = "whpk_";

    /// Bytes of a key (RFC 8032, section 5.1.5).
    static final int LENGTH = 32;

    /// What stands before the 32 bytes in the form that the JDK reads (RFC 8410, section 4).
    private static final byte[] ENCODING = HexFormat.of().parseHex("302a300506032b6570032100");

    private final byte[] bytes;
    private final java.security.PublicKey key;

    /// @throws IllegalArgumentException if the bytes are no Ed25519 key
    public PublicKey(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("A public webhook key has 32 bytes.");
        }
        this.bytes = bytes.clone();
        byte[] encoded = Arrays.copyOf(ENCODING, ENCODING.length + LENGTH);
        System.arraycopy(bytes, 0, encoded, ENCODING.length, LENGTH);
        try {
            key = KeyFactory.getInstance(SigningPair.ALGORITHM).generatePublic(new X509EncodedKeySpec(encoded));
        } catch (InvalidKeySpecException e) {
            throw new IllegalArgumentException("The bytes are no Ed25519 key.", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has Ed25519.", e);
        }
    }

    /// @param text `whpk_` and base64
    /// @throws IllegalArgumentException if it is anything else
    public static PublicKey read(String text) {
        return new PublicKey(KeyText.read(PREFIX, text));
    }

    /// The bytes, to be stored.
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public String version() {
        return Signature.ASYMMETRIC;
    }

    @Override
    public boolean verifies(byte[] content, byte[] signature) {
        try {
            java.security.Signature verifier = java.security.Signature.getInstance(SigningPair.ALGORITHM);
            verifier.initVerify(key);
            verifier.update(content);
            return verifier.verify(signature);
        } catch (SignatureException | InvalidKeyException _) {
            // Not 64 bytes, or a key or signature that lies on no curve.
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has Ed25519.", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PublicKey that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /// The written form, to be shown at any time.
    @Override
    public String toString() {
        return KeyText.write(PREFIX, bytes);
    }
}
