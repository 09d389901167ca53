package dev.longshore.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Signatures as the rest of the world makes and reads them.
class SignatureTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String KNOWN = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private final SigningSecret secret = SigningSecret.create(RANDOM);

    private static SigningSecret known() {
        return new SigningSecret(SymmetricKey.read(KNOWN), SigningPair.create(RANDOM));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static HttpHeaders headers(String id, Instant at, String signature) {
        return HttpHeaders.of(
                Map.of(
                        "webhook-id", List.of(id),
                        "webhook-timestamp", List.of(Long.toString(at.getEpochSecond())),
                        "webhook-signature", List.of(signature)),
                (_, _) -> true);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "msg_p5jXN8AQM9LWM0D4loKWxJek | 1614265330 | {\"test\": 2432232314}"
                        + " | v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
                "evt_01 | 1795176000 | {\"type\":\"job.completed\",\"timestamp\":\"2026-11-20T12:00:00Z\",\"data\":{\"id\":\"job_01\"}}"
                        + " | v1,UPsylwuCd4ScEzoA9mnt+VJKcvzln8mFagwBQ1yn41g="
            })
    void theKnownVectorsAreMet(String id, long timestamp, String body, String signature) {
        Instant at = Instant.ofEpochSecond(timestamp);
        assertThat(Signature.of(id, at, utf8(body), List.of(known())).split(" "))
                .contains(signature);
        assertThat(Verification.of(
                        id,
                        Long.toString(timestamp),
                        signature,
                        utf8(body),
                        List.of(SymmetricKey.read(KNOWN)),
                        at.plusSeconds(299)))
                .isEqualTo(Verification.GENUINE);
    }

    @Test
    void ed25519MeetsTheVectorOfItsStandard() {
        // RFC 8032, section 7.1, test 3.
        HexFormat hex = HexFormat.of();
        SigningPair pair = new SigningPair(
                hex.parseHex("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7"),
                hex.parseHex("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025"));
        assertThat(pair.sign(hex.parseHex("af82")))
                .isEqualTo(hex.parseHex("6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
                        + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"));
        assertThat(pair.publicKey().verifies(hex.parseHex("af82"), pair.sign(hex.parseHex("af82"))))
                .isTrue();
        assertThat(pair.publicKey().verifies(hex.parseHex("af83"), pair.sign(hex.parseHex("af82"))))
                .isFalse();
    }

    @Test
    void theReferenceLibraryVerifiesWhatWeSign() throws Exception {
        Instant now = Instant.now();
        String body = "{\"type\":\"job.complete\",\"text\":\"größer\"}";
        String signature = Signature.of("evt_1", now, utf8(body), List.of(secret));
        Webhook reference = new Webhook(secret.shared().reveal());
        assertThatCode(() -> reference.verify(body, headers("evt_1", now, signature)))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> reference.verify(body + " ", headers("evt_1", now, signature)))
                .isInstanceOf(WebhookVerificationException.class);
    }

    @Test
    void weVerifyWhatTheReferenceLibrarySigns() throws Exception {
        Instant now = Instant.now();
        String signature = new Webhook(secret.shared().reveal()).sign("evt_1", now.getEpochSecond(), "{}");
        assertThat(verified("evt_1", now, signature, "{}", secret.shared())).isEqualTo(Verification.GENUINE);
    }

    @Test
    void duringARotationBothSecretsSignInBothVersions() {
        Instant now = Instant.now();
        SigningSecret fresh = SigningSecret.create(RANDOM);
        String signature = Signature.of("evt_1", now, utf8("{}"), List.of(fresh, secret));
        assertThat(signature.split(" ")).hasSize(4);
        assertThat(Arrays.stream(signature.split(" ")).map(one -> one.substring(0, one.indexOf(','))))
                .containsExactly("v1", "v1", "v1a", "v1a");
        for (SigningSecret one : List.of(fresh, secret)) {
            assertThatCode(() -> new Webhook(one.shared().reveal()).verify("{}", headers("evt_1", now, signature)))
                    .doesNotThrowAnyException();
            assertThat(verified("evt_1", now, signature, "{}", one.pair().publicKey()))
                    .isEqualTo(Verification.GENUINE);
        }
        VerifyingKey stranger = SigningSecret.create(RANDOM).shared();
        assertThat(verified("evt_1", now, signature, "{}", stranger)).isEqualTo(Verification.WRONG_SIGNATURE);
    }

    @Test
    void everyByteAndTheIdAndTheTimeAreSigned() {
        Instant now = Instant.now();
        for (VerifyingKey key : List.of(secret.shared(), secret.pair().publicKey())) {
            String signature = Signature.of("evt_1", now, utf8("{}"), List.of(secret));
            assertThat(verified("evt_1", now, signature, "{} ", key)).isEqualTo(Verification.WRONG_SIGNATURE);
            assertThat(verified("evt_2", now, signature, "{}", key)).isEqualTo(Verification.WRONG_SIGNATURE);
            assertThat(verified("evt_1", now.plusSeconds(1), signature, "{}", key))
                    .isEqualTo(Verification.WRONG_SIGNATURE);
        }
    }

    @Test
    void aSignatureOfOneVersionIsNotTakenForTheOther() {
        Instant now = Instant.now();
        String signature = Signature.of("evt_1", now, utf8("{}"), List.of(secret));
        String swapped = signature.replace("v1a,", "x,").replace("v1,", "v1a,").replace("x,", "v1,");
        assertThat(verified("evt_1", now, swapped, "{}", secret.shared())).isEqualTo(Verification.WRONG_SIGNATURE);
        assertThat(verified("evt_1", now, swapped, "{}", secret.pair().publicKey()))
                .isEqualTo(Verification.WRONG_SIGNATURE);
    }

    @ParameterizedTest
    @ValueSource(ints = {-301, 301, -86_400, Integer.MAX_VALUE})
    void anOldCallIsNotTakenForANewOne(int seconds) {
        Instant at = Instant.ofEpochSecond(1_795_176_000);
        String signature = Signature.of("evt_1", at, utf8("{}"), List.of(secret));
        assertThat(Verification.of(
                        "evt_1",
                        Long.toString(at.getEpochSecond()),
                        signature,
                        utf8("{}"),
                        List.of(secret.shared()),
                        at.plusSeconds(seconds)))
                .isEqualTo(Verification.WRONG_TIME);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "1795176000.5", "99999999999999999999"})
    void aTimeThatIsNoneIsMalformed(String timestamp) {
        assertThat(Verification.of("evt_1", timestamp, "v1,x", utf8("{}"), List.of(secret.shared()), Instant.EPOCH))
                .isEqualTo(Verification.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "v1", "v1,", "v1,***", ",", "v2,aaaa", "v1,aaaa v1a,aaaa"})
    void signaturesThatAreNoneVerifyNothing(String signatures) {
        Instant now = Instant.now();
        List<VerifyingKey> keys = List.of(secret.shared(), secret.pair().publicKey());
        for (VerifyingKey key : keys) {
            assertThat(verified("evt_1", now, signatures, "{}", key)).isEqualTo(Verification.WRONG_SIGNATURE);
        }
    }

    @Test
    void nothingIsSignedWithoutASecretOrWithAnIdThatHasADot() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Signature.of("evt_1", Instant.EPOCH, utf8("{}"), List.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Signature.of("evt.1", Instant.EPOCH, utf8("{}"), List.of(secret)));
    }

    private static Verification verified(String id, Instant at, String signature, String body, VerifyingKey key) {
        return Verification.of(id, Long.toString(at.getEpochSecond()), signature, utf8(body), List.of(key), at);
    }
}
