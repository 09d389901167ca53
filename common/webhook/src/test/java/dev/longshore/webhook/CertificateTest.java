package dev.longshore.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.settings.Network;
import dev.longshore.webhook.CallOutcome.Answered;
import dev.longshore.webhook.CallOutcome.NotReached;
import dev.longshore.webhook.Receivers.Http;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PfxOptions;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// A call goes to a checked address, and the certificate must still be that of the name.
class CertificateTest {
    private static final String PASSWORD = "only-for-this-test";

    @RegisterExtension
    static final Receivers RECEIVERS = new Receivers();

    @TempDir
    static Path folder;

    private static PfxOptions keys;
    private static Http receiver;

    @BeforeAll
    static void serve() throws IOException, InterruptedException {
        Path file = folder.resolve("hook.p12");
        int code = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "hook",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=hook.example",
                        "-ext",
                        "SAN=dns:hook.example",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        PASSWORD)
                .inheritIO()
                .start()
                .waitFor();
        assertThat(code).isZero();
        keys = new PfxOptions().setPath(file.toString()).setPassword(PASSWORD);
        receiver = RECEIVERS.http(
                new HttpServerOptions().setSsl(true).setSni(true).setKeyCertOptions(keys),
                request -> request.response()
                        .end(String.valueOf(request.connection().indicatedServerName())));
    }

    private static CallOutcome post(String host, @Nullable TrustOptions trust) throws InterruptedException {
        AddressGuard guard = new AddressGuard(List.of(new Network(InetAddress.ofLiteral("127.0.0.1"), 32)));
        UrlCheck check = new UrlCheck(guard, _ -> List.of(InetAddress.ofLiteral("127.0.0.1")));
        try (WebhookCaller caller =
                new WebhookCaller(RECEIVERS.vertx(), check, InstantSource.system(), Duration.ofSeconds(10), trust)) {
            return caller.post(
                    "https://" + host + ":" + receiver.port() + "/",
                    "evt_1",
                    new byte[] {'{', '}'},
                    List.of(SigningSecret.create(new SecureRandom())));
        }
    }

    @Test
    void theNameIsIndicatedAndItsCertificateTaken() throws InterruptedException {
        assertThat(post("hook.example", keys))
                .isInstanceOfSatisfying(
                        Answered.class, answered -> assertThat(answered.text()).isEqualTo("hook.example"));
    }

    @Test
    void theCertificateOfAnotherNameIsRefused() throws InterruptedException {
        int before = receiver.seen().size();
        for (String host : List.of("other.example", "sub.hook.example", "127.0.0.1")) {
            assertThat(post(host, keys))
                    .isInstanceOfSatisfying(
                            NotReached.class,
                            missed -> assertThat(missed.reason()).startsWith("TLS: "));
        }
        assertThat(receiver.seen()).hasSize(before);
    }

    @Test
    void aCertificateThatNobodyVouchesForIsRefused() throws InterruptedException {
        int before = receiver.seen().size();
        assertThat(post("hook.example", null))
                .isInstanceOfSatisfying(
                        NotReached.class, missed -> assertThat(missed.reason()).startsWith("TLS: "));
        assertThat(receiver.seen()).hasSize(before);
    }
}
