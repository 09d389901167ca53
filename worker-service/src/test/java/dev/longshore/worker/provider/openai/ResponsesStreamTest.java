package dev.longshore.worker.provider.openai;

import static dev.longshore.worker.provider.Translating.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.tokens.TokenCounter;
import dev.longshore.worker.provider.Ask.Operation;
import dev.longshore.worker.provider.Inexpressible;
import dev.longshore.worker.provider.Translating;
import dev.longshore.worker.provider.Translating.Heard;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Events as the reference of the Responses API records them.
class ResponsesStreamTest {
    private static final String RESPONSE = """
            {'id':'resp_1','object':'response','created_at':1795176000,'status':'completed','error':null,'incomplete_details':null,\
            'model':'gpt-test-1','output':[{'id':'msg_1','type':'message','status':'completed','role':'assistant',\
            'content':[{'type':'output_text','text':'Hi there!','annotations':[]}]}],\
            'usage':{'input_tokens':37,'input_tokens_details':{'cached_tokens':2},'output_tokens':11,'output_tokens_details':{'reasoning_tokens':0},'total_tokens':48}}""";

    private final Translating responses =
            new Translating(new ResponsesTranslation(Translating.JSON, new TokenCounter()), "gpt-test");

    @Test
    void aStreamIsAskedForByAField() throws Inexpressible {
        assertThat(responses.body(
                        Operation.CHAT, "{'messages':[],'stream':true,'stream_options':{'include_usage':true}}"))
                .isEqualTo(json("{'model':'gpt-test','store':false,'input':[],'stream':true}"));
    }

    @Test
    void theLastEventIsTheWholeAnswer() {
        Heard heard = responses.hear("""
                event: response.created
                data: {'type':'response.created','sequence_number':0,'response':{'id':'resp_1','status':'in_progress','output':[]}}

                event: response.output_item.added
                data: {'type':'response.output_item.added','output_index':0,'item':{'id':'msg_1','type':'message','status':'in_progress','content':[]}}

                event: response.output_text.delta
                data: {'type':'response.output_text.delta','item_id':'msg_1','output_index':0,'content_index':0,'delta':'Hi'}

                event: response.output_text.delta
                data: {'type':'response.output_text.delta','item_id':'msg_1','output_index':0,'content_index':0,'delta':' there!'}

                event: response.output_text.done
                data: {'type':'response.output_text.done','item_id':'msg_1','output_index':0,'content_index':0,'text':'Hi there!'}

                event: response.completed
                data: {'type':'response.completed','sequence_number':6,'response':%s}

                """.formatted(RESPONSE));
        assertThat(heard.said()).containsExactly("Hi", " there!");
        assertThat(heard.over()).isTrue();
        assertThat(heard.answer().result())
                .isEqualTo(responses.answer(Operation.CHAT, RESPONSE).result());
        assertThat(heard.result().at("/choices/0/message/content").textValue()).isEqualTo("Hi there!");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {'type':'response.output_text.delta','delta':'x'}                      | not whole
                    {'type':'response.failed','response':{'status':'failed','error':{'code':'server_error','message':'m'},'output':[]}} | broken PROVIDER_UNAVAILABLE
                    {'type':'response.incomplete','response':{'status':'incomplete','incomplete_details':{'reason':'content_filter'},'output':[]}} | refused CONTENT_FILTER_TRIGGERED
                    {'type':'error','code':'rate_limit_exceeded','message':'m','param':null} | throttled PROVIDER_RATE_LIMITED
                    {'type':'error','code':'ERR_SOMETHING','message':'m','param':null}     | broken MALFORMED_RESPONSE
                    {'type':'error','error':{'type':'server_error','code':null,'message':'m'}} | broken PROVIDER_UNAVAILABLE
                    {'type':'response.completed'}                                          | not whole
                    """)
    void otherEndsHaveTheirMeaning(String events, String expected) {
        assertThat(responses.hearData(events).told()).isEqualTo(expected);
    }

    @Test
    void anAnswerThatRanOutOfTokensIsAnAnswer() {
        Heard heard = responses.hearData("""
                {'type':'response.incomplete','response':{'status':'incomplete','incomplete_details':{'reason':'max_output_tokens'},\
                'output':[{'type':'message','content':[{'type':'output_text','text':'Half'}]}],'usage':{'input_tokens':1,'output_tokens':1}}}""");
        assertThat(heard.result().at("/choices/0/finish_reason").textValue()).isEqualTo("length");
    }
}
