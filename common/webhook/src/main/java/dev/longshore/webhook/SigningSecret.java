package dev.longshore.webhook;

import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/// What one endpoint's calls are signed with: a shared key for `v1` and, where there is one, a pair of keys for `v1a`.
/// An endpoint has more than one secret for a while after a rotation, and each of them signs.
///
/// Its text form is `***`.
///
/// @param shared the key that the customer is shown once
/// @param pair the keys of which the customer may see the public one; null for a secret that signs `v1` only
public record SigningSecret(SymmetricKey shared, @Nullable SigningPair pair) {
    /// A new secret, unlike any other.
    public static SigningSecret create(SecureRandom random) {
        return new SigningSecret(SymmetricKey.create(random), SigningPair.create(random));
    }

    /// A secret as it was stored.
    ///
    /// @param privateKey null for a secret without a pair, and the public key with it
    /// @throws IllegalArgumentException if the bytes are no such keys
    public static SigningSecret of(byte[] symmetric, byte @Nullable [] privateKey, byte @Nullable [] publicKey) {
        SigningPair pair = privateKey == null || publicKey == null ? null : new SigningPair(privateKey, publicKey);
        return new SigningSecret(new SymmetricKey(symmetric), pair);
    }

    @Override
    public String toString() {
        return "***";
    }
}
