package dev.longshore.worker.provider.http;

import static dev.longshore.worker.provider.Translating.json;
import static dev.longshore.worker.provider.Translating.told;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.longshore.attempt.Answer;
import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.attempt.AttemptOutcome.Broken;
import dev.longshore.attempt.Usage;
import dev.longshore.tokens.TokenCounter;
import dev.longshore.worker.provider.Ask.Operation;
import dev.longshore.worker.provider.Described;
import dev.longshore.worker.provider.Inexpressible;
import dev.longshore.worker.provider.Translating;
import dev.longshore.worker.provider.Translation;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// An API that nobody has heard of, both ways.
class HttpTranslationTest {
    private static final TokenCounter TOKENS = new TokenCounter();

    private static final Translation TRANSLATION = described("""
            chat:
              path: /m/{{model}}/complete
              request: {prompt: "{{prompt}}", options: {max: "{{max-output-tokens}}", kind: "{{optional:/kind}}"}}
              response: {text: /out/text, finish-reason: /out/end, finish-reasons: {eos: stop, cut: length, nsfw: content-filter},
                         model: /by, input-tokens: /used/in, cached-input-tokens: /used/cached, output-tokens: /used/out}
            embed:
              path: /vectors
              request: {texts: "{{input:/input}}"}
              response: {embeddings: /vectors, model: /by, input-tokens: /used}
            error: {when: /fault, code: /fault/reason, message: /fault/text,
                    meanings: {quota: quota-exhausted, slow: rate-limited, long: context-length-exceeded, bad: invalid-request,
                               none: unknown-model, kind: unsupported-input, key: authentication, sin: content-policy,
                               late: timeout, odd: malformed-response, "7": transient}}
            request-id-header: x-their-id
            """);

    private final Translating own = new Translating(TRANSLATION, "theirs/m 1");

    private static Translation described(String section) {
        return new HttpTranslation(
                Translating.JSON,
                Translating.CLOCK,
                TOKENS,
                Described.provider("http", section).http());
    }

    @Test
    void aChatIsMadeByTheTemplate() throws Inexpressible {
        String chat = "{'model':'ours','kind':'x','messages':[{'role':'user','content':'hello'}]}";
        assertThat(own.body(Operation.CHAT, chat))
                .isEqualTo(json("{'prompt':'hello','options':{'max':4096,'kind':'x'}}"));
        assertThat(own.request(Operation.CHAT, chat).path()).isEqualTo("/m/theirs/m%201/complete");
    }

    @Test
    void anEmbeddingIsMadeByTheTemplate() throws Inexpressible {
        assertThat(own.body(Operation.EMBED, "{'model':'ours','input':['a','b'],'encoding_format':'float'}"))
                .isEqualTo(json("{'texts':['a','b']}"));
        assertThat(own.request(Operation.EMBED, "{'input':'a'}").path()).isEqualTo("/vectors");
    }

    @Test
    void theKeyTravelsAsTheApiWantsIt() {
        assertThat(TRANSLATION.headers("k")).isEqualTo(Map.of("authorization", "Bearer k"));
        assertThat(TRANSLATION.headers(null)).isEmpty();
        assertThat(TRANSLATION.requestIdHeader()).isEqualTo("x-their-id");
        Translation other = described("""
                chat: {path: /c, request: {p: "{{prompt}}"}, response: {text: "#"}}
                key-header: x-api-key
                """);
        assertThat(other.headers("k")).isEqualTo(Map.of("x-api-key", "k"));
    }

    @Test
    void anOperationThatIsNotDescribedIsRefused() {
        Translating chatOnly =
                new Translating(described("chat: {path: /c, request: {p: \"{{prompt}}\"}, response: {text: /t}}"), "m");
        assertThatThrownBy(() -> chatOnly.request(Operation.EMBED, "{'input':'a'}"))
                .isInstanceOf(Inexpressible.class);
    }

    @Test
    void anAnswerBecomesAChatCompletion() {
        Answer answer = own.answer(
                Operation.CHAT,
                "{'out':{'text':'hi','end':'cut'},'by':'m-2','used':{'in':9,'cached':4,'out':3},'more':1}");
        assertThat(read(answer)).isEqualTo(json("""
                        {'id':'chatcmpl-job_1-1','object':'chat.completion','created':1795176000,'model':'m-2',
                         'choices':[{'index':0,'message':{'role':'assistant','content':'hi','refusal':null},
                                     'finish_reason':'length','logprobs':null}],
                         'usage':{'prompt_tokens':9,'completion_tokens':3,'total_tokens':12,
                                  'prompt_tokens_details':{'cached_tokens':4}}}
                        """));
        assertThat(answer.usage()).isEqualTo(new Usage(9, 4, 3));
        assertThat(answer.modelVersion()).isEqualTo("m-2");
        assertThat(answer.reply().requestId()).isEqualTo("req-7");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "'text' | text",
                "'' | ^^",
                "['a','b',' c'] | ab c",
                "['a',1] | [\"a\",1]",
                "[] | ^^",
                "{'a':[1]} | {\"a\":[1]}",
                "7 | 7",
                "false | false",
            })
    void whatTheModelSaidMayBeTextTextsOrJson(String output, String said) {
        assertThat(read(own.answer(Operation.CHAT, "{'out':{'text':" + output + "}}"))
                        .at("/choices/0/message/content")
                        .textValue())
                .isEqualTo(said);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "{'out':{'text':'hi'}} | 0 | 1",
                "{'out':{'text':'hi'},'used':{'in':-1,'out':'3'}} | 0 | 1",
                "{'out':{'text':'hi'},'used':{'in':5,'cached':9}} | 5 | 1",
                "{'out':{'text':'hi'},'used':{'in':99999999999,'out':3}} | 0 | 3",
            })
    void whatTheCallUsedIsAsToldElseByOurOwnCount(String body, int input, int output) {
        Usage usage = own.answer(Operation.CHAT, body).usage();
        // The test's input has no messages.
        assertThat(usage.inputTokens()).isBetween(input, input + 3);
        assertThat(usage.outputTokens()).isEqualTo(output);
        assertThat(usage.cachedInputTokens()).isLessThanOrEqualTo(usage.inputTokens());
    }

    @ParameterizedTest
    @CsvSource({"eos,stop", "cut,length", "length,length", "whatever,stop"})
    void theirWordsForTheEndAreTranslated(String theirs, String ours) {
        assertThat(read(own.answer(Operation.CHAT, "{'out':{'text':'hi','end':'" + theirs + "'}}"))
                        .at("/choices/0/finish_reason")
                        .textValue())
                .isEqualTo(ours);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "[[1,2],[0.5,3]] | ['a','b']",
                "[[1,2]] | 'a'",
                "[1,2] | 'a'",
                "[[1,2]] | [17,4]",
                "[[1],[2]] | [[17],[4]]",
            })
    void vectorsBecomeAListOfEmbeddings(String vectors, String input) {
        AttemptOutcome outcome = own.outcome(
                Operation.EMBED, "{'input':" + input + "}", 200, body("{'vectors':" + vectors + ",'used':6,'by':'v'}"));
        assertThat(outcome).isInstanceOfSatisfying(AttemptOutcome.Answered.class, answered -> {
            JsonNode list = read(answered.answer());
            JsonNode first = json(vectors).path(0).isArray() ? json(vectors).path(0) : json(vectors);
            assertThat(list.at("/data/0/embedding")).isEqualTo(first);
            assertThat(list.at("/usage/prompt_tokens").intValue()).isEqualTo(6);
            assertThat(list.path("model").textValue()).isEqualTo("v");
            assertThat(answered.answer().usage()).isEqualTo(new Usage(6, 0, 0));
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "[[1,2]] | ['a','b']",
                "[[1,2],[]] | ['a','b']",
                "[[1,'x']] | 'a'",
                "'text' | 'a'",
                "null | 'a'",
                "{} | 'a'",
            })
    void whatAreNoVectorsIsMalformed(String vectors, String input) {
        assertThat(told(own.outcome(
                        Operation.EMBED, "{'input':" + input + "}", 200, body("{'vectors':" + vectors + "}"))))
                .isEqualTo("broken MALFORMED_RESPONSE");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                // A success that is none.
                "200 | {'fault':{'reason':'quota'}} | throttled PROVIDER_QUOTA_EXHAUSTED",
                "200 | {'fault':{'reason':'slow'}} | throttled PROVIDER_RATE_LIMITED",
                "200 | {'fault':{'reason':'long'}} | refused CONTEXT_LENGTH_EXCEEDED",
                "200 | {'fault':{'reason':'bad'}} | refused INVALID_REQUEST",
                "200 | {'fault':{'reason':'none'}} | refused UNKNOWN_MODEL",
                "200 | {'fault':{'reason':'kind'}} | refused UNSUPPORTED_INPUT",
                "200 | {'fault':{'reason':'key'}} | refused PROVIDER_AUTH_FAILED",
                "200 | {'fault':{'reason':'sin'}} | refused CONTENT_FILTER_TRIGGERED",
                "200 | {'fault':{'reason':'late'}} | broken MODEL_TIMEOUT",
                "200 | {'fault':{'reason':'odd'}} | broken MALFORMED_RESPONSE",
                "200 | {'fault':{'reason':7}} | broken PROVIDER_UNAVAILABLE",
                "200 | {'fault':{'reason':'new'}} | broken MALFORMED_RESPONSE",
                "200 | {'fault':true,'out':{'text':'hi'}} | broken MALFORMED_RESPONSE",
                // The code says more than the status.
                "500 | {'fault':{'reason':'quota'}} | throttled PROVIDER_QUOTA_EXHAUSTED",
                "429 | {'fault':{'reason':'bad'}} | refused INVALID_REQUEST",
                // Nothing said: the status decides.
                "400 | {'fault':{'reason':'new'}} | refused INVALID_REQUEST",
                "401 | {} | refused PROVIDER_AUTH_FAILED",
                "402 | {} | throttled PROVIDER_QUOTA_EXHAUSTED",
                "408 | {} | broken MODEL_TIMEOUT",
                "429 | <html> | throttled PROVIDER_RATE_LIMITED",
                "302 | ^^ | broken PROVIDER_UNAVAILABLE",
                "500 | ^^ | broken PROVIDER_UNAVAILABLE",
                // A success that says nothing.
                "200 | <html> | broken MALFORMED_RESPONSE",
                "200 | {'out':{'text':'half | broken MALFORMED_RESPONSE",
                "200 | {} | broken MALFORMED_RESPONSE",
                "200 | [] | broken MALFORMED_RESPONSE",
                "200 | {'out':{'text':null}} | broken MALFORMED_RESPONSE",
                "200 | {'out':'text'} | broken MALFORMED_RESPONSE",
                "204 | ^^ | broken MALFORMED_RESPONSE",
                "200 | {'out':{'end':'nsfw'}} | refused CONTENT_FILTER_TRIGGERED",
                "200 | {'out':{'text':'','end':'content_filter'}} | refused CONTENT_FILTER_TRIGGERED",
            })
    void errorsAreClassified(int status, String body, String outcome) {
        assertThat(told(own.outcome(Operation.CHAT, status, body(body)))).isEqualTo(outcome);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "{'fault':null,'out':{'text':'hi'}}",
                "{'fault':false,'out':{'text':'hi'}}",
                "{'fault':'','out':{'text':'hi'}}",
            })
    void anErrorThatIsNothingIsNone(String body) {
        assertThat(own.outcome(Operation.CHAT, 201, body(body))).isInstanceOf(AttemptOutcome.Answered.class);
    }

    @Test
    void theirWordsAreKept() {
        assertThat(own.outcome(
                        Operation.CHAT, 200, "{\"fault\":{\"reason\":\"7\",\"text\":\"try sk-1234567890 later\"}}"))
                .isInstanceOfSatisfying(Broken.class, broken -> {
                    assertThat(broken.message()).isEqualTo("The provider answered 200: try sk-*** later");
                    assertThat(broken.reply().requestId()).isEqualTo("req-7");
                    assertThat(broken.reply().retryAfter()).hasSeconds(3);
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "{'error':{'message':'m'}}",
                "{'error':'m'}",
                "{'detail':'m','title':'t'}",
                "{'message':'m'}",
                "{'title':'m'}",
            })
    void wordsAreFoundWhereMostApisSayThem(String body) {
        Translating plain =
                new Translating(described("chat: {path: /c, request: {p: \"{{prompt}}\"}, response: {text: /t}}"), "m");
        assertThat(plain.outcome(Operation.CHAT, 500, body(body)))
                .isInstanceOfSatisfying(
                        Broken.class, broken -> assertThat(broken.message()).isEqualTo("The provider answered 500: m"));
    }

    @Test
    void aDeepPointerIntoADeepAnswerFindsItsPlace() {
        int depth = 400;
        Translating deep = new Translating(
                described(
                        "chat: {path: /c, request: {p: \"{{prompt}}\"}, response: {text: " + "/a".repeat(depth) + "}}"),
                "m");
        String body = "{'a':".repeat(depth) + "'hi'" + "}".repeat(depth);
        assertThat(read(deep.answer(Operation.CHAT, body))
                        .at("/choices/0/message/content")
                        .textValue())
                .isEqualTo("hi");
        assertThat(told(deep.outcome(Operation.CHAT, 200, "{\"a\":".repeat(5_000) + "1" + "}".repeat(5_000))))
                .isEqualTo("broken MALFORMED_RESPONSE");
    }

    @Test
    void aHugeAnswerIsTakenWhole() {
        String huge = "x".repeat(20_000_000);
        assertThat(read(own.answer(Operation.CHAT, "{'out':{'text':'" + huge + "'},'used':{'in':1,'out':1}}"))
                        .at("/choices/0/message/content")
                        .textValue())
                .hasSize(huge.length());
    }

    private static String body(String singleQuoted) {
        return singleQuoted.replace('\'', '"');
    }

    private static JsonNode read(Answer answer) {
        try {
            return Translating.JSON.readTree(answer.result());
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
