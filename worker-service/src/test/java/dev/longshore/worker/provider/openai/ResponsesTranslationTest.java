package dev.longshore.worker.provider.openai;

import static dev.longshore.worker.provider.Translating.json;
import static dev.longshore.worker.provider.Translating.told;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.longshore.attempt.Answer;
import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.attempt.Usage;
import dev.longshore.tokens.TokenCounter;
import dev.longshore.worker.provider.Ask.Operation;
import dev.longshore.worker.provider.Inexpressible;
import dev.longshore.worker.provider.Translating;
import dev.longshore.worker.provider.Translation;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Shapes from the reference of the Responses API.
class ResponsesTranslationTest {
    private final Translation translation = new ResponsesTranslation(Translating.JSON, new TokenCounter());
    private final Translating responses = new Translating(translation, "gpt-test");

    @Test
    void aChatIsPostedToTheResponsesAndTextsToTheEmbeddings() throws Inexpressible {
        assertThat(responses
                        .request(Operation.CHAT, "{'model':'m','messages':[]}")
                        .path())
                .isEqualTo("/responses");
        assertThat(responses
                        .request(Operation.EMBED, "{'model':'m','input':'x'}")
                        .path())
                .isEqualTo("/embeddings");
        assertThat(responses.body(Operation.EMBED, "{'model':'m','input':'x'}"))
                .isEqualTo(json("{'model':'gpt-test','input':'x'}"));
        assertThat(translation.headers("k-1")).isEqualTo(Map.of("authorization", "Bearer k-1"));
        assertThat(translation.headers(null)).isEmpty();
    }

    @Test
    void aWholeConversationWithToolsImagesAndFiles() throws Inexpressible {
        assertThat(responses.body(Operation.CHAT, """
                        {'model':'ours','max_completion_tokens':300,'temperature':0.5,'top_p':0.9,'n':1,'seed':null,'user':'u-1',
                         'metadata':{'a':'b'},'service_tier':'flex','parallel_tool_calls':false,'reasoning_effort':'low',
                         'verbosity':'high','include':['reasoning.encrypted_content'],
                         'messages':[
                          {'role':'system','content':'Be brief.'},
                          {'role':'developer','content':[{'type':'text','text':'Be kind.'}]},
                          {'role':'user','content':[
                            {'type':'text','text':'What is on it?'},
                            {'type':'image_url','image_url':{'url':'data:image/png;base64,AAAA'}},
                            {'type':'image_url','image_url':{'url':'https://example.com/a.png','detail':'low'}},
                            {'type':'file','file':{'file_data':'data:application/pdf;base64,BBBB','filename':'a.pdf'}},
                            {'type':'file','file':{'file_id':'file-1'}}]},
                          {'role':'assistant','content':'Let me look.',
                           'reasoning_items':[{'type':'reasoning','id':'rs_1','summary':[],'encrypted_content':'e'}],
                           'tool_calls':[{'id':'c1','type':'function','function':{'name':'look','arguments':'{}'}},
                                         {'id':'c2','type':'function','function':{'name':'wait','arguments':''}}]},
                          {'role':'tool','tool_call_id':'c1','content':'a cat'},
                          {'role':'tool','tool_call_id':'c2','content':[{'type':'text','text':'do'},{'type':'text','text':'ne'}]},
                          {'role':'user','content':'And now?'}],
                         'tools':[{'type':'function','function':{'name':'look','description':'Looks.','parameters':{'type':'object','properties':{}},'strict':true}},
                                  {'type':'function','function':{'name':'wait'}},
                                  {'type':'web_search'}],
                         'tool_choice':'required'}
                        """)).isEqualTo(json("""
                        {'model':'gpt-test','store':false,'max_output_tokens':300,'temperature':0.5,'top_p':0.9,'user':'u-1',
                         'metadata':{'a':'b'},'service_tier':'flex','parallel_tool_calls':false,'reasoning':{'effort':'low'},
                         'text':{'verbosity':'high'},'include':['reasoning.encrypted_content'],
                         'input':[
                          {'role':'system','content':[{'type':'input_text','text':'Be brief.'}]},
                          {'role':'developer','content':[{'type':'input_text','text':'Be kind.'}]},
                          {'role':'user','content':[
                            {'type':'input_text','text':'What is on it?'},
                            {'type':'input_image','image_url':'data:image/png;base64,AAAA','detail':'auto'},
                            {'type':'input_image','image_url':'https://example.com/a.png','detail':'low'},
                            {'type':'input_file','file_data':'data:application/pdf;base64,BBBB','filename':'a.pdf'},
                            {'type':'input_file','file_id':'file-1'}]},
                          {'type':'reasoning','id':'rs_1','summary':[],'encrypted_content':'e'},
                          {'role':'assistant','content':'Let me look.'},
                          {'type':'function_call','call_id':'c1','name':'look','arguments':'{}'},
                          {'type':'function_call','call_id':'c2','name':'wait','arguments':'{}'},
                          {'type':'function_call_output','call_id':'c1','output':'a cat'},
                          {'type':'function_call_output','call_id':'c2','output':'done'},
                          {'role':'user','content':[{'type':'input_text','text':'And now?'}]}],
                         'tools':[{'type':'function','name':'look','description':'Looks.','parameters':{'type':'object','properties':{}},'strict':true},
                                  {'type':'function','name':'wait','parameters':{'type':'object','properties':{}},'strict':false},
                                  {'type':'web_search'}],
                         'tool_choice':'required'}
                        """));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    'max_tokens':7                                   | 'max_output_tokens':7
                    'tool_choice':'auto'                             | 'tool_choice':'auto'
                    'tool_choice':'none'                             | 'tool_choice':'none'
                    'tool_choice':{'type':'function','function':{'name':'f'}} | 'tool_choice':{'type':'function','name':'f'}
                    'response_format':{'type':'text'}                | 'text':{'format':{'type':'text'}}
                    'response_format':{'type':'json_object'}         | 'text':{'format':{'type':'json_object'}}
                    'response_format':{'type':'json_schema','json_schema':{'name':'n','description':null,'strict':true,'schema':{'type':'object'}}} | 'text':{'format':{'type':'json_schema','name':'n','strict':true,'schema':{'type':'object'}}}
                    'reasoning':{'summary':'auto'},'reasoning_effort':'low' | 'reasoning':{'effort':'low','summary':'auto'}
                    'reasoning':{'effort':'high'},'reasoning_effort':'low'  | 'reasoning':{'effort':'high'}
                    'text':{'verbosity':'low'},'response_format':{'type':'text'} | 'text':{'verbosity':'low','format':{'type':'text'}}
                    'previous_response_id':'r','truncation':'auto'   | 'previous_response_id':'r','truncation':'auto'
                    'presence_penalty':0,'logprobs':false,'stream':false,'modalities':['text'],'background':false | 'stream':false
                    'n':null,'seed':null,'tools':null,'stop':null    | 'store':false
                    """)
    void eachFieldIsTranslated(String asked, String expected) throws Inexpressible {
        assertThat(responses.body(Operation.CHAT, "{'messages':[]," + asked + "}"))
                .isEqualTo(json("{'model':'gpt-test','store':false,'input':[]," + expected + "}"));
    }

    @Test
    void whoWantsItKeptSaysSo() throws Inexpressible {
        assertThat(responses.body(Operation.CHAT, "{'messages':[],'store':true}"))
                .isEqualTo(json("{'model':'gpt-test','store':true,'input':[]}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    'n':2                                   | /n
                    'seed':1                                | /seed
                    'stop':'END'                            | /stop
                    'background':true                       | /background
                    'logprobs':true                         | /logprobs
                    'top_logprobs':3                        | /top_logprobs
                    'logit_bias':{}                         | /logit_bias
                    'prediction':{}                         | /prediction
                    'presence_penalty':0.5                  | /presence_penalty
                    'frequency_penalty':-1                  | /frequency_penalty
                    'modalities':['text','audio']           | /modalities
                    'audio':{}                              | /audio
                    'functions':[]                          | /functions
                    'function_call':'auto'                  | /function_call
                    'web_search_options':{}                 | /web_search_options
                    'reasoning':'much'                      | /reasoning
                    'response_format':{'type':'x'}          | /response_format/type
                    'response_format':{'type':'json_schema'} | /response_format/json_schema
                    'tool_choice':'any'                     | /tool_choice
                    'tool_choice':{'type':'allowed_tools'}  | /tool_choice
                    'tools':[{'type':'custom','custom':{'name':'f'}}] | /tools/0
                    'messages':[{'role':'user','content':[{'type':'input_audio'}]}] | /messages/0/content/0
                    'messages':[{'role':'user','name':'ann','content':'x'}] | /messages/0/name
                    'messages':[{'role':'judge','content':'x'}] | /messages/0/role
                    'messages':[{'role':'assistant','content':[{'type':'image_url','image_url':{'url':'u'}}]}] | /messages/0/content
                    'messages':[{'role':'tool','tool_call_id':'c','content':[{'type':'image_url'}]}] | /messages/0/content
                    'messages':[{'role':'assistant','function_call':{}}] | /messages/0/function_call
                    'messages':[{'role':'assistant','audio':{}}] | /messages/0/audio
                    """)
    void whatCannotBeSaidIsRefusedByName(String asked, String where) {
        assertThatThrownBy(() -> responses.body(Operation.CHAT, "{" + asked + "}"))
                .isInstanceOf(Inexpressible.class)
                .hasMessageStartingWith("'" + where + "': ");
    }

    @Test
    void aResponseBecomesAChatCompletion() throws JsonProcessingException {
        Answer answer = responses.answer(Operation.CHAT, """
                {'id':'resp_1','object':'response','created_at':1795176000,'status':'completed','error':null,
                 'incomplete_details':null,'model':'gpt-test-2026','service_tier':'default',
                 'output':[
                  {'type':'reasoning','id':'rs_1','encrypted_content':'e',
                   'summary':[{'type':'summary_text','text':'Let me see.'},{'type':'summary_text','text':'A cat.'}]},
                  {'type':'web_search_call','id':'ws_1','status':'completed'},
                  {'type':'message','id':'msg_1','role':'assistant','status':'completed','content':[
                    {'type':'output_text','text':'One ','annotations':[]},{'type':'output_text','text':'moment.','annotations':[]}]},
                  {'type':'function_call','id':'fc_1','call_id':'call_1','name':'look','arguments':'{}','status':'completed'}],
                 'usage':{'input_tokens':22,'input_tokens_details':{'cached_tokens':7},'output_tokens':9,
                          'output_tokens_details':{'reasoning_tokens':4},'total_tokens':31}}
                """);
        assertThat(Translating.JSON.readTree(answer.result())).isEqualTo(json("""
                {'id':'resp_1','object':'chat.completion','created':1795176000,'model':'gpt-test-2026','service_tier':'default',
                 'choices':[{'index':0,'finish_reason':'tool_calls','logprobs':null,
                  'message':{'role':'assistant','content':'One moment.','refusal':null,'reasoning_content':'Let me see.\\n\\nA cat.',
                   'reasoning_items':[{'type':'reasoning','id':'rs_1','encrypted_content':'e',
                     'summary':[{'type':'summary_text','text':'Let me see.'},{'type':'summary_text','text':'A cat.'}]}],
                   'tool_calls':[{'id':'call_1','type':'function','function':{'name':'look','arguments':'{}'}}]}}],
                 'usage':{'prompt_tokens':22,'completion_tokens':9,'total_tokens':31,'prompt_tokens_details':{'cached_tokens':7},
                  'completion_tokens_details':{'reasoning_tokens':4}}}
                """));
        assertThat(answer.usage()).isEqualTo(new Usage(22, 7, 9));
        assertThat(answer.modelVersion()).isEqualTo("gpt-test-2026");
        assertThat(answer.reply().requestId()).isEqualTo("req-7");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    'status':'completed'                                                            | stop
                    'status':'incomplete','incomplete_details':{'reason':'max_output_tokens'}       | length
                    'status':'incomplete','incomplete_details':{'reason':'content_filter'}          | content_filter
                    """)
    void theReasonToStopIsTranslated(String status, String finish) throws JsonProcessingException {
        Answer answer = responses.answer(
                Operation.CHAT,
                "{'output':[{'type':'message','content':[{'type':'refusal','refusal':'No.'}]}],'usage':{'input_tokens':1},"
                        + status + "}");
        JsonNode choice = Translating.JSON.readTree(answer.result()).at("/choices/0");
        assertThat(choice.path("finish_reason").textValue()).isEqualTo(finish);
        assertThat(choice.at("/message/refusal").textValue()).isEqualTo("No.");
        assertThat(choice.at("/message/content").isNull()).isTrue();
        assertThat(answer.usage()).isEqualTo(new Usage(1, 0, 0));
    }

    @Test
    void usageThatIsMissingIsCountedByOurselves() {
        Usage counted = responses
                .answer(
                        Operation.CHAT,
                        "{'status':'completed','output':[{'type':'message','content':[{'type':'output_text','text':'two words'}]}]}")
                .usage();
        assertThat(counted.outputTokens()).isEqualTo(2);
    }

    @Test
    void embeddingsAreReadAsEverywhere() {
        assertThat(responses
                        .answer(Operation.EMBED, "{'data':[{'embedding':[0.5]}],'usage':{'prompt_tokens':3}}")
                        .usage())
                .isEqualTo(new Usage(3, 0, 0));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    200 | {'status':'failed','error':{'code':'server_error','message':'m'},'output':[]}        | broken PROVIDER_UNAVAILABLE
                    200 | {'status':'failed','error':{'code':'rate_limit_exceeded','message':'m'},'output':[]} | throttled PROVIDER_RATE_LIMITED
                    200 | {'status':'failed','error':{'code':'invalid_prompt','message':'m'},'output':[]}      | refused CONTENT_FILTER_TRIGGERED
                    200 | {'status':'failed','error':{'code':'image_too_large','message':'m'},'output':[]}     | refused UNSUPPORTED_INPUT
                    200 | {'status':'failed','error':{'code':'new_one','message':'m'},'output':[]}             | broken MALFORMED_RESPONSE
                    200 | {'status':'failed','error':null,'output':[]}                                         | broken MALFORMED_RESPONSE
                    200 | {'status':'incomplete','incomplete_details':{'reason':'content_filter'},'output':[]} | refused CONTENT_FILTER_TRIGGERED
                    200 | {'status':'queued','output':[]}           | broken MALFORMED_RESPONSE
                    200 | {'status':'in_progress','output':[]}      | broken MALFORMED_RESPONSE
                    200 | {'status':'cancelled','output':[]}        | broken MALFORMED_RESPONSE
                    200 | {'status':'completed'}                    | broken MALFORMED_RESPONSE
                    200 | {}                                        | broken MALFORMED_RESPONSE
                    200 | []                                        | broken MALFORMED_RESPONSE
                    200 | {'output':[                               | broken MALFORMED_RESPONSE
                    400 | {'error':{'type':'invalid_request_error','code':'context_length_exceeded','message':'m'}} | refused CONTEXT_LENGTH_EXCEEDED
                    400 | {'error':{'type':'invalid_request_error','code':'unsupported_parameter','message':'m'}}   | refused INVALID_REQUEST
                    401 | {'error':{'code':'invalid_api_key','message':'m'}} | refused PROVIDER_AUTH_FAILED
                    404 | {'error':{'code':'model_not_found','message':'m'}} | refused UNKNOWN_MODEL
                    429 | <html>                                             | throttled PROVIDER_RATE_LIMITED
                    500 | {'error':{'type':'server_error','message':'m'}}    | broken PROVIDER_UNAVAILABLE
                    """)
    void eachErrorHasItsMeaning(int status, String body, String expected) {
        AttemptOutcome outcome = responses.outcome(Operation.CHAT, status, body.replace('\'', '"'));
        assertThat(told(outcome)).isEqualTo(expected);
        assertThat(outcome.reply().status()).isEqualTo(status);
    }
}
