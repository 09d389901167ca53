package dev.longshore.webhook;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;

/// The keys of `v1a` signatures (Ed25519): the private one signs, the public one is told to the receiver.
///
/// Written as `whsk_` and base64 of 64 bytes, the private key and then the public one, as other senders write it.
/// Never written anywhere by accident: its text form is `***`.
public final class SigningPair {
    /// How a written pair starts.
    public static final String PREFIX = "whsk_";

    static final String ALGORITHM = "Ed25519";
    private static final int LENGTH = 32;

    private final byte[] privateBytes;
    private final PrivateKey privateKey;
    private final PublicKey publicKey;

    /// @param privateBytes the 32 bytes of RFC 8032, section 5.1.5
    /// @param publicBytes the 32 bytes that belong to them
    /// @throws IllegalArgumentException if they are no pair
    public SigningPair(byte[] privateBytes, byte[] publicBytes) {
        if (privateBytes.length != LENGTH) {
            throw new IllegalArgumentException("A private webhook key has 32 bytes.");
        }
        this.privateBytes = privateBytes.clone();
        publicKey = new PublicKey(publicBytes);
        try {
            privateKey = KeyFactory.getInstance(ALGORITHM)
                    .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, this.privateBytes));
        } catch (InvalidKeySpecException e) {
            throw new IllegalArgumentException("The bytes are no Ed25519 key.", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has Ed25519.", e);
        }
    }

    /// A new pair.
    public static SigningPair create(SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(ALGORITHM);
            generator.initialize(NamedParameterSpec.ED25519, random);
            KeyPair pair = generator.generateKeyPair();
            byte[] privateBytes =
                    ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow();
            // The last 32 bytes of the encoded form are the key itself (RFC 8410, section 4).
            byte[] encoded = ((EdECPublicKey) pair.getPublic()).getEncoded();
            return new SigningPair(
                    privateBytes, Arrays.copyOfRange(encoded, encoded.length - PublicKey.LENGTH, encoded.length));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has Ed25519.", e);
        }
    }

    /// @param text `whsk_` and base64
    /// @throws IllegalArgumentException if it is anything else; the message does not repeat the text
    public static SigningPair read(String text) {
        byte[] both = KeyText.read(PREFIX, text);
        if (both.length != LENGTH + PublicKey.LENGTH) {
            throw new IllegalArgumentException("A pair of webhook keys has 64 bytes.");
        }
        return new SigningPair(Arrays.copyOf(both, LENGTH), Arrays.copyOfRange(both, LENGTH, both.length));
    }

    /// The private key's bytes, to be stored.
    public byte[] privateBytes() {
        return privateBytes.clone();
    }

    /// What the receiver verifies with.
    public PublicKey publicKey() {
        return publicKey;
    }

    /// The written form of both keys.
    public String reveal() {
        byte[] both = Arrays.copyOf(privateBytes, LENGTH + PublicKey.LENGTH);
        System.arraycopy(publicKey.bytes(), 0, both, LENGTH, PublicKey.LENGTH);
        return KeyText.write(PREFIX, both);
    }

    byte[] sign(byte[] content) {
        try {
            java.security.Signature signer = java.security.Signature.getInstance(ALGORITHM);
            signer.initSign(privateKey);
            signer.update(content);
            return signer.sign();
        } catch (InvalidKeyException e) {
            throw new IllegalStateException("The key was made for this.", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has Ed25519.", e);
        }
    }

    @Override
    public String toString() {
        return "***";
    }
}
