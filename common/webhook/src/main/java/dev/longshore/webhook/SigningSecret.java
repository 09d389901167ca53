package dev.longshore.webhook;

import java.security.SecureRandom;

/// What one endpoint's calls are signed with: a shared key for `v1` and a pair of keys for `v1a`. An endpoint has
/// more than one for a while after a rotation, and each of them signs.
///
/// Its text form is `***`.
///
/// @param shared the key that the customer is shown once
/// @param pair the keys of which the customer may see the public one
public record SigningSecret(SymmetricKey shared, SigningPair pair) {
    /// A new secret, unlike any other.
    public static SigningSecret create(SecureRandom random) {
        return new SigningSecret(SymmetricKey.create(random), SigningPair.create(random));
    }

    /// A secret as it was stored.
    ///
    /// @throws IllegalArgumentException if the bytes are no such keys
    public static SigningSecret of(byte[] symmetric, byte[] privateKey, byte[] publicKey) {
        return new SigningSecret(new SymmetricKey(symmetric), new SigningPair(privateKey, publicKey));
    }

    @Override
    public String toString() {
        return "***";
    }
}
