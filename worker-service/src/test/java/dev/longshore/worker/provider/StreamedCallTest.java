package dev.longshore.worker.provider;

import static dev.longshore.testing.Patience.await;
import static dev.longshore.worker.provider.Translating.told;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.attempt.AttemptOutcome.Answered;
import dev.longshore.attempt.AttemptOutcome.Interrupted;
import dev.longshore.attempt.AttemptOutcome.Interruption;
import dev.longshore.attempt.AttemptOutcome.Unknown;
import dev.longshore.attempt.ErrorCode;
import dev.longshore.simulator.Behaviour;
import dev.longshore.simulator.Fault;
import dev.longshore.simulator.FaultKind;
import dev.longshore.simulator.Script;
import dev.longshore.simulator.Simulator;
import dev.longshore.tokens.TokenCounter;
import dev.longshore.worker.provider.Ask.Operation;
import dev.longshore.worker.provider.anthropic.AnthropicTranslation;
import dev.longshore.worker.provider.gemini.GeminiTranslation;
import dev.longshore.worker.provider.openai.OpenAiTranslation;
import dev.longshore.worker.provider.openai.ResponsesTranslation;
import dev.longshore.worker.slots.StopSign;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Chats that ask for a stream, from the request to the outcome.
@Timeout(120)
class StreamedCallTest {
    @RegisterExtension
    static final SmallVertx VERTX = new SmallVertx();

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Timeouts PATIENT = new Timeouts(LONG, LONG, LONG, LONG);
    private static final Timeouts IMPATIENT = new Timeouts(LONG, LONG, Duration.ofMillis(300), LONG);
    private static final String CHAT =
            "{\"model\":\"ours\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}],\"stream\":true}";
    private static final String WITHDRAWN = "(withdrawn)";
    private static final TokenCounter COUNTER = new TokenCounter();

    private final Simulator simulator = Simulator.start(0);
    private final HttpCaller caller = VERTX.caller(LONG);
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final TokenSink sink = new TokenSink() {
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
            heard.add(WITHDRAWN);
        }
    };

    @AfterEach
    void leave() {
        caller.close();
        simulator.close();
    }

    private AttemptOutcome call(Translation translation, URI base, String input, Timeouts timeouts, StopSign stop) {
        return new HttpDialect(
                        caller,
                        Translating.JSON,
                        Translating.CLOCK,
                        COUNTER,
                        translation,
                        base,
                        List.of("key-1"),
                        Map.of())
                .call(new Ask(Operation.CHAT, "sim-small", input, 100, "job_7", 1), timeouts, stop, sink);
    }

    private AttemptOutcome call(String input, Timeouts timeouts, StopSign stop) {
        Translation openAi = new OpenAiTranslation(Translating.JSON, COUNTER);
        return call(openAi, URI.create(simulator.baseUrl()), input, timeouts, stop);
    }

    private AttemptOutcome call(Fault... faults) {
        play(faults);
        return call(CHAT, IMPATIENT, new StopSign());
    }

    private void play(Fault... faults) {
        simulator.script(Script.EMPTY.with(
                "sim-small",
                Behaviour.ORDINARY.withAnswer("One two three, four.").withFaults(faults)));
    }

    /// A server that answers every request with this stream, and then breaks the connection.
    private AttemptOutcome callOf(Translation translation, String path, String stream) throws IOException {
        RawServer.Behaviour cut = (connection, out) -> {
            RawServer.write(
                    out, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 999999\r\n\r\n");
            RawServer.write(out, stream.replace('\'', '"'));
            connection.close();
        };
        try (RawServer server = new RawServer(cut)) {
            return call(translation, server.address().resolve(path), CHAT, PATIENT, new StopSign());
        }
    }

    private static JsonNode withoutWhatChanges(AttemptOutcome outcome) throws JsonProcessingException {
        assertThat(outcome).isInstanceOf(Answered.class);
        ObjectNode result = (ObjectNode)
                Translating.JSON.readTree(((Answered) outcome).answer().result());
        ((ObjectNode) result.at("/choices/0/message")).remove("annotations");
        return result.without(List.of("id", "created"));
    }

    @Test
    void tokensAreHandedOnAndTheResultIsAsWithoutAStream() throws JsonProcessingException {
        AttemptOutcome streamed = call();
        assertThat(heard).containsExactly("One", " two", " three,", " four.");
        AttemptOutcome whole = call(CHAT.replace("true", "false"), PATIENT, new StopSign());
        assertThat(heard).hasSize(4);
        assertThat(withoutWhatChanges(streamed)).isEqualTo(withoutWhatChanges(whole));
        assertThat(((Answered) streamed).answer().usage())
                .isEqualTo(((Answered) whole).answer().usage());
        assertThat(streamed.reply().requestId()).startsWith("req_");
        assertThat(streamed.reply().firstByte()).isPositive();
    }

    @Test
    void aStreamThatBreaksOffIsBrokenAndItsTokensAreWithdrawn() {
        AttemptOutcome outcome = call(Fault.of(FaultKind.BROKEN_STREAM));
        assertThat(told(outcome)).isEqualTo("broken NETWORK_ERROR");
        assertThat(outcome.reply().status()).isEqualTo(200);
        assertThat(heard).hasSizeGreaterThan(1).endsWith(WITHDRAWN);
        assertThat(heard.indexOf(WITHDRAWN)).isEqualTo(heard.size() - 1);
    }

    @Test
    void nothingIsWithdrawnWhereNothingWasSaid() {
        assertThat(told(call(Fault.of(FaultKind.MALFORMED)))).isEqualTo("broken MALFORMED_RESPONSE");
        assertThat(told(call(Fault.of(FaultKind.ERROR_IN_200)))).isEqualTo("broken PROVIDER_UNAVAILABLE");
        assertThat(told(call(Fault.status(429)))).isEqualTo("throttled PROVIDER_RATE_LIMITED");
        assertThat(call(Fault.of(FaultKind.HANG_AFTER_HEADERS))).isInstanceOfSatisfying(Unknown.class, unknown -> {
            assertThat(unknown.code()).isEqualTo(ErrorCode.MODEL_TIMEOUT);
            assertThat(unknown.reply().status()).isEqualTo(200);
        });
        assertThat(call(Fault.of(FaultKind.RESET)))
                .isInstanceOfSatisfying(
                        Unknown.class, unknown -> assertThat(unknown.code()).isEqualTo(ErrorCode.NETWORK_ERROR));
        assertThat(heard).isEmpty();
    }

    @Test
    void aStopTakesBackWhatWasSaid() throws Exception {
        RawServer.Behaviour endless = (connection, out) -> {
            RawServer.write(
                    out,
                    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 999999\r\n\r\n"
                            + "data: {\"choices\":[{\"delta\":{\"content\":\"One\"}}]}\n\n");
            RawServer.untilTheyLeave(connection);
        };
        try (RawServer server = new RawServer(endless);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            StopSign stop = new StopSign();
            Translation openAi = new OpenAiTranslation(Translating.JSON, COUNTER);
            Future<AttemptOutcome> outcome = threads.submit(() -> call(openAi, server.address(), CHAT, PATIENT, stop));
            await().until(() -> heard.contains("One"));
            stop.raise(Interruption.CANCEL);
            assertThat(outcome.get()).isEqualTo(new Interrupted(Interruption.CANCEL, true));
            assertThat(heard).containsExactly("One", WITHDRAWN);
        }
    }

    /// `~` stands between events.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {'choices':[{'delta':{'content':'One'},'finish_reason':'stop'}]}~[DONE]~                | answered
                    {'choices':[{'delta':{'content':'One'},'finish_reason':'stop'}]}~                       | broken NETWORK_ERROR
                    {'choices':[{'delta':{'content':'One'}}]}~{'error':{'message':'m','code':'server_error'}}~ | broken PROVIDER_UNAVAILABLE
                    {'choices':[{'delta':{'content':'One'}}]}~{'choices':~                                  | broken MALFORMED_RESPONSE
                    {'choices':[{'delta':{'content':'One'}}]}~\u00ff~                                      | broken MALFORMED_RESPONSE
                    {'choices':[{'delta':{'content':'One'}}]}~[DONE]~                                       | broken MALFORMED_RESPONSE
                    """)
    void aWholeAnswerCountsHoweverTheConnectionEnds(String events, String expected) throws IOException {
        Translation openAi = new OpenAiTranslation(Translating.JSON, COUNTER);
        String stream = events.replace("~", "\n\n").replaceAll("(?m)^(?=.)", "data: ");
        AttemptOutcome outcome = callOf(openAi, "/v1", stream);
        assertThat(outcome instanceof Answered ? "answered" : told(outcome)).isEqualTo(expected);
        assertThat(heard)
                .containsExactlyElementsOf(expected.equals("answered") ? List.of("One") : List.of("One", WITHDRAWN));
    }

    @Test
    void charactersAreHandedOnWhole() throws IOException {
        Translation openAi = new OpenAiTranslation(Translating.JSON, COUNTER);
        String half = "data: {'choices':[{'delta':{'content':'a\\ud83d'}}]}\n\n";
        String other = "data: {'choices':[{'delta':{'content':'\\ude00b'},'finish_reason':'stop'}]}\n\n";
        callOf(openAi, "/v1", half + other + "data: [DONE]\n\n");
        assertThat(heard).containsExactly("a", "\ud83d\ude00b");
    }

    @Test
    void everyDialectStreams() throws IOException {
        String anthropic = """
                event: content_block_start
                data: {'type':'content_block_start','index':0,'content_block':{'type':'text','text':''}}

                event: content_block_delta
                data: {'type':'content_block_delta','index':0,'delta':{'type':'text_delta','text':'One'}}

                event: message_delta
                data: {'type':'message_delta','delta':{'stop_reason':'end_turn'},'usage':{'input_tokens':1,'output_tokens':1}}

                event: message_stop
                data: {'type':'message_stop'}

                """;
        String gemini = "data: {'candidates':[{'content':{'parts':[{'text':'One'}]},'finishReason':'STOP'}]}\r\n\r\n";
        assertThat(callOf(new AnthropicTranslation(Translating.JSON, Translating.CLOCK), "/v1", anthropic))
                .isInstanceOf(Answered.class);
        assertThat(callOf(new GeminiTranslation(Translating.JSON, Translating.CLOCK, COUNTER), "/v1?key=1", gemini))
                .isInstanceOf(Answered.class);
        String responses = """
                event: response.output_text.delta
                data: {'type':'response.output_text.delta','delta':'One'}

                event: response.completed
                data: {'type':'response.completed','response':{'status':'completed','output':[{'type':'message','content':[{'type':'output_text','text':'One'}]}]}}

                """;
        assertThat(callOf(new ResponsesTranslation(Translating.JSON, COUNTER), "/v1", responses))
                .isInstanceOf(Answered.class);
        assertThat(heard).containsExactly("One", "One", "One");
    }
}
