package dev.longshore.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The sections that describe an API: all that they may say, and each way in which they can be wrong.
class DialectRefusalTest {

    @TempDir
    Path folder;

    private FileUnderTest provider(String dialect, String lines) {
        return FileUnderTest.in(
                folder,
                "longshore:\n  providers:\n    own:\n      dialect: " + dialect
                        + "\n      base-url: http://127.0.0.1/v1\n" + lines
                        + "  models:\n    small: {provider: own}\n");
    }

    @Test
    void everythingThatCanBeSaidOfAnApiIsRead() {
        var file = FileUnderTest.in(folder, """
                longshore:
                  providers:
                    own:
                      dialect: http
                      base-url: http://127.0.0.1/v1
                      http:
                        chat:
                          path: /m/{{model}}
                          request: {p: "{{prompt}}"}
                          leave-out: [temperature, user]
                          response: {text: /t, finish-reason: /f, finish-reasons: {max_len: length, "a.b": content-filter}, model: /m,
                                     input-tokens: /i, cached-input-tokens: /c, output-tokens: /o}
                        embed:
                          path: /embed
                          request: {texts: "{{input:/input}}"}
                          leave-out: [dimensions]
                          response: {embeddings: "#", model: /m, input-tokens: /i}
                        error: {when: /e, code: /e/c, message: /e/m, meanings: {quota: rate_limited, "1.2": content-policy}}
                        request-id-header: x-id
                        key-header: x-api-key
                  models:
                    small: {provider: own, capabilities: [chat, embed]}
                """);
        var http = file.load().providers().get("own").http();
        assertThat(http.chat().path()).contains(new UrlPath("/m/{{model}}"));
        assertThat(http.chat().request()).isPresent();
        assertThat(http.chat().leaveOut().orElseThrow()).containsExactly("temperature", "user");
        var response = http.chat().response();
        assertThat(response.text()).contains(new Pointer("/t"));
        assertThat(response.finishReason()).contains(new Pointer("/f"));
        assertThat(response.finishReasons())
                .isEqualTo(Map.of("max_len", FinishReason.LENGTH, "a.b", FinishReason.CONTENT_FILTER));
        assertThat(response.model()).contains(new Pointer("/m"));
        assertThat(response.inputTokens()).contains(new Pointer("/i"));
        assertThat(response.cachedInputTokens()).contains(new Pointer("/c"));
        assertThat(response.outputTokens()).contains(new Pointer("/o"));
        assertThat(http.embed().response().embeddings()).contains(new Pointer(""));
        assertThat(http.embed().leaveOut().orElseThrow()).containsExactly("dimensions");
        assertThat(http.error().meanings())
                .isEqualTo(Map.of("quota", Failure.RATE_LIMITED, "1.2", Failure.CONTENT_POLICY));
        assertThat(http.requestIdHeader()).isEqualTo("x-id");
        assertThat(http.keyHeader()).contains("x-api-key");
    }

    @Test
    void everythingThatCanBeSaidOfPredictionsIsRead() {
        var prediction =
                provider("prediction", """
                      prediction:
                        path: /runs
                        poll-path: /runs/{{id}}/status
                        cancel-path: /runs/{{id}}
                        request: {model: "{{model}}"}
                        leave-out: [seed]
                        id: /run/id
                        status: /run/state
                        succeeded: [ok, fine]
                        failed: [bad]
                        cancelled: [gone]
                        output: /run/result
                        model: /run/model
                        input-tokens: /i
                        output-tokens: /o
                        progress: /run/percent
                        progress-scale: 100
                        progress-message: /run/step
                        error: {message: /run/why}
                        key-header: x-key
                        callback-url: https://jobs.example.com
                """).load().providers().get("own").prediction();
        assertThat(prediction.pollPath()).isEqualTo(new UrlPath("/runs/{{id}}/status"));
        assertThat(prediction.succeeded()).containsExactly("ok", "fine");
        assertThat(prediction.failed()).containsExactly("bad");
        assertThat(prediction.cancelled()).containsExactly("gone");
        assertThat(prediction.progress()).contains(new Pointer("/run/percent"));
        assertThat(prediction.progressScale()).isEqualTo(100);
        assertThat(prediction.progressMessage()).contains(new Pointer("/run/step"));
        assertThat(prediction.error().message()).contains(new Pointer("/run/why"));
        assertThat(prediction.callbackUrl()).contains(URI.create("https://jobs.example.com"));
        assertThat(prediction.keyHeader()).contains("x-key");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{text: t} | text | a JSON pointer such as /output/text, or # for the whole | t",
                "{text: /t, model: /a~} | model | a JSON pointer such as /output/text, or # for the whole | /a~",
                "{text: /t, finish-reasons: {x: ended}} | finish-reasons.x | one of stop, length, content-filter | ended",
                "{text: /t, tekst: /u} | tekst | a known key | an unknown key; did you mean text?",
                "{text: [/t]} | text | a JSON pointer such as /output/text, or # for the whole | a list",
                "{} | text | a JSON pointer such as /output/text, or # for the whole | nothing",
            })
    void aResponseThatCannotBeReadIsRefused(String response, String key, String expected, String found) {
        var file = provider("http", """
                      http:
                        chat:
                          path: /complete
                          request: {p: "{{prompt}}"}
                          response: %s
                """.formatted(response));
        assertThat(file.complaints())
                .containsExactly("longshore.yaml:10: longshore.providers.own.http.chat.response." + key + ": expected "
                        + expected + ", found " + found);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "path: complete | path | a path such as /complete or /models/{{model}}, without a query | complete",
                "path: '/a?b=c' | path | a path such as /complete or /models/{{model}}, without a query | /a?b=c",
                "path: /a/{{id}} | path | a path without {{id}} | /a/{{id}}",
                "leave-out: temperature | leave-out | a list: [...], each entry text | a single value",
            })
    void aChatThatCannotBeSentIsRefused(String line, String key, String expected, String found) {
        var path = line.startsWith("path") ? "" : "          path: /complete\n";
        var file = provider(
                "http",
                "      http:\n        chat:\n          " + line + "\n" + path
                        + "          request: {p: 1}\n          response: {text: /t}\n");
        assertThat(file.complaints())
                .containsExactly("longshore.yaml:8: longshore.providers.own.http.chat." + key + ": expected " + expected
                        + ", found " + found);
    }

    @Test
    void anErrorThatMeansNothingIsRefused() {
        var file = provider("http", """
                      http:
                        chat: {path: /c, request: {p: 1}, response: {text: /t}}
                        error:
                          when: fault
                          meanings: {quota: often}
                        key-header: "x key"
                """);
        assertThat(file.complaints())
                .containsExactly(
                        "longshore.yaml:9: longshore.providers.own.http.error.when:"
                                + " expected a JSON pointer such as /output/text, or # for the whole, found fault",
                        "longshore.yaml:10: longshore.providers.own.http.error.meanings.quota:"
                                + " expected one of invalid-request, context-length-exceeded, unsupported-input,"
                                + " unknown-model, authentication, content-policy, rate-limited, quota-exhausted,"
                                + " transient, timeout, malformed-response, found often");
        var header = provider("http", """
                      http:
                        chat: {path: /c, request: {p: 1}, response: {text: /t}}
                        key-header: "x key"
                """);
        assertThat(header.complaints())
                .containsExactly("longshore.yaml:8: longshore.providers.own.http.key-header:"
                        + " expected the name of an HTTP header, found x key");
    }

    @Test
    void anApiWithoutADescriptionIsRefused() {
        assertThat(provider("http", "").complaints())
                .containsExactly(
                        "longshore.yaml:3: longshore.providers.own.http:"
                                + " expected chat or embed, each with path, request and response, found neither",
                        "longshore.yaml:7: longshore.models.small.capabilities:"
                                + " expected what its provider has a section for: there is no http.chat, found chat");
        assertThat(provider("http", "      http:\n        chat: {path: /c}\n").complaints())
                .containsExactly(
                        "longshore.yaml:7: longshore.providers.own.http.chat.request: expected the request as keys,"
                                + " a list or JSON, with placeholders such as {{prompt}}, found nothing",
                        "longshore.yaml:7: longshore.providers.own.http.chat.response.text:"
                                + " expected a JSON pointer such as /output/text, or # for the whole, found nothing");
    }

    @Test
    void aModelThatItsProviderHasNoSectionForIsRefused() {
        var file = FileUnderTest.in(folder, """
                longshore:
                  providers:
                    own: {dialect: http, base-url: "http://127.0.0.1", http: {chat: {path: /c, request: {p: 1}, response: {text: /t}}}}
                    later: {dialect: prediction, base-url: "http://127.0.0.1"}
                  models:
                    small: {provider: own}
                    vectors: {provider: own, capabilities: [embed]}
                    slow: {provider: later, capabilities: [chat, embed]}
                """);
        assertThat(file.complaints())
                .containsExactly(
                        "longshore.yaml:7: longshore.models.vectors.capabilities:"
                                + " expected what its provider has a section for: there is no http.embed, found embed",
                        "longshore.yaml:8: longshore.models.slow.capabilities:"
                                + " expected what a provider of dialect prediction can do, found embed");
    }

    @Test
    void aSectionThatNobodyReadsIsRefused() {
        assertThat(provider("openai", "      prediction: {id: /x}\n").complaints())
                .containsExactly("longshore.yaml:6: longshore.providers.own.prediction:"
                        + " expected this section only beside dialect: prediction, found it beside dialect: openai");
        assertThat(provider("prediction", "      http: {key-header: x}\n").complaints())
                .containsExactly("longshore.yaml:6: longshore.providers.own.http:"
                        + " expected this section only beside dialect: http, found it beside dialect: prediction");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "path: '/p/{{id}}' | path | a path without {{id}} | /p/{{id}}",
                "poll-path: /p | poll-path | a path with {{id}} | /p",
                "cancel-path: /p | cancel-path | a path with {{id}} | /p",
                "id: id | id | a JSON pointer such as /output/text, or # for the whole | id",
                "progress: 7 | progress | a JSON pointer such as /output/text, or # for the whole | 7",
                "progress-scale: 0 | progress-scale | a whole number above 0 | 0",
                "succeeded: [] | succeeded | a list with at least one entry | an empty list",
                "callback-url: host | callback-url | an http or https address without a user name | host",
                "key-header: 'a b' | key-header | the name of an HTTP header | a b",
            })
    void aPredictionThatCannotBeFollowedIsRefused(String line, String key, String expected, String found) {
        assertThat(provider("prediction", "      prediction:\n        " + line + "\n")
                        .complaints())
                .containsExactly("longshore.yaml:7: longshore.providers.own.prediction." + key + ": expected "
                        + expected + ", found " + found);
    }
}
