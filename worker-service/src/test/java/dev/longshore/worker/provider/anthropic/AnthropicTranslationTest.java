package dev.longshore.worker.provider.anthropic;

import static dev.longshore.worker.provider.Translating.json;
import static dev.longshore.worker.provider.Translating.told;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.longshore.attempt.Answer;
import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.attempt.Usage;
import dev.longshore.worker.provider.Ask.Operation;
import dev.longshore.worker.provider.Inexpressible;
import dev.longshore.worker.provider.Translating;
import dev.longshore.worker.provider.Translation;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Shapes from the reference of the Messages API, version 2023-06-01.
class AnthropicTranslationTest {
    private final Translation translation = new AnthropicTranslation(Translating.JSON, Translating.CLOCK);
    private final Translating anthropic = new Translating(translation, "claude-test");

    @Test
    void aChatIsPostedToTheMessagesWithTheKeyInItsHeader() throws Inexpressible {
        assertThat(anthropic
                        .request(Operation.CHAT, "{'model':'m','messages':[]}")
                        .path())
                .isEqualTo("/messages");
        assertThat(translation.headers("k-1")).isEqualTo(Map.of("anthropic-version", "2023-06-01", "x-api-key", "k-1"));
        assertThat(translation.headers(null)).isEqualTo(Map.of("anthropic-version", "2023-06-01"));
        assertThatThrownBy(() -> anthropic.request(Operation.EMBED, "{'input':'x'}"))
                .isInstanceOf(Inexpressible.class)
                .hasMessageContaining("no embeddings");
    }

    @Test
    void aWholeConversationWithToolsAndImages() throws Inexpressible {
        assertThat(anthropic.body(Operation.CHAT, """
                        {'model':'ours','max_completion_tokens':300,'temperature':0.5,'top_p':0.9,'stop':'END','user':'u-1','n':1,
                         'seed':null,
                         'messages':[
                          {'role':'system','content':'Be brief.'},
                          {'role':'developer','content':[{'type':'text','text':'Be kind.','cache_control':{'type':'ephemeral'}}]},
                          {'role':'user','content':'What is on it?'},
                          {'role':'user','content':[
                            {'type':'image_url','image_url':{'url':'data:image/png;base64,AAAA','detail':'auto'}},
                            {'type':'image_url','image_url':{'url':'https://example.com/a.png'}},
                            {'type':'file','file':{'file_data':'data:application/pdf;base64,BBBB','filename':'a.pdf'}}]},
                          {'role':'assistant','content':null,'thinking_blocks':[{'type':'thinking','thinking':'hm','signature':'s'}],
                           'tool_calls':[{'id':'c1','type':'function','function':{'name':'look','arguments':'{\\"at\\":1}'}},
                                         {'id':'c2','type':'function','function':{'name':'wait','arguments':''}}]},
                          {'role':'tool','tool_call_id':'c1','content':'a cat'},
                          {'role':'tool','tool_call_id':'c2','content':[{'type':'text','text':'done'}]},
                          {'role':'user','content':'And now?'}],
                         'tools':[{'type':'function','function':{'name':'look','description':'Looks.','parameters':{'type':'object'},'strict':true}},
                                  {'type':'function','function':{'name':'wait'}},
                                  {'type':'web_search_20250305','name':'web_search'}],
                         'tool_choice':'required','parallel_tool_calls':false,'top_k':5}
                        """)).isEqualTo(json("""
                        {'model':'claude-test','max_tokens':300,'temperature':0.5,'top_p':0.9,'stop_sequences':['END'],
                         'metadata':{'user_id':'u-1'},'top_k':5,
                         'system':[{'type':'text','text':'Be brief.'},
                                   {'type':'text','text':'Be kind.','cache_control':{'type':'ephemeral'}}],
                         'messages':[
                          {'role':'user','content':[
                            {'type':'text','text':'What is on it?'},
                            {'type':'image','source':{'type':'base64','media_type':'image/png','data':'AAAA'}},
                            {'type':'image','source':{'type':'url','url':'https://example.com/a.png'}},
                            {'type':'document','source':{'type':'base64','media_type':'application/pdf','data':'BBBB'},'title':'a.pdf'}]},
                          {'role':'assistant','content':[
                            {'type':'thinking','thinking':'hm','signature':'s'},
                            {'type':'tool_use','id':'c1','name':'look','input':{'at':1}},
                            {'type':'tool_use','id':'c2','name':'wait','input':{}}]},
                          {'role':'user','content':[
                            {'type':'tool_result','tool_use_id':'c1','content':[{'type':'text','text':'a cat'}]},
                            {'type':'tool_result','tool_use_id':'c2','content':[{'type':'text','text':'done'}]},
                            {'type':'text','text':'And now?'}]}],
                         'tools':[{'name':'look','description':'Looks.','input_schema':{'type':'object'},'strict':true},
                                  {'name':'wait','input_schema':{'type':'object'}},
                                  {'type':'web_search_20250305','name':'web_search'}],
                         'tool_choice':{'type':'any','disable_parallel_tool_use':true}}
                        """));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    'max_tokens':7                                   | 'max_tokens':7
                    'stop':['a','b']                                 | 'max_tokens':4096,'stop_sequences':['a','b']
                    'tool_choice':'auto'                             | 'max_tokens':4096,'tool_choice':{'type':'auto'}
                    'tool_choice':'none'                             | 'max_tokens':4096,'tool_choice':{'type':'none'}
                    'tool_choice':{'type':'function','function':{'name':'f'}} | 'max_tokens':4096,'tool_choice':{'type':'tool','name':'f'}
                    'response_format':{'type':'text'}                | 'max_tokens':4096
                    'response_format':{'type':'json_schema','json_schema':{'name':'n','schema':{'type':'object'}}} | 'max_tokens':4096,'output_config':{'format':{'type':'json_schema','schema':{'type':'object'}}}
                    'reasoning_effort':'low'                         | 'max_tokens':4096,'output_config':{'effort':'low'}
                    'reasoning_effort':'none'                        | 'max_tokens':4096,'thinking':{'type':'disabled'}
                    'thinking':{'type':'enabled','budget_tokens':2000} | 'max_tokens':4096,'thinking':{'type':'enabled','budget_tokens':2000}
                    'service_tier':'default'                         | 'max_tokens':4096,'service_tier':'standard_only'
                    'presence_penalty':0,'logprobs':false,'store':false,'stream':false | 'max_tokens':4096,'stream':false
                    'n':null,'seed':null,'tools':null                | 'max_tokens':4096
                    """)
    void eachFieldIsTranslated(String asked, String expected) throws Inexpressible {
        assertThat(anthropic.body(Operation.CHAT, "{'messages':[]," + asked + "}"))
                .isEqualTo(json("{'model':'claude-test','messages':[]," + expected + "}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    'n':2                                   | /n
                    'seed':1                                | /seed
                    'stream':'yes'                           | /stream
                    'store':true                            | /store
                    'logprobs':true                         | /logprobs
                    'top_logprobs':3                        | /top_logprobs
                    'logit_bias':{}                         | /logit_bias
                    'presence_penalty':0.5                  | /presence_penalty
                    'frequency_penalty':-1                  | /frequency_penalty
                    'temperature':1.5                       | /temperature
                    'modalities':['text','audio']           | /modalities
                    'audio':{}                              | /audio
                    'functions':[]                          | /functions
                    'service_tier':'flex'                   | /service_tier
                    'response_format':{'type':'json_object'} | /response_format/type
                    'tool_choice':'any'                     | /tool_choice
                    'tool_choice':{'type':'allowed_tools'}  | /tool_choice
                    'messages':[{'role':'user','content':[{'type':'input_audio'}]}] | /messages/0/content/0
                    'messages':[{'role':'user','content':[{'type':'file','file':{'file_id':'f'}}]}] | /messages/0/content/0/file
                    'messages':[{'role':'user','content':[{'type':'image_url','image_url':{'url':'u','detail':'low'}}]}] | /messages/0/content/0/image_url/detail
                    'messages':[{'role':'user','name':'ann','content':'x'}] | /messages/0/name
                    'messages':[{'role':'judge','content':'x'}] | /messages/0/role
                    'messages':[{'role':'assistant','tool_calls':[{'function':{'name':'f','arguments':'[1]'}}]}] | /messages/0/tool_calls/0/function/arguments
                    'messages':[{'role':'assistant','tool_calls':[{'function':{'name':'f','arguments':'{1'}}]}] | /messages/0/tool_calls/0/function/arguments
                    'messages':[{'role':'assistant','function_call':{}}] | /messages/0/function_call
                    'messages':[{'role':'assistant','audio':{}}] | /messages/0/audio
                    """)
    void whatCannotBeSaidIsRefusedByName(String asked, String where) {
        assertThatThrownBy(() -> anthropic.body(Operation.CHAT, "{" + asked + "}"))
                .isInstanceOf(Inexpressible.class)
                .hasMessageStartingWith("'" + where + "': ");
    }

    @Test
    void aMessageBecomesAChatCompletion() throws JsonProcessingException {
        Answer answer = anthropic.answer(Operation.CHAT, """
                {'id':'msg_1','type':'message','role':'assistant','model':'claude-test-1',
                 'content':[{'type':'thinking','thinking':'Let me see.','signature':'s'},{'type':'redacted_thinking','data':'d'},
                            {'type':'text','text':'One '},{'type':'text','text':'moment.'},
                            {'type':'server_tool_use','id':'x','name':'web_search','input':{}},
                            {'type':'tool_use','id':'toolu_1','name':'look','input':{'at':1}}],
                 'stop_reason':'tool_use','stop_sequence':null,
                 'usage':{'input_tokens':10,'cache_creation_input_tokens':5,'cache_read_input_tokens':7,'output_tokens':9}}
                """);
        assertThat(Translating.JSON.readTree(answer.result()))
                .isEqualTo(json("""
                {'id':'msg_1','object':'chat.completion','created':1795176000,'model':'claude-test-1',
                 'choices':[{'index':0,'finish_reason':'tool_calls','logprobs':null,
                  'message':{'role':'assistant','content':'One moment.','refusal':null,'reasoning_content':'Let me see.',
                   'thinking_blocks':[{'type':'thinking','thinking':'Let me see.','signature':'s'},{'type':'redacted_thinking','data':'d'}],
                   'tool_calls':[{'id':'toolu_1','type':'function','function':{'name':'look','arguments':'{"at":1}'}}]}}],
                 'usage':{'prompt_tokens':22,'completion_tokens':9,'total_tokens':31,'prompt_tokens_details':{'cached_tokens':7}}}
                """.replace("{\"at\":1}", "{\\\"at\\\":1}")));
        assertThat(answer.usage()).isEqualTo(new Usage(22, 7, 9));
        assertThat(answer.modelVersion()).isEqualTo("claude-test-1");
        assertThat(answer.latency()).isEqualTo(Duration.ofMillis(90));
        assertThat(answer.reply().requestId()).isEqualTo("req-7");
    }

    @ParameterizedTest
    @CsvSource({
        "end_turn, stop",
        "stop_sequence, stop",
        "max_tokens, length",
        "model_context_window_exceeded, length",
        "refusal, content_filter"
    })
    void theReasonToStopIsTranslated(String reason, String finish) throws JsonProcessingException {
        Answer answer = anthropic.answer(
                Operation.CHAT,
                "{'content':[{'type':'text','text':'x'}],'stop_reason':'" + reason + "','usage':{'input_tokens':1}}");
        assertThat(Translating.JSON
                        .readTree(answer.result())
                        .at("/choices/0/finish_reason")
                        .textValue())
                .isEqualTo(finish);
        assertThat(answer.usage()).isEqualTo(new Usage(1, 0, 0));
        assertThat(answer.modelVersion()).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    200 | {'content':[],'stop_reason':'refusal'}                               | refused CONTENT_FILTER_TRIGGERED
                    200 | {'content':[{'type':'text','text':'x'}],'stop_reason':'pause_turn'}  | broken MALFORMED_RESPONSE
                    200 | {'content':[{'type':'text','text':'x'}],'stop_reason':null}          | broken MALFORMED_RESPONSE
                    200 | {'content':'x','stop_reason':'end_turn'}                             | broken MALFORMED_RESPONSE
                    200 | {}                                                                   | broken MALFORMED_RESPONSE
                    200 | {'content':[                                                         | broken MALFORMED_RESPONSE
                    200 | []                                                                   | broken MALFORMED_RESPONSE
                    200 | {'type':'error','error':{'type':'overloaded_error','message':'m'}}   | broken PROVIDER_UNAVAILABLE
                    200 | {'type':'error','error':{}}                                          | broken MALFORMED_RESPONSE
                    400 | {'error':{'type':'invalid_request_error','message':'no such field'}} | refused INVALID_REQUEST
                    400 | {'error':{'type':'invalid_request_error','message':'prompt is too long: 210000 tokens > 200000 maximum'}} | refused CONTEXT_LENGTH_EXCEEDED
                    400 | {'error':{'type':'invalid_request_error','message':'input length and max_tokens exceed context limit: 1'}} | refused CONTEXT_LENGTH_EXCEEDED
                    400 | {'error':{'type':'invalid_request_error','message':'Your credit balance is too low to access the API'}} | throttled PROVIDER_QUOTA_EXHAUSTED
                    400 | {'error':{'type':'invalid_request_error','message':'You have reached your specified API usage limits'}} | throttled PROVIDER_QUOTA_EXHAUSTED
                    400 | {'error':{'type':'invalid_request_error','message':'Output blocked by content filtering policy'}} | refused CONTENT_FILTER_TRIGGERED
                    401 | {'error':{'type':'authentication_error','message':'m'}}  | refused PROVIDER_AUTH_FAILED
                    402 | {'error':{'type':'billing_error','message':'m'}}         | throttled PROVIDER_QUOTA_EXHAUSTED
                    403 | {'error':{'type':'permission_error','message':'m'}}      | refused PROVIDER_AUTH_FAILED
                    404 | {'error':{'type':'not_found_error','message':'model: x'}} | refused UNKNOWN_MODEL
                    413 | {'error':{'type':'request_too_large','message':'m'}}     | refused UNSUPPORTED_INPUT
                    429 | {'error':{'type':'rate_limit_error','message':'m'}}      | throttled PROVIDER_RATE_LIMITED
                    500 | {'error':{'type':'api_error','message':'m'}}             | broken PROVIDER_UNAVAILABLE
                    504 | {'error':{'type':'timeout_error','message':'m'}}         | broken MODEL_TIMEOUT
                    529 | {'error':{'type':'overloaded_error','message':'m'}}      | broken PROVIDER_UNAVAILABLE
                    401 | {}                  | refused PROVIDER_AUTH_FAILED
                    404 | not json            | refused UNKNOWN_MODEL
                    408 | {}                  | broken MODEL_TIMEOUT
                    413 | <html>              | refused UNSUPPORTED_INPUT
                    422 | {}                  | refused INVALID_REQUEST
                    429 | slow down           | throttled PROVIDER_RATE_LIMITED
                    502 | <html>              | broken PROVIDER_UNAVAILABLE
                    529 | {}                  | broken PROVIDER_UNAVAILABLE
                    307 | {}                  | broken PROVIDER_UNAVAILABLE
                    """)
    void eachErrorHasItsMeaning(int status, String body, String expected) {
        AttemptOutcome outcome = anthropic.outcome(Operation.CHAT, status, body.replace('\'', '"'));
        assertThat(told(outcome)).isEqualTo(expected);
        assertThat(outcome.reply().status()).isEqualTo(status);
        assertThat(outcome.reply().requestId()).isEqualTo("req-7");
        assertThat(outcome.reply().retryAfter()).isEqualTo(Duration.ofSeconds(3));
    }
}
