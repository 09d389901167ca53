package dev.longshore.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.longshore.api.Api.Answer;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@QuarkusTest
@Platform
class RefusalsTest {
    private final Api api = Api.operator();

    @ParameterizedTest
    @CsvSource({
        "GET,    /,                                404, NOT_FOUND",
        "GET,    /nothing/here,                    404, NOT_FOUND",
        "GET,    /v1,                              404, NOT_FOUND",
        "GET,    /v1/nothing,                      404, NOT_FOUND",
        "POST,   /v1/nothing,                      404, NOT_FOUND",
        "GET,    /v1/jobs/x,                       404, NOT_FOUND",
        "GET,    /v1/jobs/job_1,                   404, NOT_FOUND",
        "GET,    /v1/jobs/job_00000000000000000000000000000000, 404, NOT_FOUND",
        "GET,    /v1/jobs/job_00000000000000000000000000000000/attempts, 404, NOT_FOUND",
        "GET,    /v1/jobs/job_00000000000000000000000000000000/timeline, 404, NOT_FOUND",
        "POST,   /v1/jobs/job_00000000000000000000000000000000/cancel, 404, NOT_FOUND",
        "POST,   /v1/jobs/job_00000000000000000000000000000000/replay, 404, NOT_FOUND",
        "GET,    /v1/jobs/x/y/z,                   404, NOT_FOUND",
        "GET,    /v1/jobs/%00,                     404, NOT_FOUND",
        "GET,    /v1/jobs/%F0%28,                  404, NOT_FOUND",
        "DELETE, /v1/jobs,                         405, METHOD_NOT_ALLOWED",
        "PUT,    /v1/jobs/x,                       405, METHOD_NOT_ALLOWED",
        "GET,    /v1/jobs/x/cancel,                405, METHOD_NOT_ALLOWED",
        "PATCH,  /v1/dead-letters,                 405, METHOD_NOT_ALLOWED",
    })
    void everyPathRefusesInOneShape(String method, String path, int status, String code) {
        Answer answer = api.send(
                api.request(path).method(method, BodyPublishers.noBody()).build());

        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.code()).isEqualTo(code);
        assertShape(answer);
        assertThat(answer.header("x-should-retry")).isEqualTo("false");
        if (status == 405) {
            assertThat(answer.header("Allow")).isNotBlank();
        }
    }

    static Stream<Arguments> hostile() {
        String deep = "[".repeat(101);
        return Stream.of(
                Arguments.of("nothing", ""),
                Arguments.of("no JSON", "hello"),
                Arguments.of("no object", "[]"),
                Arguments.of("null", "null"),
                Arguments.of("cut off", "{\"operation\":\"chat\""),
                Arguments.of("cut off in a string", "{\"operation\":\"ch"),
                Arguments.of("more behind it", Bodies.chat("") + "{}"),
                Arguments.of("garbage behind it", Bodies.chat("") + "x"),
                Arguments.of("a name twice", Bodies.chat(",\"operation\":\"chat\"")),
                Arguments.of("a name twice inside", "{\"input\":{\"a\":1,\"a\":2}}"),
                Arguments.of("too deep", "{\"input\":{\"a\":" + deep + "]".repeat(101) + "}}"),
                Arguments.of("far too deep", "{\"input\":" + "[".repeat(100_000)),
                Arguments.of("a comment", "{/* */}"),
                Arguments.of("single quotes", "{'operation':'chat'}"),
                Arguments.of("a comma too many", "{\"operation\":\"chat\",}"),
                Arguments.of("not a number", "{\"priority\":NaN}"),
                Arguments.of("a number without end", "{\"priority\":" + "9".repeat(10_000) + "}"),
                Arguments.of("a number with leading zeros", "{\"priority\":007}"),
                Arguments.of("a raw control character", "{\"operation\":\"ch\tat\"}"),
                Arguments.of("a broken escape", "{\"operation\":\"\\u12\"}"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostile")
    void whatIsNoProperJsonIsRefused(String what, String body) {
        Answer answer = api.submit(body);

        assertThat(answer.status()).as(what + ": " + answer.body()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("INVALID_JSON");
        assertShape(answer);
        assertThat(answer.body().length()).isLessThan(1_000);
    }

    @Test
    void otherEncodingsThanUtf8AreRefused() {
        byte[][] bodies = {
            Bodies.chat("").getBytes(StandardCharsets.UTF_16BE),
            Bodies.chat("").getBytes(StandardCharsets.UTF_16LE),
            Bodies.chat("").getBytes(StandardCharsets.UTF_16),
            Bodies.chat("").replace("hello", "gr\u00fc\u00df").getBytes(StandardCharsets.ISO_8859_1),
            bytes(Bodies.chat("").replace("hello", "@"), 0xC0, 0xAF),
            bytes(Bodies.chat("").replace("hello", "@"), 0xED, 0xA0, 0x80),
        };
        for (byte[] body : bodies) {
            Answer answer = api.send(api.request("/v1/jobs")
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofByteArray(body))
                    .build());
            assertThat(answer.status()).as(answer.body()).isEqualTo(400);
            assertThat(answer.code()).isEqualTo("INVALID_JSON");
        }
    }

    @Test
    void otherMediaTypesThanJsonAreRefused() {
        for (String type : new String[] {"text/plain", "application/xml", "application/json; charset=latin1", "x"}) {
            Answer answer = api.send(api.request("/v1/jobs")
                    .header("Content-Type", type)
                    .POST(BodyPublishers.ofString(Bodies.chat("")))
                    .build());
            assertThat(answer.status()).as(type).isEqualTo(415);
            assertThat(answer.code()).isEqualTo("UNSUPPORTED_MEDIA_TYPE");
            assertShape(answer);
        }
        assertThat(api.send(api.request("/v1/jobs")
                                .header("Content-Type", "Application/JSON; charset=\"UTF-8\"")
                                .header("Accept", "text/html")
                                .POST(BodyPublishers.ofString(Bodies.chat("")))
                                .build())
                        .status())
                .isEqualTo(202);
    }

    @Test
    void aBodyMayBeTenMebibytesAndNotAByteMore() {
        String frame = Bodies.chat("");
        int room = 10 * 1024 * 1024 - frame.length();
        // White space inside the input travels, but is not counted as tokens.
        String largest = frame.substring(0, frame.length() - 1) + " ".repeat(room) + "}";
        assertThat(api.submit(largest).status()).isEqualTo(202);

        Answer tooLarge = api.submit(largest + " ");
        assertThat(tooLarge.status()).isEqualTo(413);
        assertThat(tooLarge.code()).isEqualTo("PAYLOAD_TOO_LARGE");
        assertShape(tooLarge);
        Answer inChunks = api.send(api.request("/v1/jobs")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.fromPublisher(BodyPublishers.ofString(largest + " ")))
                .build());
        assertThat(inChunks.status()).isEqualTo(413);
    }

    @Test
    void everyAnswerCarriesItsIds() {
        String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        for (String path : new String[] {"/v1/jobs", "/nothing", "/q/health/live"}) {
            Answer continued =
                    api.get(path, "X-Request-Id", "mine-1", "traceparent", "00-" + trace + "-00f067aa0ba902b7-01");
            assertThat(continued.header("X-Request-Id")).as(path).isEqualTo("mine-1");
            assertThat(continued.header("traceparent"))
                    .startsWith("00-" + trace + "-")
                    .doesNotContain("00f067aa0ba902b7");
            Answer begun = api.get(path);
            assertThat(begun.header("X-Request-Id")).isNotBlank();
            assertThat(begun.header("traceparent")).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
        }
        Answer refused = api.get("/nothing", "traceparent", "00-" + trace + "-00f067aa0ba902b7-01");
        assertThat(refused.json().at("/error/trace_id").asText()).isEqualTo(trace);
        JsonNode job = api.post("/v1/jobs", Bodies.chat(""), "traceparent", "00-" + trace + "-00f067aa0ba902b7-01")
                .json();
        assertThat(job.at("/metadata/trace_id").asText()).isEqualTo(trace);
        assertThat(api.get("/v1/jobs/" + job.path("job_id").asText())
                        .json()
                        .at("/metadata/trace_id")
                        .asText())
                .isEqualTo(trace);
    }

    @Test
    void unusableIdsAreReplaced() {
        Answer answer = api.get("/v1/jobs", "X-Request-Id", "x".repeat(129), "traceparent", "00-zz-01");
        assertThat(answer.header("X-Request-Id")).startsWith("req_");
        assertThat(answer.header("traceparent")).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
    }

    @Test
    void headersWithoutEndAreRefused() {
        Answer answer = api.get("/v1/jobs", "X-Long", "x".repeat(40_000));
        assertThat(answer.status()).isEqualTo(400);
        assertShape(answer);
    }

    @Test
    void methodsThatNobodyKnowsAreRefusedInOneShape() throws IOException {
        String answer = raw("BREW /v1/jobs HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + Api.BOOTSTRAP_KEY
                + "\r\nConnection: close\r\n\r\n");
        assertThat(answer)
                .startsWith("HTTP/1.1 405")
                .contains("METHOD_NOT_ALLOWED")
                .containsIgnoringCase("allow: GET, POST");
    }

    @Test
    void targetsThatAreNoUrisAreRefused() throws IOException {
        for (String target : new String[] {"/v1/jobs/%zz", "/v1/jobs/%", "/v1/jobs?limit=%zz", "/v1/jobs/{}"}) {
            assertThat(raw("GET " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 400")
                    .contains("\"INVALID_REQUEST\"")
                    .containsIgnoringCase("x-request-id: ");
        }
    }

    @Test
    void aCallerThatGoesAwayHalfwayHarmsNobody() throws IOException {
        int port = Api.uri("/").getPort();
        for (int cut : new int[] {1, 20, 200}) {
            try (Socket socket = new Socket("127.0.0.1", port)) {
                String request = "POST /v1/jobs HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + Api.BOOTSTRAP_KEY
                        + "\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"operation\":";
                socket.getOutputStream()
                        .write(request.substring(0, Math.min(cut, request.length()))
                                .getBytes(StandardCharsets.US_ASCII));
            }
        }
        assertThat(api.submit(Bodies.chat("")).status()).isEqualTo(202);
    }

    private static String raw(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", Api.uri("/").getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static byte[] bytes(String frame, int... instead) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (char c : frame.toCharArray()) {
            if (c == '@') {
                for (int b : instead) {
                    bytes.write(b);
                }
            } else {
                bytes.write(c);
            }
        }
        return bytes.toByteArray();
    }

    private static void assertShape(Answer answer) {
        JsonNode error = answer.json().path("error");
        assertThat(error.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("code", "type", "message", "param", "details", "retryable", "trace_id");
        assertThat(error.path("message").asText()).isNotBlank();
        assertThat(error.path("trace_id").asText()).matches("[0-9a-f]{32}");
        assertThat(answer.header("Content-Type")).startsWith("application/json");
        assertThat(answer.header("X-Request-Id")).isNotBlank();
        assertThat(answer.header("traceparent")).isNotBlank();
    }
}
