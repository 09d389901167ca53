package dev.longshore.worker.provider.openai;

import static dev.longshore.worker.provider.Translating.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.longshore.attempt.Usage;
import dev.longshore.tokens.TokenCounter;
import dev.longshore.worker.provider.Ask.Operation;
import dev.longshore.worker.provider.Inexpressible;
import dev.longshore.worker.provider.SseEvent;
import dev.longshore.worker.provider.StreamReader;
import dev.longshore.worker.provider.Translating;
import dev.longshore.worker.provider.Translating.Heard;
import dev.longshore.worker.provider.Translation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Chunks as the reference of Chat Completions records them, and as some compatible servers send them.
class OpenAiStreamTest {
    private final Translation translation = new OpenAiTranslation(Translating.JSON, new TokenCounter());
    private final Translating openAi = new Translating(translation, "gpt-test");

    @Test
    void aStreamIsAskedForWithItsUsage() throws Inexpressible {
        Translation.Request request = openAi.request(
                Operation.CHAT, "{'model':'gpt-test','stream':true,'stream_options':{'include_usage':false},'a':1}");
        assertThat(request.path()).isEqualTo("/chat/completions");
        assertThat(request.stream()).isNotNull();
        assertThat(openAi.body(Operation.CHAT, "{'model':'ours','stream':true,'stream_options':{'x':1},'a':1}"))
                .isEqualTo(
                        json("{'model':'gpt-test','stream':true,'stream_options':{'x':1,'include_usage':true},'a':1}"));
        assertThat(openAi.request(Operation.CHAT, "{'model':'gpt-test','stream':false}").stream())
                .isNull();
        assertThat(openAi.request(Operation.EMBED, "{'model':'gpt-test','stream':true}").stream())
                .isNull();
    }

    @Test
    void chunksBecomeTheCompletionThatCallersWithoutAStreamGet() {
        Heard heard = openAi.hearData("""
                {'id':'chatcmpl-1','object':'chat.completion.chunk','created':1795176000,'model':'gpt-test-1','service_tier':'default','system_fingerprint':'fp_1','choices':[{'index':0,'delta':{'role':'assistant','content':'','refusal':null},'logprobs':null,'finish_reason':null}],'usage':null}
                {'id':'chatcmpl-1','object':'chat.completion.chunk','created':1795176000,'model':'gpt-test-1','service_tier':'default','system_fingerprint':'fp_1','choices':[{'index':0,'delta':{'content':'Hel'},'logprobs':null,'finish_reason':null}],'usage':null}
                {'id':'chatcmpl-1','object':'chat.completion.chunk','created':1795176000,'model':'gpt-test-1','service_tier':'default','system_fingerprint':'fp_1','choices':[{'index':0,'delta':{'content':'lo.'},'logprobs':null,'finish_reason':null}],'usage':null}
                {'id':'chatcmpl-1','object':'chat.completion.chunk','created':1795176000,'model':'gpt-test-1','service_tier':'default','system_fingerprint':'fp_1','choices':[{'index':0,'delta':{},'logprobs':null,'finish_reason':'stop'}],'usage':null}
                {'id':'chatcmpl-1','object':'chat.completion.chunk','created':1795176000,'model':'gpt-test-1','service_tier':'default','system_fingerprint':'fp_1','choices':[],'usage':{'prompt_tokens':19,'completion_tokens':10,'total_tokens':29,'prompt_tokens_details':{'cached_tokens':4}}}
                [DONE]""");
        assertThat(heard.said()).containsExactly("Hel", "lo.");
        assertThat(heard.over()).isTrue();
        assertThat(heard.result()).isEqualTo(json("""
                {'id':'chatcmpl-1','object':'chat.completion','created':1795176000,'model':'gpt-test-1','service_tier':'default',
                 'system_fingerprint':'fp_1',
                 'choices':[{'index':0,'message':{'role':'assistant','content':'Hello.','refusal':null},'logprobs':null,'finish_reason':'stop'}],
                 'usage':{'prompt_tokens':19,'completion_tokens':10,'total_tokens':29,'prompt_tokens_details':{'cached_tokens':4}}}
                """));
        assertThat(heard.answer().usage()).isEqualTo(new Usage(19, 4, 10));
        assertThat(heard.answer().modelVersion()).isEqualTo("gpt-test-1");
        assertThat(heard.answer().reply().requestId()).isEqualTo("req-7");
    }

    @Test
    void callsToToolsArePutTogetherByTheirNumbers() {
        Heard heard = openAi.hearData("""
                {'choices':[{'index':0,'delta':{'role':'assistant','content':null,'tool_calls':[{'index':0,'id':'call_1','type':'function','function':{'name':'look','arguments':''}}]}}]}
                {'choices':[{'index':0,'delta':{'tool_calls':[{'index':0,'function':{'arguments':'[1'}}]}}]}
                {'choices':[{'index':0,'delta':{'tool_calls':[{'index':1,'id':'call_2','function':{'name':'wait','arguments':'[]'}},{'index':0,'id':'','function':{'name':'','arguments':',2]'}}]}}]}
                {'choices':[{'index':0,'delta':{},'finish_reason':'tool_calls'}]}
                [DONE]""");
        assertThat(heard.said()).isEmpty();
        assertThat(heard.result().path("choices")).isEqualTo(json("""
                [{'index':0,'logprobs':null,'finish_reason':'tool_calls','message':{'role':'assistant','content':null,'refusal':null,
                  'tool_calls':[{'id':'call_1','type':'function','function':{'name':'look','arguments':'[1,2]'}},
                                {'id':'call_2','type':'function','function':{'name':'wait','arguments':'[]'}}]}}]
                """));
    }

    /// As Google's layer for OpenAI's clients sends them, for example.
    @Test
    void callsThatComeWholeNeedNoNumbers() {
        Heard heard = openAi.hearData("""
                {'choices':[{'index':0,'delta':{'role':'assistant','tool_calls':[{'id':'a','type':'function','function':{'name':'f','arguments':'[]'}},{'id':'b','type':'function','function':{'name':'g','arguments':'['}}]}}]}
                {'choices':[{'index':0,'delta':{'role':'assistant','tool_calls':[{'function':{'arguments':']'}}]},'finish_reason':'stop'}]}
                [DONE]""");
        assertThat(heard.result().at("/choices/0/message/tool_calls")).isEqualTo(json("""
                [{'id':'a','type':'function','function':{'name':'f','arguments':'[]'}},
                 {'id':'b','type':'function','function':{'name':'g','arguments':'[]'}}]
                """));
    }

    @Test
    void severalChoicesArePutTogetherByTheirNumbersAndTheFirstIsHeard() {
        Heard heard = openAi.hearData("""
                {'choices':[{'index':1,'delta':{'role':'assistant','content':'b1'}}]}
                {'choices':[{'index':0,'delta':{'role':'assistant','content':'a1'}},{'index':1,'delta':{'content':'b2'},'finish_reason':'length'}]}
                {'choices':[{'index':0,'delta':{'content':'a2'},'finish_reason':'stop'}]}
                [DONE]""");
        assertThat(heard.said()).containsExactly("a1", "a2");
        assertThat(heard.result().path("choices")).isEqualTo(json("""
                [{'index':0,'logprobs':null,'finish_reason':'stop','message':{'role':'assistant','content':'a1a2','refusal':null}},
                 {'index':1,'logprobs':null,'finish_reason':'length','message':{'role':'assistant','content':'b1b2','refusal':null}}]
                """));
    }

    @Test
    void whatOnlySomeServersSendComesAlong() {
        Heard heard = openAi.hearData("""
                {'id':'','model':'m','provider':'theirs','choices':[{'index':0,'delta':{'role':'assistant','reasoning_content':'Let me '},'logprobs':{'content':[{'token':'a'}]}}]}
                {'id':'1','model':'m','choices':[{'index':0,'delta':{'role':'assistant','reasoning_content':'see.','content':'No','annotations':[{'a':1}]},'logprobs':{'content':[{'token':'b'}]}}]}
                {'id':'1','model':'m','choices':[{'index':0,'delta':{'refusal':'Sor'}}]}
                {'id':'1','model':'m','choices':[{'index':0,'delta':{'refusal':'ry','annotations':[{'b':2}]},'finish_reason':'stop','matched_stop':7}]}
                [DONE]""");
        assertThat(heard.said()).containsExactly("No");
        assertThat(heard.result()).isEqualTo(json("""
                {'id':'1','model':'m','provider':'theirs','object':'chat.completion','choices':[{'index':0,'finish_reason':'stop','matched_stop':7,
                 'logprobs':{'content':[{'token':'a'},{'token':'b'}]},
                 'message':{'role':'assistant','content':'No','refusal':'Sorry','reasoning_content':'Let me see.','annotations':[{'a':1},{'b':2}]}}]}
                """));
    }

    @Test
    void whereTheServerTellsNoUsageWeCountOurselves() {
        Heard heard = openAi.hearData("""
                {'choices':[{'index':0,'delta':{'content':'two words'},'finish_reason':'stop'}]}
                [DONE]""");
        assertThat(heard.answer().usage().outputTokens()).isEqualTo(2);
        assertThat(heard.answer().usage().inputTokens()).isPositive();
    }

    /// `;` stands between events.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {'choices':[{'index':0,'delta':{'content':'x'}}]}                                     | not whole
                    {'choices':[{'index':0,'delta':{'content':'x'},'finish_reason':'stop'}]}              | not whole
                    {'choices':[{'index':0,'delta':{'content':'x'}}]};[DONE]                              | not whole
                    {'choices':[{'index':0,'finish_reason':'stop'},{'index':1,'delta':{}}]};[DONE]        | not whole
                    {'choices':[]};[DONE]                                                                 | broken MALFORMED_RESPONSE
                    [DONE]                                                                                | broken MALFORMED_RESPONSE
                    7;[DONE]                                                                              | broken MALFORMED_RESPONSE
                    {'choices':[{'index':0,'delta':{'content':'x'}}]};{'error':{'message':'m','type':'server_error'}} | broken PROVIDER_UNAVAILABLE
                    {'error':{'message':'m','code':'rate_limit_exceeded'}}                                | throttled PROVIDER_RATE_LIMITED
                    {'error':{'message':'m','code':429}}                                                  | throttled PROVIDER_RATE_LIMITED
                    {'error':{'message':'m','code':'context_length_exceeded'}}                            | refused CONTEXT_LENGTH_EXCEEDED
                    {'error':{'message':'m'}}                                                             | broken MALFORMED_RESPONSE
                    {'error':'m'}                                                                         | broken MALFORMED_RESPONSE
                    """)
    void whatIsNoWholeAnswerIsNone(String stream, String expected) {
        assertThat(openAi.hearData(stream).told()).isEqualTo(expected);
    }

    @Test
    void aWithheldAnswerIsRefused() {
        Heard heard = openAi.hearData("""
                {'choices':[{'index':0,'delta':{'role':'assistant'},'finish_reason':'content_filter'}]}
                [DONE]""");
        assertThat(heard.told()).isEqualTo("refused CONTENT_FILTER_TRIGGERED");
    }

    @Test
    void anEventThatIsNoJsonMakesNoSense() {
        StreamReader reader = new OpenAiStream(Translating.JSON);
        for (String data : new String[] {"{\"id\": oops", "{\"choices\":[", "<html>", "{} {}"}) {
            assertThatThrownBy(() -> reader.read(new SseEvent("", data)))
                    .as(data)
                    .isInstanceOf(JsonProcessingException.class);
        }
    }
}
