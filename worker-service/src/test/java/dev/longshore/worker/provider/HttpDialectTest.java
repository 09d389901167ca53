package dev.longshore.worker.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.attempt.AttemptOutcome.Answered;
import dev.longshore.attempt.AttemptOutcome.Broken;
import dev.longshore.attempt.AttemptOutcome.Interrupted;
import dev.longshore.attempt.AttemptOutcome.Interruption;
import dev.longshore.attempt.AttemptOutcome.Refused;
import dev.longshore.attempt.ErrorCode;
import dev.longshore.tokens.TokenCounter;
import dev.longshore.worker.provider.Ask.Operation;
import dev.longshore.worker.provider.anthropic.AnthropicTranslation;
import dev.longshore.worker.provider.gemini.GeminiTranslation;
import dev.longshore.worker.provider.http.HttpTranslation;
import dev.longshore.worker.provider.openai.OpenAiTranslation;
import dev.longshore.worker.slots.StopSign;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(120)
class HttpDialectTest {
    @RegisterExtension
    static final SmallVertx VERTX = new SmallVertx();

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Timeouts PATIENT = new Timeouts(LONG, LONG, LONG, LONG);
    private static final String CHAT = "{\"model\":\"ours\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";
    private static final Translation OPENAI = new OpenAiTranslation(Translating.JSON, new TokenCounter());
    private static final Translation ANTHROPIC = new AnthropicTranslation(Translating.JSON, Translating.CLOCK);

    private static final Translation GEMINI =
            new GeminiTranslation(Translating.JSON, Translating.CLOCK, new TokenCounter());

    private record Seen(String path, Headers headers, String body) {}

    private final BlockingQueue<Seen> seen = new LinkedBlockingQueue<>();
    private final HttpCaller caller = VERTX.caller(LONG);
    private HttpServer server;
    private String answer = "{}";

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.createContext("/", exchange -> {
            seen.add(new Seen(
                    exchange.getRequestURI().toString(),
                    exchange.getRequestHeaders(),
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("request-id", "req-9");
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void leave() {
        server.stop(0);
        caller.close();
    }

    private Dialect dialect(Translation translation, List<String> keys, Map<String, String> headers) {
        return dialect("/v1/", translation, keys, headers);
    }

    private Dialect dialect(String base, Translation translation, List<String> keys, Map<String, String> headers) {
        URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + base);
        return new HttpDialect(
                caller, Translating.JSON, Translating.CLOCK, new TokenCounter(), translation, url, keys, headers);
    }

    private static AttemptOutcome call(Dialect dialect, String input) {
        return dialect.call(
                new Ask(Operation.CHAT, "theirs", input, 100, "job_7", 3), PATIENT, new StopSign(), TokenSink.NONE);
    }

    @Test
    void aCallIsATranslatedPostWithTheHeadersOfTheApi() throws InterruptedException {
        answer =
                "{\"id\":\"m\",\"model\":\"theirs-1\",\"content\":[{\"type\":\"text\",\"text\":\"hi\"}],\"stop_reason\":\"end_turn\"}";
        AttemptOutcome outcome = call(dialect(ANTHROPIC, List.of("key-1"), Map.of()), CHAT);
        assertThat(outcome).isInstanceOfSatisfying(Answered.class, answered -> {
            assertThat(answered.answer().result()).contains("\"content\":\"hi\"");
            assertThat(answered.reply().requestId()).isEqualTo("req-9");
        });
        Seen request = seen.take();
        assertThat(request.path()).isEqualTo("/v1/messages");
        assertThat(request.headers().getFirst("x-api-key")).isEqualTo("key-1");
        assertThat(request.headers().getFirst("anthropic-version")).isEqualTo("2023-06-01");
        assertThat(request.headers().getFirst("content-type")).isEqualTo("application/json");
        assertThat(request.headers().getFirst("x-longshore-job-id")).isEqualTo("job_7");
        assertThat(request.headers().getFirst("x-longshore-attempt")).isEqualTo("3");
        assertThat(request.body()).contains("\"model\":\"theirs\"").contains("\"max_tokens\":100");
    }

    @Test
    void anApiWithoutStreamsIsAskedWithoutAndSaysAllOfItInOnePiece() throws InterruptedException {
        answer = "{\"text\":\"hi there\"}";
        Translation own = new HttpTranslation(
                Translating.JSON,
                Translating.CLOCK,
                new TokenCounter(),
                Described.provider("http", """
                                chat: {path: /c, request: {p: "{{prompt}}"}, response: {text: /text}}
                                """).http());
        List<String> heard = new ArrayList<>();
        TokenSink sink = new TokenSink() {
            @Override
            public void token(String text) {
                heard.add(text);
            }

            @Override
            public void progress(@Nullable Double share, @Nullable String message) {
                throw new AssertionError("nobody tells it here");
            }

            @Override
            public void withdrawn() {
                heard.add("(withdrawn)");
            }
        };
        String input = "{\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";
        Ask ask = new Ask(Operation.CHAT, "theirs", input, 100, "job_7", 3);

        AttemptOutcome outcome = dialect(own, List.of(), Map.of()).call(ask, PATIENT, new StopSign(), sink);

        assertThat(outcome).isInstanceOf(Answered.class);
        assertThat(heard).containsExactly("hi there");
        assertThat(seen.take().body()).isEqualTo("{\"p\":\"hello\"}");
    }

    @Test
    void theCallNamesItsKeyAndTheOperatorsHeadersWin() throws InterruptedException {
        Dialect dialect =
                dialect(ANTHROPIC, List.of("key-1", "key-2"), Map.of("anthropic-version", "2030-01-01", "x-more", "1"));
        for (int key : new int[] {1, 0, 1}) {
            dialect.call(
                    new Ask(Operation.CHAT, "theirs", CHAT, 100, "job_7", 3, key),
                    PATIENT,
                    new StopSign(),
                    TokenSink.NONE);
        }
        List<Seen> all = List.of(seen.take(), seen.take(), seen.take());
        assertThat(all)
                .extracting(request -> request.headers().getFirst("x-api-key"))
                .containsExactly("key-2", "key-1", "key-2");
        assertThat(all).allSatisfy(request -> {
            assertThat(request.headers().get("anthropic-version")).containsExactly("2030-01-01");
            assertThat(request.headers().getFirst("x-more")).isEqualTo("1");
        });
    }

    @Test
    void aServerThatWantsNoKeyGetsNone() throws InterruptedException {
        call(dialect(OPENAI, List.of(), Map.of()), CHAT);
        Seen request = seen.take();
        assertThat(request.path()).isEqualTo("/v1/chat/completions");
        assertThat(request.headers().getFirst("authorization")).isNull();
    }

    /// The older address of Azure OpenAI; its newer one ends in `/openai/v1` and needs no query.
    @Test
    void anAzureDeploymentIsAnAddressAndAHeader() throws InterruptedException {
        String deployment = "/openai/deployments/mine?api-version=2024-10-21";
        call(dialect(deployment, OPENAI, List.of(), Map.of("api-key", "key-1")), CHAT);
        Seen request = seen.take();
        assertThat(request.path()).isEqualTo("/openai/deployments/mine/chat/completions?api-version=2024-10-21");
        assertThat(request.headers().getFirst("api-key")).isEqualTo("key-1");
    }

    /// Google's own, and a query of the operator's.
    @Test
    void aQueryOfTheApiAndOneOfTheAddressGoTogether() throws InterruptedException {
        String chat = "{\"messages\":[],\"stream\":true}";
        call(dialect("/v1beta?key=1", GEMINI, List.of(), Map.of()), chat);
        Seen request = seen.take();
        assertThat(request.path()).isEqualTo("/v1beta/models/theirs:streamGenerateContent?alt=sse&key=1");
        assertThat(request.headers().getFirst("accept")).isEqualTo("text/event-stream, application/json");
    }

    @Test
    void whatCannotBeSaidIsRefusedAndNotSent() {
        assertThat(call(dialect(ANTHROPIC, List.of(), Map.of()), "{\"messages\":[],\"seed\":7}"))
                .isInstanceOfSatisfying(Refused.class, refused -> {
                    assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
                    assertThat(refused.message())
                            .isEqualTo(
                                    "The provider of this model cannot be asked for '/seed': Anthropic's API has nothing like it.");
                    assertThat(refused.reply().status()).isZero();
                });
        for (String input : List.of("[1]", "not json")) {
            assertThat(call(dialect(OPENAI, List.of(), Map.of()), input))
                    .isInstanceOfSatisfying(Refused.class, refused -> {
                        assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
                        assertThat(refused.message()).isEqualTo("The job's input is not a JSON object.");
                    });
        }
        assertThat(seen).isEmpty();
    }

    @Test
    void anAnswerThatIsNoJsonIsMalformed() {
        answer = "<html>";
        assertThat(call(dialect(OPENAI, List.of(), Map.of()), CHAT))
                .isInstanceOfSatisfying(
                        Broken.class, broken -> assertThat(broken.code()).isEqualTo(ErrorCode.MALFORMED_RESPONSE));
    }

    @Test
    void aCallThatWasStoppedBeforeItBeganIsNotSent() {
        StopSign stop = new StopSign();
        stop.raise(Interruption.CANCEL);
        assertThat(dialect(OPENAI, List.of(), Map.of())
                        .call(new Ask(Operation.CHAT, "m", CHAT, 100, "job_7", 1), PATIENT, stop, TokenSink.NONE))
                .isEqualTo(new Interrupted(Interruption.CANCEL, false));
    }
}
