package dev.longshore.webhook;

/// What a receiver holds to tell whether a signature is ours.
public sealed interface VerifyingKey permits SymmetricKey, PublicKey {
    /// The version of the signatures that it verifies: `v1` or `v1a`.
    String version();

    /// Whether this is a signature of exactly this content. Takes as long whether it is or not.
    boolean verifies(byte[] content, byte[] signature);

    /// @param text a key written as `whsec_...` or `whpk_...`
    /// @throws IllegalArgumentException if it is anything else; the message does not repeat the text
    static VerifyingKey read(String text) {
        if (text.startsWith(PublicKey.PREFIX)) {
            return PublicKey.read(text);
        }
        return SymmetricKey.read(text);
    }
}
