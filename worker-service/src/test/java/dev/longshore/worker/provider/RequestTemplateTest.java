package dev.longshore.worker.provider;

import static dev.longshore.worker.provider.Translating.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.settings.Template;
import dev.longshore.worker.provider.Ask.Operation;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a template makes of a job's input, and what it refuses to leave out.
class RequestTemplateTest {
    private static final String HELLO = "'messages':[{'role':'user','content':'hello'}]";

    private static JsonNode fill(String template, String leftOut, String input) throws Inexpressible {
        Set<String> names = Arrays.stream(leftOut.split(" "))
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toSet());
        ObjectNode read = (ObjectNode) json(input);
        Ask ask = new Ask(Operation.CHAT, "theirs/m", read.toString(), 900, "job_1", 2);
        return new RequestTemplate(Template.of(template.replace('\'', '"')), names).fill(ask, read);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "{'p':'{{prompt}}'} | {'p':'hello'}",
                "{'p':'say: {{prompt}}!','m':'{{model}}','j':'{{job-id}}'} | {'p':'say: hello!','m':'theirs/m','j':'job_1'}",
                "{'p':'{{prompt}}','s':'{{system}}','o':{'max':'{{max-output-tokens}}'}} | {'p':'hello','o':{'max':900}}",
                "{'a':[1,0.5,true,null,'x','{{optional:/no}}','{{input:/messages/0}}']}"
                        + " | {'a':[1,0.5,true,null,'x',{'role':'user','content':'hello'}]}",
                "{'in':'{{input}}'} | {'in':{'messages':[{'role':'user','content':'hello'}]}}",
                "{{input}} | {'messages':[{'role':'user','content':'hello'}]}",
                "{'t':'a {{input:/messages/0}} b {{optional:/no}}.'}"
                        + " | {'t':'a {\\'role\\':\\'user\\',\\'content\\':\\'hello\\'} b .'}",
            })
    void gapsAreFilled(String template, String expected) throws Exception {
        // Compared as text: the same number may be of several kinds.
        assertThat(fill(template, "", "{" + HELLO + "}"))
                .hasToString(json(expected).toString());
    }

    @Test
    void aNumberStaysAsItWasWritten() throws Exception {
        assertThat(fill(
                        "{'p':'{{prompt}}','a':1,'b':1.0,'c':-0.25,'d':123456789012345678901234}",
                        "",
                        "{" + HELLO + "}"))
                .hasToString("{\"p\":\"hello\",\"a\":1,\"b\":1.0,\"c\":-0.25,\"d\":123456789012345678901234}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "'max_tokens':7 | 7",
                "'max_completion_tokens':8,'max_tokens':7 | 8",
                "'max_tokens':null | 900",
                "'x':null | 900",
            })
    void theMostTokensAreThoseOfTheJobElseTheModels(String asked, int expected) throws Exception {
        assertThat(fill("{'p':'{{prompt}}','n':'{{max-output-tokens}}'}", "", "{" + HELLO + "," + asked + "}")
                        .path("n")
                        .intValue())
                .isEqualTo(expected);
    }

    @Test
    void theTwoNamesOfTheMostTokensAreOne() throws Exception {
        String template = "{'p':'{{prompt}}','n':'{{optional:/max_tokens}}'}";
        assertThat(fill(template, "", "{" + HELLO + ",'max_completion_tokens':8}"))
                .hasToString("{\"p\":\"hello\",\"n\":8}");
        assertThat(fill(template, "", "{" + HELLO + ",'max_tokens':7}")).hasToString("{\"p\":\"hello\",\"n\":7}");
        assertThat(fill(template, "", "{" + HELLO + "}")).hasToString("{\"p\":\"hello\"}");
    }

    @Test
    void aConversationIsSaidInTheWordsOfItsParts() throws Exception {
        assertThat(fill("{'p':'{{prompt}}','s':'{{system}}'}", "", """
                        {'messages':[{'role':'system','content':'Be brief.'},
                                     {'role':'developer','content':[{'type':'text','text':'Be '},{'type':'text','text':'kind.'}]},
                                     {'role':'user','content':[{'type':'text','text':'a'},{'type':'text','text':'b'}]}]}
                        """))
                .isEqualTo(json("{'p':'ab','s':'Be brief.\\n\\nBe kind.'}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "{'p':'{{prompt}}'} | {'tools':[1],HELLO} | '/tools'",
                "{'p':'{{prompt}}'} | {'a~/b':1,HELLO} | '/a~0~1b'",
                "{'p':'{{prompt}}'} | {'n':2,HELLO} | '/n'",
                "{'p':'{{prompt}}'} | {'max_tokens':2,HELLO} | '/max_tokens'",
                "{'p':'{{prompt}}'} | {'messages':[{'role':'system','content':'s'},{'role':'user','content':'u'}]} | '/messages/0'",
                "{'p':'{{prompt}}'} | {'messages':[{'role':'user','content':'u'},{'role':'user','content':'v'}]} | '/messages/0'",
                "{'p':'{{prompt}}'} | {'messages':[{'role':'user','content':'u'},{'role':'assistant','content':'v'}]}"
                        + " | '/messages/1'",
                "{'p':'{{prompt}}','s':'{{system}}'} | {'messages':[{'role':'system','content':'s'}]} | '/messages'",
                "{'s':'{{system}}'} | {HELLO} | '/messages/0'",
                "{'m':'{{model}}'} | {HELLO} | '/messages'",
                "{'p':'{{prompt}}'} | {'messages':[{'role':'user','content':[{'type':'image_url'}]}]} | '/messages/0/content/0'",
                "{'p':'{{prompt}}'} | {'messages':[{'role':'user','content':7}]} | '/messages/0/content'",
                "{'p':'{{input:/messages/1/content}}'} | {HELLO} | '/messages/1/content'",
                "{'p':'{{prompt}}','t':'{{input:/t}}'} | {'t':null,HELLO} | '/t'",
                "{'p':'{{prompt}}','t':'{{input:/a/b/c/d}}'} | {'a':{'b':'text'},HELLO} | '/a/b/c/d'",
                "{'p':'{{prompt}}','t':'{{input:/messages/-}}'} | {HELLO} | '/messages/-'",
                "{'p':'{{prompt}}','t':'{{input:/messages/99999999999999999999}}'} | {HELLO} | '/messages/99999999999999999999'",
            })
    void whatHasNoPlaceOrIsNotThereIsRefusedByName(String template, String input, String where) {
        assertThatThrownBy(() -> fill(template, "", input.replace("HELLO", HELLO)))
                .isInstanceOfSatisfying(
                        Inexpressible.class, e -> assertThat(e.what()).startsWith(where + ": "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "{'model':'ours','stream':true,'stream_options':{'include_usage':true},'n':1,'encoding_format':'float','tools':null,HELLO}",
                "{'temperature':0.5,'a b':[],HELLO}",
            })
    void whatSaysNothingOrMayBeLeftOutIsDropped(String input) throws Exception {
        assertThat(fill(
                        "{'p':'{{prompt}}'}",
                        "temperature a_b",
                        input.replace("a b", "a_b").replace("HELLO", HELLO)))
                .isEqualTo(json("{'p':'hello'}"));
    }

    @Test
    void messagesMayBeLeftOutToo() throws Exception {
        assertThat(fill("{'p':'{{prompt}}'}", "messages", """
                        {'messages':[{'role':'user','content':'u'},{'role':'assistant','content':'v'},{'role':'user','content':'w'}]}
                        """)).isEqualTo(json("{'p':'w'}"));
    }

    @Test
    void aDeepPointerIntoADeepInputFindsItsPlace() throws Exception {
        int depth = 400;
        String input = "{'a':".repeat(depth) + "7" + "}".repeat(depth);
        String pointer = "/a".repeat(depth);
        assertThat(fill("{'x':'{{input:" + pointer + "}}'}", "", input)).isEqualTo(json("{'x':7}"));
        assertThatThrownBy(() -> fill("{'x':'{{input:" + pointer + "/a}}'}", "", input))
                .isInstanceOf(Inexpressible.class);
    }

    @Test
    void aHugeInputIsPutInOnce() throws Exception {
        String huge = "x".repeat(8_000_000);
        assertThat(fill("{'p':'{{prompt}}'}", "", "{'messages':[{'role':'user','content':'" + huge + "'}]}")
                        .path("p")
                        .textValue())
                .hasSize(huge.length());
    }
}
