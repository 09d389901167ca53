package dev.longshore.api.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.longshore.api.Api;
import dev.longshore.api.Bodies;
import dev.longshore.api.Platform;
import dev.longshore.problem.ProblemCode;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

@QuarkusTest
@Platform
class HostileBodiesTest extends OnAnEstate {
    private static final int LIMIT = 10 * 1024 * 1024;

    @Test
    void noRouteTakesWhatIsNoJsonObject() throws SQLException {
        Contract contract = new Contract();
        Map<String, Long> before = estate.census();
        int routes = 0;
        for (Route route : Route.all()) {
            if (route.takesBody()) {
                routes++;
                Map<String, byte[]> bodies = malformed(route.sample());
                if (!route.needsBody()) {
                    bodies.remove("nothing");
                }
                bodies.forEach((name, body) -> {
                    byte[] request = estate.request(route.method(), estate.path(route), body);
                    contract.refused(route.name() + ", " + name, Wire.exchange(request), ProblemCode.INVALID_JSON);
                });
            }
        }
        contract.assertKept(routes * 60);
        assertThat(estate.census()).isEqualTo(before);
    }

    /// Calls that take no body are not harmed by one either.
    @Test
    void whatNobodyAskedForHarmsNobody() {
        Contract contract = new Contract();
        for (Route route : Route.all()) {
            if (!route.takesBody()) {
                Map<String, byte[]> bodies = malformed("{\"a\":1}");
                for (String name : List.of("no JSON", "a list", "lists in lists", "UTF-16", "a text that never ends")) {
                    byte[] request = estate.request(
                            route.method(), estate.path(route), Objects.requireNonNull(bodies.get(name)));
                    contract.heldBy(route.name() + ", " + name, Wire.exchange(request));
                }
            }
        }
        contract.assertKept(30);
    }

    @Test
    void aBodyBeyondTheLimitIsRefusedOnEveryRoute() throws SQLException {
        Contract contract = new Contract();
        Map<String, Long> before = estate.census();
        byte[] tooLarge = " ".repeat(LIMIT + 1).getBytes(StandardCharsets.US_ASCII);
        for (Route route : Route.all()) {
            if (route.takesBody()) {
                String path = estate.path(route);
                contract.refused(
                        route.name() + ", a byte too many",
                        Wire.exchange(estate.request(route.method(), path, tooLarge)),
                        ProblemCode.PAYLOAD_TOO_LARGE);
                contract.refused(
                        route.name() + ", a byte too many in chunks",
                        Wire.exchange(Estate.join(
                                (estate.head(route.method(), path)
                                                + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                                                + Integer.toHexString(tooLarge.length) + "\r\n")
                                        .getBytes(StandardCharsets.US_ASCII),
                                tooLarge,
                                "\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII))),
                        ProblemCode.PAYLOAD_TOO_LARGE);
            }
        }
        contract.assertKept(12);
        assertThat(estate.census()).isEqualTo(before);
    }

    /// Nobody waits for gigabytes that are only announced: a caller that asks first is told at once.
    @Test
    void aBodyThatIsAnnouncedTooLargeIsRefusedBeforeItIsSent() {
        Contract contract = new Contract();
        for (String length : new String[] {"10485761", "3000000000", "9223372036854775807"}) {
            contract.refused(
                    length,
                    Wire.exchange(estate.head("POST", "/v1/jobs") + "Content-Type: application/json\r\nContent-Length: "
                            + length + "\r\nExpect: 100-continue\r\n\r\n"),
                    ProblemCode.PAYLOAD_TOO_LARGE);
        }
        // A call without a body is answered whatever it announces.
        contract.heldBy(
                "GET", Wire.exchange(estate.head("GET", "/v1/jobs") + "Content-Length: 9223372036854775807\r\n\r\n"));
        contract.assertKept(4);
    }

    @Test
    void lengthsThatAreNoneAreRefused() {
        Contract contract = new Contract();
        for (String length :
                new String[] {"-1", "1e3", "0x10", "ten", "", "99999999999999999999", "5, 6", "+5", "5 5"}) {
            contract.refused(
                    "Content-Length: " + length,
                    Wire.exchange(estate.head("POST", "/v1/jobs") + "Content-Type: application/json\r\nContent-Length: "
                            + length + "\r\n\r\n{}"),
                    ProblemCode.INVALID_REQUEST,
                    ProblemCode.INVALID_JSON);
        }
        contract.assertKept(9);
    }

    @Test
    void aLengthThatLiesMakesNoJob() throws SQLException {
        Contract contract = new Contract();
        Map<String, Long> before = estate.census();
        String body = Bodies.chat("");
        String head = estate.head("POST", "/v1/jobs") + "Content-Type: application/json\r\nContent-Length: ";
        // Shorter than said, and then the end.
        try (Wire wire = Wire.open()) {
            wire.send(head + (body.length() + 1) + "\r\n\r\n" + body)
                    .endOfRequest()
                    .awaitClose();
        }
        // Longer than said: what is left over is no request.
        try (Wire wire = Wire.open()) {
            wire.send(head + (body.length() - 1) + "\r\n\r\n" + body + "\r\n\r\n");
            contract.refused("cut off", wire.reply(), ProblemCode.INVALID_JSON);
            contract.refused("the rest", wire.reply(), ProblemCode.INVALID_REQUEST);
            wire.awaitClose();
        }
        contract.assertKept(2);
        assertThat(estate.census()).isEqualTo(before);
    }

    @Test
    void chunksThatAreNoneMakeNoJob() throws SQLException {
        Map<String, Long> before = estate.census();
        String body = Bodies.chat("");
        String size = Integer.toHexString(body.length());
        String head = estate.head("POST", "/v1/jobs")
                + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
        for (String chunks : List.of(
                "zz\r\n" + body,
                "-1\r\n" + body,
                "\r\n" + body,
                "ffffffffffffffff1\r\n" + body,
                size + "\r\n" + body + "x\r\n0\r\n\r\n",
                size + "\r\n" + body + "\r\nzz\r\n\r\n",
                size + "\r\n" + body,
                size + "\r\n" + body + "\r\n0\r\nX: " + "x".repeat(300_000) + "\r\n\r\n")) {
            // HTTP has no way to answer in the middle of a body that cannot be told from what follows it: the
            // connection is closed, with an answer or without one.
            try (Wire wire = Wire.open()) {
                wire.send(head + chunks).endOfRequest();
                Optional<Reply> reply = wire.reply();
                assertThat(reply.map(Reply::status).orElse(400))
                        .as(chunks.substring(0, Math.min(60, chunks.length())))
                        .isEqualTo(400);
                wire.awaitClose();
            }
        }
        assertThat(estate.census()).isEqualTo(before);
    }

    @Test
    void bodiesInWrappersAreRefused() throws IOException, SQLException {
        Contract contract = new Contract();
        Map<String, Long> before = estate.census();
        byte[] bomb = gzip(new byte[64 * 1024 * 1024]);
        for (Route route : Route.all()) {
            if (route.takesBody()) {
                byte[] packed = gzip(route.sample().getBytes(StandardCharsets.UTF_8));
                for (String encoding : new String[] {"gzip", "deflate", "br", "zstd", "x", "gzip, gzip"}) {
                    for (byte[] body : new byte[][] {packed, bomb}) {
                        contract.refused(
                                route.name() + " in " + encoding,
                                Wire.exchange(estate.request(
                                        route.method(), estate.path(route), body, "Content-Encoding: " + encoding)),
                                ProblemCode.UNSUPPORTED_MEDIA_TYPE);
                    }
                }
            }
        }
        contract.refused(
                "Transfer-Encoding: gzip, chunked",
                Wire.exchange(estate.head("POST", "/v1/jobs")
                        + "Content-Type: application/json\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"));
        contract.assertKept(60);
        assertThat(estate.census()).isEqualTo(before);
    }

    @Test
    void typesThatAreNotJsonAreRefusedOnEveryRoute() throws SQLException {
        Contract contract = new Contract();
        Map<String, Long> before = estate.census();
        for (Route route : Route.all()) {
            if (route.takesBody()) {
                for (String type : new String[] {
                    "",
                    "text/plain",
                    "text/html",
                    "application/xml",
                    "application/x-www-form-urlencoded",
                    "multipart/form-data; boundary=x",
                    "multipart/form-data",
                    "application/jsonp",
                    "application/json/x",
                    "application",
                    "/",
                    ";",
                    ";charset=utf-8",
                    "*/*",
                    "application/json, text/plain",
                    "application/json; charset=utf-16",
                    "application/json; charset=utf-7",
                    "application/json; charset=\"",
                    "application/json; charset=",
                    "application/json; charset=x; charset=utf-8",
                    "application/json; charset=utf-8x",
                    "\u00e4",
                    "x".repeat(8_000)
                }) {
                    contract.refused(
                            route.name() + " as " + (type.length() < 100 ? type : "a long type"),
                            Wire.exchange(estate.request(
                                    route.method(), estate.path(route), route.sample(), "Content-Type: " + type)),
                            ProblemCode.UNSUPPORTED_MEDIA_TYPE);
                }
                byte[] twice = estate.request(
                        route.method(),
                        estate.path(route),
                        route.sample(),
                        "Content-Type: application/json",
                        "Content-Type: text/plain");
                contract.refused(
                        route.name() + " as two types", Wire.exchange(twice), ProblemCode.UNSUPPORTED_MEDIA_TYPE);
            }
        }
        contract.assertKept(100);
        assertThat(estate.census()).isEqualTo(before);
    }

    /// The input is kept letter by letter, so a mark in front of the body must not shift it.
    @Test
    void aByteOrderMarkDoesNotShiftTheInput() throws IOException {
        byte[] mark = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
        Optional<Reply> reply = Wire.exchange(estate.request(
                "POST", "/v1/jobs", Estate.join(mark, Bodies.chat("").getBytes(StandardCharsets.UTF_8))));

        assertThat(reply).isPresent();
        if (reply.get().status() == 202) {
            assertThat(input(reply.get().json().path("job_id").asText())
                            .at("/messages/0/content")
                            .asText())
                    .isEqualTo("hello");
        } else {
            assertThat(reply.get().code()).isEqualTo("INVALID_JSON");
        }
    }

    @Test
    void theServiceWorksAfterwards() {
        assertThat(estate.owner().submit(Bodies.chat("")).status()).isEqualTo(202);
        assertThat(Api.operator().get("/q/health/ready").status()).isEqualTo(200);
    }

    /// @param sample a body that is in order, and has at least one field
    private static Map<String, byte[]> malformed(String sample) {
        Map<String, byte[]> bodies = new LinkedHashMap<>();
        String inside = sample.substring(1);
        texts(
                bodies,
                Map.of(
                        "nothing", "",
                        "white space", " \r\n\t ",
                        "no JSON", "hello",
                        "a list", "[" + sample + "]",
                        "an empty list", "[]",
                        "a text", "\"" + "x".repeat(1000) + "\"",
                        "a number", "42",
                        "null", "null",
                        "true", "true",
                        "false", "false"));
        texts(
                bodies,
                Map.of(
                        "a comment", "{/**/" + inside,
                        "a line comment", "{//\n" + inside,
                        "single quotes", "{'a':1}",
                        "no quotes", "{a:1}",
                        "a comma too many", sample.substring(0, sample.length() - 1) + ",}",
                        "a comma in front", "{," + inside,
                        "garbage behind it", sample + "x",
                        "another behind it", sample + sample,
                        "a bracket behind it", sample + "]",
                        "NUL behind it", sample + "\u0000"));
        texts(
                bodies,
                Map.of(
                        "a name twice", "{\"a\":1,\"a\":2," + inside,
                        "a name twice, once in escapes", "{\"a\":1,\"\\u0061\":2," + inside,
                        "a name twice inside", "{\"a\":{\"b\":1,\"b\":1}," + inside,
                        "its first name again", sample.substring(0, sample.length() - 1) + "," + inside,
                        "XML", "<a/>",
                        "a form", "a=1&b=2",
                        "a broken escape", "{\"a\":\"\\x\"," + inside,
                        "half an escape", "{\"a\":\"\\u12\"," + inside,
                        "a raw line end", "{\"a\":\"\n\"," + inside,
                        "a raw NUL", "{\"a\":\"\u0000\"," + inside));
        for (String number : new String[] {
            "NaN",
            "Infinity",
            "-Infinity",
            "-",
            "+1",
            "01",
            "1.",
            ".1",
            "1e",
            "0x1",
            "1_000",
            "1e+",
            "--1",
            "1.1.1",
            "9".repeat(10_000),
            "-" + "9".repeat(501),
            "0." + "0".repeat(10_000) + "1"
        }) {
            bodies.put(
                    "the number " + number.substring(0, Math.min(10, number.length())) + " of " + number.length(),
                    ("{\"a\":" + number + "," + inside).getBytes(StandardCharsets.UTF_8));
        }
        texts(
                bodies,
                Map.of(
                        "lists in lists", "[".repeat(100_000),
                        "objects in objects", "{\"a\":".repeat(100_000),
                        "lists in lists in a field",
                                "{\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + "," + inside,
                        "objects in objects in a field",
                                "{\"a\":" + "{\"a\":".repeat(100_000) + "1" + "}".repeat(100_000) + "}",
                        "lists in objects", "{\"a\":" + "[{\"a\":".repeat(50_000),
                        "a name without end", "{\"" + "k".repeat(100_000) + "\":1," + inside,
                        "a name that never ends", "{\"" + "k".repeat(100_000),
                        "a million brackets", "{\"a\":[" + "{},".repeat(500_000) + "{}]," + inside,
                        "a text that never ends", "{\"a\":\"" + "x".repeat(1_000_000)));
        for (int cut = 1; cut < sample.length(); cut += Math.max(1, sample.length() / 12)) {
            bodies.put("cut off at " + cut, sample.substring(0, cut).getBytes(StandardCharsets.UTF_8));
        }
        for (String charset : new String[] {"UTF-16", "UTF-16BE", "UTF-16LE", "UTF-32", "UTF-32BE", "UTF-32LE"}) {
            bodies.put(charset, sample.getBytes(Charset.forName(charset)));
        }
        bytes(bodies, inside, "a lone continuation byte", 0x80);
        bytes(bodies, inside, "a letter of ISO-8859-1", 0xFC);
        bytes(bodies, inside, "an overlong slash", 0xC0, 0xAF);
        bytes(bodies, inside, "an overlong NUL", 0xC0, 0x80);
        bytes(bodies, inside, "a longer overlong slash", 0xE0, 0x80, 0xAF);
        bytes(bodies, inside, "half a surrogate pair", 0xED, 0xA0, 0x80);
        bytes(bodies, inside, "a surrogate pair in six bytes", 0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80);
        bytes(bodies, inside, "beyond Unicode", 0xF4, 0x90, 0x80, 0x80);
        bytes(bodies, inside, "five bytes", 0xF8, 0x88, 0x80, 0x80, 0x80);
        bytes(bodies, inside, "no byte of UTF-8", 0xFF, 0xFE);
        bytes(bodies, inside, "a character cut off", 0xE2, 0x82);
        return bodies;
    }

    private static void texts(Map<String, byte[]> bodies, Map<String, String> more) {
        more.forEach((name, text) -> bodies.put(name, text.getBytes(StandardCharsets.UTF_8)));
    }

    private static void bytes(Map<String, byte[]> bodies, String inside, String name, int... bytes) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes("{\"a\":\"".getBytes(StandardCharsets.UTF_8));
        for (int b : bytes) {
            body.write(b);
        }
        body.writeBytes(("\"," + inside).getBytes(StandardCharsets.UTF_8));
        bodies.put(name, body.toByteArray());
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(plain);
        }
        return packed.toByteArray();
    }

    private JsonNode input(String jobId) throws IOException {
        try (var connection = database.getConnection();
                var statement = connection.prepareStatement(
                        "SELECT input FROM job WHERE job_id = replace(?, 'job_', '')::uuid")) {
            statement.setString(1, jobId);
            try (var row = statement.executeQuery()) {
                assertThat(row.next()).isTrue();
                return new ObjectMapper().readTree(row.getString(1));
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
