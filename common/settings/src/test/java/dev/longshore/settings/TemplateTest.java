package dev.longshore.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.longshore.settings.Template.Node;
import dev.longshore.settings.Template.Piece;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests of APIs that only their operator knows: how they are written in the file, and how they are refused.
class TemplateTest {

    /// A provider of dialect http up to its request. It takes the first nine lines.
    private static final String OWN = """
            longshore:
              providers:
                own:
                  dialect: http
                  base-url: http://127.0.0.1/v1
                  http:
                    chat:
                      path: /complete
                      response: {text: /text}
            """;

    private static final String MODEL = "  models:\n    small: {provider: own}\n";

    @TempDir
    Path folder;

    private Template request(String lines, Map<String, String> env) {
        var file = FileUnderTest.in(folder, OWN + lines + MODEL);
        var own = SettingsCheck.load(env, file.path()).providers().get("own");
        return own.http().chat().request().orElseThrow();
    }

    private String told(String lines) {
        return told(request(lines, Map.of()).root());
    }

    /// The template in few letters: gaps in angle brackets.
    private static String told(Node node) {
        return switch (node) {
            case Node.Keys(var values) ->
                values.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + told(entry.getValue()))
                        .collect(Collectors.joining(" ", "{", "}"));
            case Node.Items(var values) ->
                values.stream().map(TemplateTest::told).collect(Collectors.joining(" ", "[", "]"));
            case Node.Fixed(var json) -> json;
            case Node.Text(var pieces) ->
                pieces.stream().map(TemplateTest::told).collect(Collectors.joining("", "'", "'"));
        };
    }

    private static String told(Piece piece) {
        return switch (piece) {
            case Piece.Words(var text) -> text;
            case Piece.Input(var pointer, var required) -> "<" + (required ? "" : "optional ") + pointer + ">";
            case Piece.Prompt() -> "<prompt>";
            case Piece.System() -> "<system>";
            case Piece.Model() -> "<model>";
            case Piece.MaxOutputTokens() -> "<max>";
            case Piece.JobId() -> "<job>";
        };
    }

    @Test
    void aRequestIsWrittenAsKeys() {
        assertThat(told("""
                          request:
                            prompt: "{{prompt}}"
                            what: "as {{ model }} for {{job-id}}, please"
                            options: {max: "{{max-output-tokens}}", n: 1, t: 0.5, quoted: "1", on: true, off: null, word: yes}
                            all: ["{{input}}", "{{input:/messages/0/content}}", "{{optional:/a~1b}}", "{{system}}"]
                """))
                .isEqualTo("{prompt='<prompt>' what='as <model> for <job>, please'"
                        + " options={max='<max>' n=1 t=0.5 quoted='1' on=true off=null word='yes'}"
                        + " all=['<#>' '</messages/0/content>' '<optional /a~1b>' '<system>']}");
    }

    @Test
    void aRequestMayBeJsonInOneText() {
        var json = "{\"prompt\":\"{{prompt}}\",\"n\":1,\"text\":\"a \\\"b\\\" \\u00e9 \\\\\"}";
        assertThat(told("          request: |\n            " + json + "\n"))
                .isEqualTo("{prompt='<prompt>' n=1 text='a \"b\" é \\'}");
    }

    @Test
    void aRequestMayBeTheWholeInput() {
        assertThat(told("          request: \"{{input}}\"\n")).isEqualTo("'<#>'");
    }

    @Test
    void textsSurviveTheWayThroughTheConfiguration() {
        assertThat(told("          request: {\"a.b[0]\": \"q\\\" b\\\\ n\\n, {x} é\", c: 'it''s'}\n"))
                .isEqualTo("{a.b[0]='q\" b\\ n\n, {x} é' c='it's'}");
    }

    @Test
    void variablesArePutInBefore() {
        var env = Map.of("PERSONA", "a pilot");
        assertThat(told(request("          request: {who: \"${PERSONA} {{prompt}}\"}\n", env)
                        .root()))
                .isEqualTo("{who='a pilot <prompt>'}");
    }

    @Test
    void aVariableOverrulesTheWholeRequest() {
        var env = Map.of("LONGSHORE_PROVIDERS_OWN_HTTP_CHAT_REQUEST", "{\"p\":\"{{prompt}}\"}");
        assertThat(told(request("          request: {who: \"{{prompt}}\"}\n", env)
                        .root()))
                .isEqualTo("{p='<prompt>'}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{prompt: '{{promt}}'} | .prompt | one of {{prompt}}, {{system}}, {{input}}, {{input:/pointer}},"
                        + " {{optional:/pointer}}, {{model}}, {{max-output-tokens}}, {{job-id}}"
                        + " | {{promt}}; did you mean prompt?",
                "{a: [1, {b: 'x {{prompt'}]} | .a[1].b | }} behind each {{ | {{prompt",
                "{a: '{{input:messages}}'} | .a"
                        + " | a JSON pointer such as /output/text, or # for the whole, in {{input:...}} | {{input:messages}}",
                "{a: '{{optional:/x~2}}'} | .a"
                        + " | a JSON pointer such as /output/text, or # for the whole, in {{optional:...}} | {{optional:/x~2}}",
                "hello | '' | the request as keys, a list or JSON, with placeholders such as {{prompt}} | a single value",
                "\"{{prompt}} and more\" | ''"
                        + " | the request as keys, a list or JSON, with placeholders such as {{prompt}} | a text",
                "'' | '' | the request as keys, a list or JSON, with placeholders such as {{prompt}} | nothing",
            })
    void aWrongRequestIsRefusedAtItsLine(String request, String below, String expected, String found) {
        var file = FileUnderTest.in(folder, OWN + "          request: " + request + "\n" + MODEL);
        assertThat(file.complaints())
                .containsExactly("longshore.yaml:10: longshore.providers.own.http.chat.request" + below + ": expected "
                        + expected + ", found " + found);
    }

    @Test
    void eachFaultIsSaidAtTheLineWhereItStands() {
        var file = FileUnderTest.in(folder, OWN + """
                          request:
                            prompt: "{{promt}}"
                            options:
                              "max.tokens": "{{max}}"
                """ + MODEL);
        assertThat(file.complaints())
                .satisfiesExactly(
                        first -> assertThat(first)
                                .startsWith("longshore.yaml:11: longshore.providers.own.http.chat.request.prompt: ")
                                .endsWith("found {{promt}}; did you mean prompt?"),
                        second -> assertThat(second)
                                .startsWith("longshore.yaml:13: longshore.providers.own.http.chat.request.options"
                                        + ".\"max.tokens\": ")
                                .endsWith("found {{max}}"));
    }

    @Test
    void aWrongVariableIsRefusedByItsName() {
        var file = FileUnderTest.in(folder, OWN + "          request: {a: 1}\n" + MODEL);
        assertThat(file.complaints(Map.of("LONGSHORE_PROVIDERS_OWN_HTTP_CHAT_REQUEST", "{\"p\":\"{{x}}\"}")))
                .singleElement()
                .asString()
                .startsWith("environment variable LONGSHORE_PROVIDERS_OWN_HTTP_CHAT_REQUEST:"
                        + " longshore.providers.own.http.chat.request.p: expected one of {{prompt}}");
        assertThat(file.complaints(Map.of("LONGSHORE_PROVIDERS_OWN_HTTP_CHAT_REQUEST", "{\"p\":")))
                .singleElement()
                .asString()
                .contains("longshore.providers.own.http.chat.request: expected the request as keys");
    }

    @Test
    void aRequestThatIsNestedTooDeepIsRefused() {
        var deep = "[".repeat(40) + "1" + "]".repeat(40);
        assertThatThrownBy(() -> Template.of(deep)).isInstanceOf(WrongWithin.class);
        var file = FileUnderTest.in(folder, OWN + "          request: " + deep + "\n" + MODEL);
        assertThat(file.complaints()).singleElement().asString().contains("expected valid YAML");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/a", "/a/0/b", "/a~0b~1c", "/ä ö", "/a/-"})
    void aPointerIsTakenByTheLetterOfTheRfc(String text) {
        assertThat(Pointer.of(text).text()).isEqualTo(text);
    }

    @Test
    void theWholeIsAPointerToo() {
        assertThat(Pointer.of("#").text()).isEmpty();
        assertThat(Pointer.of("#")).hasToString("#");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "a/b", "/a~", "/a~2", "#/a", "$.a"})
    void whatIsNoPointerIsRefused(String text) {
        assertThatThrownBy(() -> Pointer.of(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aPointerHasABound() {
        assertThat(Pointer.of("/a".repeat(500)).text()).hasSize(1_000);
        assertThatThrownBy(() -> Pointer.of("/a".repeat(501))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Pointer.of("/" + "a".repeat(1_000_000))).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a", "/a/b:run", "/models/{{model}}/x", "/p/{{id}}", "/a%20b", "/"})
    void aPathIsWhatMayStandInAnAddress(String text) {
        assertThat(UrlPath.of(text).text()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "/a?b=c", "/a#b", "/a b", "/{{modl}}", "http://host/a", "/%zz"})
    void whatIsNoPathIsRefused(String text) {
        assertThatThrownBy(() -> UrlPath.of(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theRequestOfAPredictionIsReplicates() {
        var file = FileUnderTest.in(folder, """
                longshore:
                  providers:
                    own: {dialect: prediction, base-url: "http://127.0.0.1/v1"}
                  models:
                    small: {provider: own}
                """);
        var prediction = file.load().providers().get("own").prediction();
        assertThat(told(prediction.request().root()))
                .isEqualTo("{version='<model>' input={prompt='<prompt>' system_prompt='<system>'"
                        + " max_tokens='<optional /max_tokens>' temperature='<optional /temperature>'"
                        + " top_p='<optional /top_p>'}}");
        assertThat(List.of(prediction.path(), prediction.pollPath(), prediction.cancelPath()))
                .extracting(UrlPath::text)
                .containsExactly("/predictions", "/predictions/{{id}}", "/predictions/{{id}}/cancel");
        assertThat(List.of(prediction.id(), prediction.status(), prediction.output(), prediction.model()))
                .extracting(Pointer::text)
                .containsExactly("/id", "/status", "/output", "/model");
        assertThat(prediction.inputTokens().text()).isEqualTo("/metrics/input_token_count");
        assertThat(prediction.outputTokens().text()).isEqualTo("/metrics/output_token_count");
        assertThat(prediction.progress()).isEmpty();
        assertThat(prediction.progressScale()).isEqualTo(1);
        assertThat(prediction.progressMessage()).isEmpty();
        assertThat(prediction.succeeded()).containsExactly("succeeded");
        assertThat(prediction.failed()).containsExactly("failed");
        assertThat(prediction.cancelled()).containsExactly("canceled", "aborted");
        assertThat(prediction.leaveOut()).isEmpty();
        assertThat(prediction.keyHeader()).isEmpty();
        assertThat(prediction.callbackUrl()).isEmpty();
        assertThat(prediction.error().when()).isEmpty();
        assertThat(prediction.error().meanings()).isEmpty();
        assertThat(Template.of("{\"a\":1}").root())
                .asInstanceOf(type(Node.Keys.class))
                .returns(Map.of("a", new Node.Fixed("1")), Node.Keys::values);
    }
}
