package dev.longshore.worker.provider.anthropic;

import static dev.longshore.worker.provider.Translating.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.attempt.Usage;
import dev.longshore.worker.provider.Ask.Operation;
import dev.longshore.worker.provider.Inexpressible;
import dev.longshore.worker.provider.Translating;
import dev.longshore.worker.provider.Translating.Heard;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Events as the documentation of streaming Messages records them.
class AnthropicStreamTest {
    private final Translating anthropic =
            new Translating(new AnthropicTranslation(Translating.JSON, Translating.CLOCK), "claude-test");

    @Test
    void aStreamIsAskedForByAField() throws Inexpressible {
        assertThat(anthropic.body(
                        Operation.CHAT, "{'messages':[],'stream':true,'stream_options':{'include_usage':true}}"))
                .isEqualTo(json("{'model':'claude-test','max_tokens':4096,'messages':[],'stream':true}"));
        assertThat(anthropic.request(Operation.CHAT, "{'messages':[],'stream':false}").stream())
                .isNull();
    }

    @Test
    void eventsBecomeTheAnswerThatCallersWithoutAStreamGet() {
        Heard heard = anthropic.hearData("""
                {'type':'message_start','message':{'id':'msg_1','type':'message','role':'assistant','content':[],'model':'claude-test-1','stop_reason':null,'stop_sequence':null,'usage':{'input_tokens':25,'cache_read_input_tokens':7,'cache_creation_input_tokens':5,'output_tokens':1}}};
                {'type':'content_block_start','index':0,'content_block':{'type':'thinking','thinking':'','signature':''}};
                {'type':'ping'};
                {'type':'content_block_delta','index':0,'delta':{'type':'thinking_delta','thinking':'Let me '}};
                {'type':'content_block_delta','index':0,'delta':{'type':'thinking_delta','thinking':'see.'}};
                {'type':'content_block_delta','index':0,'delta':{'type':'signature_delta','signature':'EqQB'}};
                {'type':'content_block_stop','index':0};
                {'type':'content_block_start','index':1,'content_block':{'type':'redacted_thinking','data':'d'}};
                {'type':'content_block_stop','index':1};
                {'type':'content_block_start','index':2,'content_block':{'type':'text','text':''}};
                {'type':'content_block_delta','index':2,'delta':{'type':'text_delta','text':'One '}};
                {'type':'content_block_delta','index':2,'delta':{'type':'text_delta','text':'moment.'}};
                {'type':'content_block_delta','index':2,'delta':{'type':'citations_delta','citation':{'cited_text':'c'}}};
                {'type':'content_block_stop','index':2};
                {'type':'content_block_start','index':3,'content_block':{'type':'tool_use','id':'toolu_1','name':'look','input':{}}};
                {'type':'content_block_delta','index':3,'delta':{'type':'input_json_delta','partial_json':''}};
                {'type':'content_block_delta','index':3,'delta':{'type':'input_json_delta','partial_json':'{\\"at\\"'}};
                {'type':'content_block_delta','index':3,'delta':{'type':'input_json_delta','partial_json':':[1]}'}};
                {'type':'content_block_stop','index':3};
                {'type':'content_block_start','index':4,'content_block':{'type':'tool_use','id':'toolu_2','name':'wait','input':{}}};
                {'type':'content_block_stop','index':4};
                {'type':'message_delta','delta':{'stop_reason':'tool_use','stop_sequence':null},'usage':{'output_tokens':89,'cache_creation_input_tokens':null}};
                {'type':'newer_than_this','anything':1};
                {'type':'message_stop'}
                """);
        assertThat(heard.said()).containsExactly("One ", "moment.");
        assertThat(heard.over()).isTrue();
        assertThat(heard.answer().result())
                .isEqualTo(anthropic.answer(Operation.CHAT, """
                        {'id':'msg_1','type':'message','role':'assistant','model':'claude-test-1',
                         'content':[{'type':'thinking','thinking':'Let me see.','signature':'EqQB'},{'type':'redacted_thinking','data':'d'},
                                    {'type':'text','text':'One moment.','citations':[{'cited_text':'c'}]},
                                    {'type':'tool_use','id':'toolu_1','name':'look','input':{'at':[1]}},
                                    {'type':'tool_use','id':'toolu_2','name':'wait','input':{}}],
                         'stop_reason':'tool_use','stop_sequence':null,
                         'usage':{'input_tokens':25,'cache_read_input_tokens':7,'cache_creation_input_tokens':5,'output_tokens':89}}
                        """).result());
        assertThat(heard.answer().usage()).isEqualTo(new Usage(37, 7, 89));
        assertThat(heard.answer().modelVersion()).isEqualTo("claude-test-1");
    }

    @Test
    void anInputThatWasCutOffStaysAsItIs() {
        Heard heard = anthropic.hearData("""
                {'type':'content_block_start','index':0,'content_block':{'type':'tool_use','id':'toolu_1','name':'look','input':{}}};
                {'type':'content_block_delta','index':0,'delta':{'type':'input_json_delta','partial_json':'{\\"at\\":[1'}};
                {'type':'message_delta','delta':{'stop_reason':'max_tokens'},'usage':{'output_tokens':3}};
                {'type':'message_stop'}
                """);
        assertThat(heard.result()
                        .at("/choices/0/message/tool_calls/0/function/arguments")
                        .textValue())
                .isEqualTo("{\"at\":[1");
        assertThat(heard.result().at("/choices/0/finish_reason").textValue()).isEqualTo("length");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {'type':'content_block_delta','index':0,'delta':{'type':'text_delta','text':'x'}}         | not whole
                    {'type':'message_delta','delta':{'stop_reason':'end_turn'}}                               | not whole
                    {'type':'message_stop'}                                                                   | broken MALFORMED_RESPONSE
                    {'type':'message_delta','delta':{'stop_reason':'refusal'}};{'type':'message_stop'}        | refused CONTENT_FILTER_TRIGGERED
                    {'type':'ping'};{'type':'error','error':{'type':'overloaded_error','message':'m'}}        | broken PROVIDER_UNAVAILABLE
                    {'type':'error','error':{'type':'rate_limit_error','message':'m'}}                        | throttled PROVIDER_RATE_LIMITED
                    {'type':'error','error':{'type':'invalid_request_error','message':'prompt is too long'}}  | refused CONTEXT_LENGTH_EXCEEDED
                    {'type':'error','error':{}}                                                               | broken MALFORMED_RESPONSE
                    """)
    void otherEndsHaveTheirMeaning(String events, String expected) {
        assertThat(anthropic.hearData(events).told()).isEqualTo(expected);
    }
}
