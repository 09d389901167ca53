package dev.longshore.api.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.api.Api;
import dev.longshore.api.Bodies;
import dev.longshore.api.Platform;
import dev.longshore.problem.ProblemCode;
import io.quarkus.test.junit.QuarkusTest;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

@QuarkusTest
@Platform
class HostileHeadersTest extends OnAnEstate {
    @Test
    void nobodyGetsInWithAKeyThatIsNone() throws SQLException {
        Contract contract = new Contract();
        Map<String, Long> before = estate.census();
        String key = estate.owner().key();
        for (Route route : Route.all()) {
            String line = route.method() + " " + estate.path(route) + " HTTP/1.1\r\nHost: x\r\n";
            String body = "Content-Type: application/json\r\nContent-Length: "
                    + route.sample().length() + "\r\n\r\n" + route.sample();
            for (String header : List.of(
                    "",
                    "Authorization:\r\n",
                    "Authorization: Bearer\r\n",
                    "Authorization: Bearer \r\n",
                    "Authorization: " + key + "\r\n",
                    "Authorization: Basic " + key + "\r\n",
                    "Authorization: Bearer" + key + "\r\n",
                    "Authorization: Bearer " + key + "x\r\n",
                    "Authorization: Bearer " + key.toUpperCase(Locale.ROOT) + "\r\n",
                    "Authorization: Bearer " + key + "," + key + "\r\n",
                    "Authorization: Bearer " + key + " " + key + "\r\n",
                    "Authorization: Bearer \"" + key + "\"\r\n",
                    "Authorization: Bearer ' OR 1=1 --\r\n",
                    "Authorization: Bearer \u00e4\u00ff\r\n",
                    "Authorization: Bearer " + "x".repeat(10_000) + "\r\n",
                    "Authorization: Bearer " + key + "\r\nAuthorization: Bearer x\r\n",
                    "Authorization: Bearer x\r\nAuthorization: Bearer " + key + "\r\n",
                    "Authorization: Digest username=\"a\", response=\"b\"\r\n",
                    "x-api-key:\r\n",
                    "x-api-key: x\r\n",
                    "x-api-key: " + "x".repeat(10_000) + "\r\n",
                    "api-key: " + key + "\r\n",
                    "Cookie: key=" + key + "\r\n")) {
                contract.refused(
                        route.name() + " with " + (header.length() < 100 ? header.strip() : "a long key"),
                        Wire.exchange(line + header + body),
                        ProblemCode.UNAUTHENTICATED);
            }
        }
        contract.assertKept(300);
        assertThat(estate.census()).isEqualTo(before);
    }

    @Test
    void whoeverHasNoKeyMaySendOnOverTheSameConnection() {
        try (Wire wire = Wire.open()) {
            for (int i = 0; i < 3; i++) {
                wire.send(
                        "POST /v1/jobs HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n"
                                + " ".repeat(1_000_000));
                assertThat(wire.reply().orElseThrow().code()).isEqualTo("UNAUTHENTICATED");
            }
        }
    }

    @Test
    void keysOfIdempotencyHaveTheirLimits() throws SQLException {
        Contract contract = new Contract();
        Map<String, Long> before = estate.census();
        for (String header : List.of(
                "Idempotency-Key:",
                "Idempotency-Key: ",
                "Idempotency-Key: \"\"",
                "Idempotency-Key: " + "k".repeat(256),
                "Idempotency-Key: \"" + "k".repeat(256) + "\"",
                "Idempotency-Key: " + "k".repeat(20_000),
                "Idempotency-Key: a b",
                "Idempotency-Key: a\tb",
                "Idempotency-Key: \u00e4",
                "Idempotency-Key: \u00c3\u00a4",
                "Idempotency-Key: \"a\"b\"",
                "Idempotency-Key: \"a\\\"",
                "Idempotency-Key: \"a\\x\"",
                "Idempotency-Key: a\r\nIdempotency-Key: b",
                "Idempotency-Key: a\r\nIdempotency-Key: a",
                "Idempotency-Key: a\r\nidempotency-key: ")) {
            contract.refused(
                    header.substring(0, Math.min(60, header.length())),
                    Wire.exchange(estate.request("POST", "/v1/jobs", Bodies.chat(""), header)),
                    ProblemCode.INVALID_IDEMPOTENCY_KEY);
        }
        for (String header : List.of(
                "Idempotency-Key: a\u0000b",
                "Idempotency-Key: a\u0001b",
                "Idempotency-Key: a\u007fb",
                "Idempotency-Key: a\rb")) {
            contract.refused(header, Wire.exchange(estate.request("POST", "/v1/jobs", Bodies.chat(""), header)));
        }
        for (String value : List.of(
                "1",
                "[]",
                "{}",
                "true",
                "\"\"",
                "\"a b\"",
                "\"\\u0000\"",
                "\"\\ud800\"",
                "\"\u00e4\"",
                "\"" + "k".repeat(256) + "\"")) {
            contract.refused(
                    "idempotency_key " + value,
                    Wire.exchange(estate.request("POST", "/v1/jobs", Bodies.chat(",\"idempotency_key\":" + value))),
                    ProblemCode.INVALID_IDEMPOTENCY_KEY);
        }
        assertThat(estate.census()).isEqualTo(before);
        for (String right : List.of("k", "k".repeat(255), "\"quoted\\\\ \\\"\"".replace(" ", ""), "!~'%s;--")) {
            Optional<Reply> reply =
                    Wire.exchange(estate.request("POST", "/v1/jobs", Bodies.chat(""), "Idempotency-Key: " + right));
            assertThat(reply.orElseThrow().status()).as(right).isEqualTo(202);
        }
        contract.assertKept(30);
    }

    @Test
    void preferencesThatAreNoneAreIgnored() {
        for (String preference : List.of(
                "",
                ",",
                ",,,,",
                "wait",
                "wait=",
                "wait=x",
                "wait=-1",
                "wait=1e9",
                "wait=0",
                "wait=99999999999999999999",
                "wait=\"",
                "wait=;",
                "=",
                "wait=0, wait=0",
                "respond-async, respond-async",
                "\u00ff",
                "x".repeat(20_000),
                ",".repeat(20_000),
                "wait=0x10",
                "WAIT=-0")) {
            Reply reply = Wire.exchange(estate.request("POST", "/v1/jobs", Bodies.chat(""), "Prefer: " + preference))
                    .orElseThrow();
            assertThat(reply.status())
                    .as(preference.substring(0, Math.min(40, preference.length())))
                    .isEqualTo(202);
        }
    }

    @Test
    void conditionsThatAreNoneAreIgnored() {
        for (String condition :
                List.of("", "x", "W/", "\"", "W/\"", ",", ",".repeat(20_000), "W/\"99999999999999999999\"", "\u00e4")) {
            Reply reply = Wire.exchange(
                            estate.request("GET", "/v1/jobs/" + estate.job(), "", "If-None-Match: " + condition))
                    .orElseThrow();
            assertThat(reply.status())
                    .as(condition.substring(0, Math.min(40, condition.length())))
                    .isEqualTo(200);
        }
    }

    /// Headers that mean something elsewhere mean nothing here.
    @Test
    void headersOfOthersChangeNothing() throws SQLException {
        Contract contract = new Contract();
        for (Route route : Route.all()) {
            if (route.method().equals("GET")) {
                for (String header : List.of(
                        "X-HTTP-Method-Override: DELETE",
                        "X-HTTP-Method: DELETE",
                        "X-Original-URL: /v1/admin/tenants",
                        "X-Rewrite-URL: /q/metrics",
                        "X-Forwarded-For: 127.0.0.1",
                        "X-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: javascript",
                        "Forwarded: for=\"_x\";host=\"[::1",
                        "X-Forwarded-Prefix: //evil.example",
                        "Accept: text/html",
                        "Accept: \u00ff;;;q=,",
                        "Accept: " + "a/b,".repeat(3_000),
                        "Accept-Encoding: gzip;q=x, \u0001".replace("\u0001", ""),
                        "Accept-Language: " + "x-".repeat(5_000),
                        "Accept-Charset: utf-7",
                        "Content-Type: " + ";".repeat(5_000),
                        "Range: bytes=0-18446744073709551615",
                        "If-Modified-Since: x",
                        "If-Match: *",
                        "Cookie: " + "a=b;".repeat(5_000),
                        "Cookie: =;;,\"",
                        "Origin: null",
                        "Referer: ${jndi:ldap://x/y}",
                        "User-Agent: () { :; }; echo",
                        "TE: trailers, gzip;q=x",
                        "Trailer: Authorization",
                        "Expect: 200-maybe",
                        "Max-Forwards: -1",
                        "X-Request-Id: \u00e4",
                        "X-Request-Id: " + "x".repeat(10_000),
                        "X-Request-Id: a b",
                        "traceparent: 00-" + "f".repeat(32) + "-" + "0".repeat(16) + "-01",
                        "traceparent: " + "0-".repeat(5_000),
                        "traceparent: ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                        "tracestate: " + "a=b,".repeat(3_000),
                        "baggage: " + "a=b,".repeat(3_000))) {
                    Optional<Reply> reply = Wire.exchange(estate.request("GET", estate.path(route), "", header));
                    String what = route.name() + " with " + header.substring(0, Math.min(60, header.length()));
                    contract.heldBy(what, reply);
                    reply.filter(answer -> answer.status() != 200)
                            .ifPresent(answer -> contract.breach(what, "matters: " + answer));
                }
            }
        }
        contract.assertKept(200);
    }

    @Test
    void headersThatAreTooManyOrTooLongAreRefusedInOneShape() {
        Contract contract = new Contract();
        for (Route route : Route.all()) {
            String head = estate.head(route.method(), estate.path(route));
            contract.refused(
                    route.name() + " with one of 64 KiB",
                    Wire.exchange(head + "X: " + "x".repeat(65_536) + "\r\n\r\n"),
                    ProblemCode.INVALID_REQUEST);
            contract.refused(
                    route.name() + " with one of 1 MiB",
                    Wire.exchange(head + "X: " + "x".repeat(1 << 20) + "\r\n\r\n"),
                    ProblemCode.INVALID_REQUEST);
            contract.refused(
                    route.name() + " with a long name",
                    Wire.exchange(head + "x".repeat(65_536) + ": x\r\n\r\n"),
                    ProblemCode.INVALID_REQUEST);
            contract.refused(
                    route.name() + " with thousands",
                    Wire.exchange(head + many(5_000) + "\r\n"),
                    ProblemCode.INVALID_REQUEST);
            if (!route.takesBody() && route.method().equals("GET")) {
                contract.heldBy(route.name() + " with 200", Wire.exchange(head + many(200) + "\r\n"));
            }
        }
        contract.assertKept(60);
    }

    @Test
    void headersThatAreNoneAreRefusedInOneShape() {
        Contract contract = new Contract();
        for (String header : List.of(
                "no colon",
                ": no name",
                "a name: x",
                "Name : x",
                "X\u0000: x",
                "X: a\u0000b",
                "X: a\rb",
                "X\u00e4: x",
                "(x): y",
                "X: y\r\n\u0000",
                "\u0001\u0002\u0003")) {
            contract.heldBy(
                    header, Wire.exchange(estate.head("GET", "/v1/jobs") + header + "\r\nConnection: close\r\n\r\n"));
        }
        // A line that begins with white space went on with the one before it, once.
        contract.heldBy(
                "folded", Wire.exchange(estate.head("GET", "/v1/jobs") + "X: a\r\n b\r\nConnection: close\r\n\r\n"));
        // What comes back in a header was looked at: nobody writes lines of theirs into our answers.
        Reply reply = Wire.exchange(estate.request("GET", "/v1/jobs", "", "X-Request-Id: a%0d%0aX-Evil:%20yes"))
                .orElseThrow();
        assertThat(reply.headers()).doesNotContainKey("x-evil");
        contract.assertKept(10);
    }

    @Test
    void hostsThatAreNoneAreRefusedInOneShape() {
        Contract contract = new Contract();
        String key = "Authorization: Bearer " + estate.owner().key() + "\r\nConnection: close\r\n\r\n";
        contract.refused("no host", Wire.exchange("GET /v1/jobs HTTP/1.1\r\n" + key), ProblemCode.INVALID_REQUEST);
        for (String host : List.of(
                "",
                " ",
                "a b",
                "evil.example",
                "a:b",
                "x:99999",
                "x:-1",
                ":80",
                "[::1",
                "[::1]:80",
                "user@host",
                "http://x",
                "\u00e4",
                "%00",
                "ZAP%n%s%n",
                "x".repeat(10_000),
                "..",
                "a\u007f",
                "/",
                "?",
                "#",
                "x\r\nHost: y")) {
            contract.heldBy("Host: " + host, Wire.exchange("GET /v1/jobs HTTP/1.1\r\nHost: " + host + "\r\n" + key));
            contract.heldBy(
                    "POST with Host: " + host,
                    Wire.exchange("POST /v1/jobs/estimate HTTP/1.1\r\nHost: " + host
                            + "\r\nContent-Type: application/json\r\nContent-Length: "
                            + Bodies.chat("").length()
                            + "\r\nAuthorization: Bearer " + estate.owner().key() + "\r\n\r\n" + Bodies.chat("")));
        }
        contract.assertKept(40);
    }

    @Test
    void theServiceWorksAfterwards() {
        assertThat(estate.owner().submit(Bodies.chat("")).status()).isEqualTo(202);
        assertThat(Api.operator().get("/v1/admin/tenants").status()).isEqualTo(200);
    }

    private static String many(int headers) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < headers; i++) {
            lines.append("X-Header-").append(i).append(": value\r\n");
        }
        return lines.toString();
    }
}
