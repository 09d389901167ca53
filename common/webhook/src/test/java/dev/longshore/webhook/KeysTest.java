package dev.longshore.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.security.SecureRandom;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How keys are made, written, read and kept from being told.
class KeysTest {
    private final SigningSecret secret = SigningSecret.create(new SecureRandom());

    @Test
    void aNewSecretIsLikeNoOther() {
        SigningSecret other = SigningSecret.create(new SecureRandom());
        assertThat(other.shared()).isNotEqualTo(secret.shared());
        assertThat(other.pair().publicKey()).isNotEqualTo(secret.pair().publicKey());
        assertThat(secret.shared().bytes()).hasSize(32);
    }

    @Test
    void whatIsWrittenIsReadBack() {
        assertThat(secret.shared().reveal()).matches("whsec_[A-Za-z0-9+/]{43}=");
        assertThat(secret.pair().reveal()).matches("whsk_[A-Za-z0-9+/]{86}==");
        assertThat(secret.pair().publicKey().toString()).matches("whpk_[A-Za-z0-9+/]{43}=");
        assertThat(VerifyingKey.read(secret.shared().reveal())).isEqualTo(secret.shared());
        assertThat(VerifyingKey.read(secret.pair().publicKey().toString()))
                .isEqualTo(secret.pair().publicKey());
        byte[] content = {1, 2, 3};
        assertThat(SigningPair.read(secret.pair().reveal()).sign(content))
                .isEqualTo(secret.pair().sign(content));
    }

    @Test
    void whatIsStoredIsReadBack() {
        SigningSecret stored = SigningSecret.of(
                secret.shared().bytes(),
                secret.pair().privateBytes(),
                secret.pair().publicKey().bytes());
        byte[] content = {1, 2, 3};
        assertThat(stored.shared()).isEqualTo(secret.shared());
        assertThat(secret.pair().publicKey().verifies(content, stored.pair().sign(content)))
                .isTrue();
    }

    @Test
    void noSecretIsTold() {
        assertThat(secret + " " + secret.shared() + " " + secret.pair()).isEqualTo("*** *** ***");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "whsec_", "whsec_c2hvcnQ=", "whsec_not base64 at all", "whsk_c2hvcnQ=", "whpk_c2hvcnQ=", "x"
            })
    void whatIsNoKeyIsRefusedWithoutRepeatingIt(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VerifyingKey.read(text))
                .satisfies(refusal -> assertThat(refusal.toString()).doesNotContain("c2hvcnQ", "not base64 at"));
        assertThatIllegalArgumentException().isThrownBy(() -> SigningPair.read(text));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 23, 65})
    void sharedKeysHave24To64Bytes(int length) {
        assertThatIllegalArgumentException().isThrownBy(() -> new SymmetricKey(new byte[length]));
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> SymmetricKey.read("whsec_" + Base64.getEncoder().encodeToString(new byte[length])));
    }
}
