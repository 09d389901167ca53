package dev.longshore.worker.provider.gemini;

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
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Shapes from the reference of the Gemini API, v1beta.
class GeminiTranslationTest {
    private static final TokenCounter TOKENS = new TokenCounter();

    private final Translation translation = new GeminiTranslation(Translating.JSON, Translating.CLOCK, TOKENS);
    private final Translating gemini = new Translating(translation, "gemini-test");

    @Test
    void theModelIsPartOfTheAddress() throws Inexpressible {
        assertThat(gemini.request(Operation.CHAT, "{'messages':[]}").path())
                .isEqualTo("/models/gemini-test:generateContent");
        assertThat(gemini.request(Operation.EMBED, "{'input':'x'}").path())
                .isEqualTo("/models/gemini-test:batchEmbedContents");
        assertThat(new Translating(translation, "tunedModels/my one")
                        .request(Operation.CHAT, "{'messages':[]}")
                        .path())
                .isEqualTo("/tunedModels/my+one:generateContent");
        assertThat(translation.headers("k-1")).isEqualTo(Map.of("x-goog-api-key", "k-1"));
        assertThat(translation.headers(null)).isEmpty();
    }

    @Test
    void aWholeConversationWithToolsAndImages() throws Inexpressible {
        assertThat(gemini.body(Operation.CHAT, """
                        {'model':'ours','max_tokens':300,'temperature':1.5,'top_p':0.9,'stop':'END','seed':7,'n':2,
                         'presence_penalty':0.1,'frequency_penalty':0.2,
                         'messages':[
                          {'role':'system','content':'Be brief.'},
                          {'role':'developer','content':[{'type':'text','text':'Be kind.'}]},
                          {'role':'user','content':'What is on it?'},
                          {'role':'user','content':[
                            {'type':'image_url','image_url':{'url':'data:image/png;base64,AAAA'}},
                            {'type':'image_url','image_url':{'url':'https://example.com/a.png'}},
                            {'type':'input_audio','input_audio':{'data':'CCCC','format':'mp3'}},
                            {'type':'file','file':{'file_data':'data:application/pdf;base64,BBBB'}}]},
                          {'role':'assistant','content':null,
                           'tool_calls':[{'id':'c1','type':'function','function':{'name':'look','arguments':'{\\"at\\":1}'},
                                          'extra_content':{'google':{'thought_signature':'s'}}},
                                         {'id':'c2','type':'function','function':{'name':'wait','arguments':''}}]},
                          {'role':'tool','tool_call_id':'c1','content':'a cat'},
                          {'role':'tool','tool_call_id':'c2','content':[{'type':'text','text':'{\\"done\\":true}'}]},
                          {'role':'user','content':'And now?'}],
                         'tools':[{'type':'function','function':{'name':'look','description':'Looks.','parameters':{'type':'object'}}},
                                  {'type':'function','function':{'name':'wait'}},
                                  {'googleSearch':{}}],
                         'tool_choice':{'type':'function','function':{'name':'look'}},
                         'safetySettings':[{'category':'c'}]}
                        """)).isEqualTo(json("""
                        {'safetySettings':[{'category':'c'}],
                         'generationConfig':{'maxOutputTokens':300,'temperature':1.5,'topP':0.9,'stopSequences':['END'],'seed':7,
                           'candidateCount':2,'presencePenalty':0.1,'frequencyPenalty':0.2},
                         'systemInstruction':{'parts':[{'text':'Be brief.'},{'text':'Be kind.'}]},
                         'contents':[
                          {'role':'user','parts':[{'text':'What is on it?'},
                            {'inlineData':{'mimeType':'image/png','data':'AAAA'}},
                            {'fileData':{'fileUri':'https://example.com/a.png'}},
                            {'inlineData':{'mimeType':'audio/mp3','data':'CCCC'}},
                            {'inlineData':{'mimeType':'application/pdf','data':'BBBB'}}]},
                          {'role':'model','parts':[
                            {'functionCall':{'name':'look','args':{'at':1}},'thoughtSignature':'s'},
                            {'functionCall':{'name':'wait','args':{}}}]},
                          {'role':'user','parts':[
                            {'functionResponse':{'name':'look','response':{'result':'a cat'}}},
                            {'functionResponse':{'name':'wait','response':{'done':true}}},
                            {'text':'And now?'}]}],
                         'tools':[{'googleSearch':{}},
                                  {'functionDeclarations':[
                                    {'name':'look','description':'Looks.','parametersJsonSchema':{'type':'object'}},{'name':'wait'}]}],
                         'toolConfig':{'functionCallingConfig':{'mode':'ANY','allowedFunctionNames':['look']}}}
                        """));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    'max_completion_tokens':7                    | 'generationConfig':{'maxOutputTokens':7}
                    'stop':['a','b']                             | 'generationConfig':{'maxOutputTokens':4096,'stopSequences':['a','b']}
                    'top_k':5                                    | 'generationConfig':{'maxOutputTokens':4096,'topK':5}
                    'response_format':{'type':'text'}            | 'generationConfig':{'maxOutputTokens':4096}
                    'response_format':{'type':'json_object'}     | 'generationConfig':{'maxOutputTokens':4096,'responseMimeType':'application/json'}
                    'response_format':{'type':'json_schema','json_schema':{'name':'n','schema':{'type':'object'}}} | 'generationConfig':{'maxOutputTokens':4096,'responseMimeType':'application/json','responseJsonSchema':{'type':'object'}}
                    'reasoning_effort':'none'                    | 'generationConfig':{'maxOutputTokens':4096,'thinkingConfig':{'thinkingBudget':0}}
                    'reasoning_effort':'high'                    | 'generationConfig':{'maxOutputTokens':4096,'thinkingConfig':{'thinkingBudget':24576}}
                    'generationConfig':{'topK':3},'max_tokens':9 | 'generationConfig':{'maxOutputTokens':9,'topK':3}
                    'tool_choice':'auto'                         | 'generationConfig':{'maxOutputTokens':4096},'toolConfig':{'functionCallingConfig':{'mode':'AUTO'}}
                    'tool_choice':'none'                         | 'generationConfig':{'maxOutputTokens':4096},'toolConfig':{'functionCallingConfig':{'mode':'NONE'}}
                    'tool_choice':'required'                     | 'generationConfig':{'maxOutputTokens':4096},'toolConfig':{'functionCallingConfig':{'mode':'ANY'}}
                    'logprobs':false,'store':false,'parallel_tool_calls':true,'user':null | 'generationConfig':{'maxOutputTokens':4096}
                    """)
    void eachFieldIsTranslated(String asked, String expected) throws Inexpressible {
        assertThat(gemini.body(Operation.CHAT, "{'messages':[]," + asked + "}"))
                .isEqualTo(json("{'contents':[]," + expected + "}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    'stream':'yes'                 | /stream
                    'store':true                  | /store
                    'logprobs':true               | /logprobs
                    'top_logprobs':3              | /top_logprobs
                    'logit_bias':{}               | /logit_bias
                    'parallel_tool_calls':false   | /parallel_tool_calls
                    'modalities':['audio']        | /modalities
                    'audio':{}                    | /audio
                    'functions':[]                | /functions
                    'user':'u'                    | /user
                    'metadata':{}                 | /metadata
                    'service_tier':'flex'         | /service_tier
                    'reasoning_effort':'maximal'  | /reasoning_effort
                    'response_format':{'type':'x'} | /response_format/type
                    'tool_choice':'any'           | /tool_choice
                    'tool_choice':{'type':'x'}    | /tool_choice
                    'messages':[{'role':'user','content':[{'type':'video'}]}] | /messages/0/content/0/type
                    'messages':[{'role':'user','content':[{'type':'file','file':{'file_id':'f'}}]}] | /messages/0/content/0/file
                    'messages':[{'role':'user','content':[{'type':'image_url','image_url':{'url':'u','detail':'low'}}]}] | /messages/0/content/0/image_url/detail
                    'messages':[{'role':'user','name':'ann','content':'x'}] | /messages/0/name
                    'messages':[{'role':'judge','content':'x'}] | /messages/0/role
                    'messages':[{'role':'tool','tool_call_id':'c9','content':'x'}] | /messages/0/tool_call_id
                    'messages':[{'role':'assistant','tool_calls':[{'id':'c','function':{'name':'f'}}]},{'role':'tool','tool_call_id':'c','content':[{'type':'image_url'}]}] | /messages/1/content
                    'messages':[{'role':'assistant','tool_calls':[{'function':{'name':'f','arguments':'[1]'}}]}] | /messages/0/tool_calls/0/function/arguments
                    'messages':[{'role':'assistant','tool_calls':[{'function':{'name':'f','arguments':'{1'}}]}] | /messages/0/tool_calls/0/function/arguments
                    'messages':[{'role':'assistant','function_call':{}}] | /messages/0/function_call
                    'messages':[{'role':'assistant','audio':{}}] | /messages/0/audio
                    """)
    void whatCannotBeSaidIsRefusedByName(String asked, String where) {
        assertThatThrownBy(() -> gemini.body(Operation.CHAT, "{" + asked + "}"))
                .isInstanceOf(Inexpressible.class)
                .hasMessageStartingWith("'" + where + "': ");
    }

    @Test
    void candidatesBecomeChoices() throws JsonProcessingException {
        Answer answer = gemini.answer(Operation.CHAT, """
                {'candidates':[
                  {'content':{'role':'model','parts':[{'text':'Let me see.','thought':true},{'text':'One '},{'text':'moment.'},
                     {'functionCall':{'name':'look','args':{'at':1}},'thoughtSignature':'s'},
                     {'functionCall':{'id':'f-2','name':'wait'}}]},'finishReason':'STOP','index':0},
                  {'content':{'role':'model','parts':[{'text':'Two'}]},'finishReason':'MAX_TOKENS','index':1}],
                 'usageMetadata':{'promptTokenCount':10,'cachedContentTokenCount':4,'candidatesTokenCount':5,'thoughtsTokenCount':3,
                  'toolUsePromptTokenCount':2,'totalTokenCount':20},
                 'modelVersion':'gemini-test-001','responseId':'r-1'}
                """);
        assertThat(Translating.JSON.readTree(answer.result()))
                .isEqualTo(json("""
                {'id':'r-1','object':'chat.completion','created':1795176000,'model':'gemini-test-001',
                 'choices':[
                  {'index':0,'finish_reason':'tool_calls','logprobs':null,
                   'message':{'role':'assistant','content':'One moment.','refusal':null,'reasoning_content':'Let me see.',
                    'tool_calls':[
                     {'id':'call_job_1-0-0','type':'function','function':{'name':'look','arguments':'{"at":1}'},
                      'extra_content':{'google':{'thought_signature':'s'}}},
                     {'id':'f-2','type':'function','function':{'name':'wait','arguments':'{}'}}]}},
                  {'index':1,'finish_reason':'length','logprobs':null,
                   'message':{'role':'assistant','content':'Two','refusal':null}}],
                 'usage':{'prompt_tokens':12,'completion_tokens':8,'total_tokens':20,'prompt_tokens_details':{'cached_tokens':4},
                  'completion_tokens_details':{'reasoning_tokens':3}}}
                """.replace("{\"at\":1}", "{\\\"at\\\":1}")));
        assertThat(answer.usage()).isEqualTo(new Usage(12, 4, 8));
        assertThat(answer.modelVersion()).isEqualTo("gemini-test-001");
    }

    @Test
    void textsAreEmbeddedInOneCall() throws Inexpressible, JsonProcessingException {
        assertThat(gemini.body(Operation.EMBED, """
                        {'model':'ours','input':['a','b'],'dimensions':64,'encoding_format':'float','taskType':'CLUSTERING'}
                        """)).isEqualTo(json("""
                        {'requests':[
                          {'model':'models/gemini-test','content':{'parts':[{'text':'a'}]},'outputDimensionality':64,'taskType':'CLUSTERING'},
                          {'model':'models/gemini-test','content':{'parts':[{'text':'b'}]},'outputDimensionality':64,'taskType':'CLUSTERING'}]}
                        """));
        Answer answer = gemini.answer(Operation.EMBED, "{'embeddings':[{'values':[0.5,1]},{'values':[0.25,2]}]}");
        JsonNode list = Translating.JSON.readTree(answer.result());
        int counted = TOKENS.embeddings(json("{'input':'some words to be counted'}"));
        assertThat(counted).isPositive();
        assertThat(list).isEqualTo(json("""
                {'object':'list','data':[{'object':'embedding','index':0,'embedding':[0.5,1]},
                                         {'object':'embedding','index':1,'embedding':[0.25,2]}],
                 'model':'gemini-test','usage':{'prompt_tokens':%1$d,'total_tokens':%1$d}}
                """.formatted(counted)));
        assertThat(answer.usage()).isEqualTo(new Usage(counted, 0, 0));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    'input':[1,2]                              | /input/0
                    'input':'x','encoding_format':'base64'     | /encoding_format
                    'input':'x','user':'u'                     | /user
                    """)
    void whatCannotBeEmbeddedIsRefusedByName(String asked, String where) {
        assertThatThrownBy(() -> gemini.body(Operation.EMBED, "{" + asked + "}"))
                .isInstanceOf(Inexpressible.class)
                .hasMessageStartingWith("'" + where + "': ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    200 | {'promptFeedback':{'blockReason':'SAFETY'}}                             | refused CONTENT_FILTER_TRIGGERED
                    200 | {'candidates':[{'finishReason':'SAFETY'}]}                              | refused CONTENT_FILTER_TRIGGERED
                    200 | {'candidates':[{'finishReason':'RECITATION','content':{}}]}             | refused CONTENT_FILTER_TRIGGERED
                    200 | {'candidates':[{'finishReason':'MALFORMED_FUNCTION_CALL'}]}             | broken MALFORMED_RESPONSE
                    200 | {'candidates':[{'finishReason':'OTHER'}]}                               | broken MALFORMED_RESPONSE
                    200 | {'candidates':[{'content':{'parts':[{'text':'half'}]}}]}                | broken MALFORMED_RESPONSE
                    200 | {'candidates':[]}                                                       | broken MALFORMED_RESPONSE
                    200 | {}                                                                      | broken MALFORMED_RESPONSE
                    200 | {'candidates':[                                                         | broken MALFORMED_RESPONSE
                    200 | {'error':{'code':503,'status':'UNAVAILABLE','message':'m'}}             | broken PROVIDER_UNAVAILABLE
                    200 | {'error':{}}                                                            | broken MALFORMED_RESPONSE
                    400 | {'error':{'status':'INVALID_ARGUMENT','message':'no such field'}}       | refused INVALID_REQUEST
                    400 | {'error':{'status':'INVALID_ARGUMENT','message':'The input token count (9) exceeds the maximum'}} | refused CONTEXT_LENGTH_EXCEEDED
                    400 | {'error':{'status':'INVALID_ARGUMENT','message':'m','details':[{'reason':'API_KEY_INVALID'}]}} | refused PROVIDER_AUTH_FAILED
                    400 | {'error':{'status':'FAILED_PRECONDITION','message':'location'}}         | refused INVALID_REQUEST
                    401 | {'error':{'status':'UNAUTHENTICATED','message':'m'}}                    | refused PROVIDER_AUTH_FAILED
                    403 | {'error':{'status':'PERMISSION_DENIED','message':'m'}}                  | refused PROVIDER_AUTH_FAILED
                    404 | {'error':{'status':'NOT_FOUND','message':'m'}}                          | refused UNKNOWN_MODEL
                    429 | {'error':{'status':'RESOURCE_EXHAUSTED','message':'m'}}                 | throttled PROVIDER_RATE_LIMITED
                    429 | {'error':{'status':'RESOURCE_EXHAUSTED','details':[{'violations':[{'quotaId':'GenerateRequestsPerDayPerProject'}]}]}} | throttled PROVIDER_QUOTA_EXHAUSTED
                    499 | {'error':{'status':'CANCELLED','message':'m'}}                          | broken PROVIDER_UNAVAILABLE
                    500 | {'error':{'status':'INTERNAL','message':'m'}}                           | broken PROVIDER_UNAVAILABLE
                    503 | {'error':{'status':'UNAVAILABLE','message':'m'}}                        | broken PROVIDER_UNAVAILABLE
                    504 | {'error':{'status':'DEADLINE_EXCEEDED','message':'m'}}                  | broken MODEL_TIMEOUT
                    404 | not json                                                                | refused UNKNOWN_MODEL
                    429 | <html>                                                                  | throttled PROVIDER_RATE_LIMITED
                    502 | <html>                                                                  | broken PROVIDER_UNAVAILABLE
                    """)
    void eachErrorHasItsMeaning(int status, String body, String expected) {
        AttemptOutcome outcome = gemini.outcome(Operation.CHAT, status, body.replace('\'', '"'));
        assertThat(told(outcome)).isEqualTo(expected);
        assertThat(outcome.reply().status()).isEqualTo(status);
        assertThat(outcome.reply().retryAfter()).isEqualTo(Duration.ofSeconds(3));
    }

    @ParameterizedTest
    @CsvSource({"17s, 17000", "0.5s, 500", "34.074824224s, 34075", "999999s, 3600000", "soon, 3000"})
    void theBodySaysHowLongToStayAway(String delay, long millis) {
        AttemptOutcome outcome = gemini.outcome(Operation.CHAT, 429, """
                {"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"m","details":[
                  {"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"%s"}]}}
                """.formatted(delay));
        assertThat(outcome.reply().retryAfter()).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {'embeddings':[]}               | broken MALFORMED_RESPONSE
                    {'embeddings':[{}]}             | broken MALFORMED_RESPONSE
                    {'embeddings':[{'values':[]}]}  | broken MALFORMED_RESPONSE
                    """)
    void embeddingsWithoutValuesAreMalformed(String body, String expected) {
        assertThat(told(gemini.outcome(Operation.EMBED, 200, body.replace('\'', '"'))))
                .isEqualTo(expected);
    }
}
