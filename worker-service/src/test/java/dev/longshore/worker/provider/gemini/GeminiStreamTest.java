package dev.longshore.worker.provider.gemini;

import static dev.longshore.worker.provider.Translating.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.attempt.Usage;
import dev.longshore.tokens.TokenCounter;
import dev.longshore.worker.provider.Ask.Operation;
import dev.longshore.worker.provider.Inexpressible;
import dev.longshore.worker.provider.Translating;
import dev.longshore.worker.provider.Translating.Heard;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Answers as the reference of `streamGenerateContent` records them.
class GeminiStreamTest {
    private final Translating gemini = new Translating(
            new GeminiTranslation(Translating.JSON, Translating.CLOCK, new TokenCounter()), "gemini-test");

    @Test
    void aStreamIsAskedForByTheAddress() throws Inexpressible {
        assertThat(gemini.request(Operation.CHAT, "{'messages':[],'stream':true}")
                        .path())
                .isEqualTo("/models/gemini-test:streamGenerateContent?alt=sse");
        assertThat(gemini.body(Operation.CHAT, "{'messages':[],'stream':true,'stream_options':{'include_usage':true}}"))
                .isEqualTo(json("{'contents':[],'generationConfig':{'maxOutputTokens':4096}}"));
        assertThat(gemini.request(Operation.CHAT, "{'messages':[],'stream':false}")
                        .path())
                .isEqualTo("/models/gemini-test:generateContent");
    }

    @Test
    void partsBecomeTheAnswerThatCallersWithoutAStreamGet() {
        Heard heard = gemini.hearData("""
                {'candidates':[{'content':{'parts':[{'text':'Let me see.','thought':true}],'role':'model'},'index':0}],'usageMetadata':{'promptTokenCount':10,'totalTokenCount':10},'modelVersion':'gemini-test-001','responseId':'r-1'};
                {'candidates':[{'content':{'parts':[{'text':'One '}],'role':'model'},'index':0},{'content':{'parts':[{'text':'Two'}],'role':'model'},'index':1,'finishReason':'MAX_TOKENS'}],'modelVersion':'gemini-test-001','responseId':'r-1'};
                {'candidates':[{'content':{'parts':[{'text':'moment.'},{'functionCall':{'name':'look','args':{'at':1}},'thoughtSignature':'s'}],'role':'model'},'index':0}]};
                {'candidates':[{'content':{'parts':[{'text':''}],'role':'model'},'finishReason':'STOP','index':0}],'usageMetadata':{'promptTokenCount':10,'candidatesTokenCount':5,'thoughtsTokenCount':3,'totalTokenCount':18}}
                """);
        assertThat(heard.said()).containsExactly("One ", "moment.");
        assertThat(heard.answer().result())
                .isEqualTo(gemini.answer(Operation.CHAT, """
                        {'candidates':[
                          {'content':{'role':'model','parts':[{'text':'Let me see.','thought':true},{'text':'One '},{'text':'moment.'},
                             {'functionCall':{'name':'look','args':{'at':1}},'thoughtSignature':'s'}]},'finishReason':'STOP','index':0},
                          {'content':{'role':'model','parts':[{'text':'Two'}]},'finishReason':'MAX_TOKENS','index':1}],
                         'usageMetadata':{'promptTokenCount':10,'candidatesTokenCount':5,'thoughtsTokenCount':3,'totalTokenCount':18},
                         'modelVersion':'gemini-test-001','responseId':'r-1'}
                        """).result());
        assertThat(heard.answer().usage()).isEqualTo(new Usage(10, 0, 8));
    }

    /// Some send the count of tokens after the end.
    @Test
    void whatComesAfterTheLastReasonIsReadAsWell() {
        Heard heard = gemini.hearData("""
                {'candidates':[{'content':{'parts':[{'text':'x'}]},'finishReason':'STOP'}]};
                {'usageMetadata':{'promptTokenCount':1,'candidatesTokenCount':2}}
                """);
        assertThat(heard.over()).isFalse();
        assertThat(heard.answer().usage()).isEqualTo(new Usage(1, 0, 2));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {'candidates':[{'content':{'parts':[{'text':'x'}]}}]}                              | not whole
                    {'usageMetadata':{'promptTokenCount':1}}                                           | not whole
                    {'promptFeedback':{'blockReason':'SAFETY'}}                                        | refused CONTENT_FILTER_TRIGGERED
                    {'candidates':[{'finishReason':'SAFETY'}]}                                         | refused CONTENT_FILTER_TRIGGERED
                    {'candidates':[{'finishReason':'MALFORMED_FUNCTION_CALL'}]}                        | broken MALFORMED_RESPONSE
                    {'candidates':[{'content':{'parts':[{'text':'x'}]}}]};{'error':{'code':503,'status':'UNAVAILABLE','message':'m'}} | broken PROVIDER_UNAVAILABLE
                    {'error':{'code':429,'status':'RESOURCE_EXHAUSTED','message':'m'}}                 | throttled PROVIDER_RATE_LIMITED
                    {'error':{'code':429,'message':'m'}}                                               | throttled PROVIDER_RATE_LIMITED
                    {'error':{'message':'m'}}                                                          | broken MALFORMED_RESPONSE
                    """)
    void otherEndsHaveTheirMeaning(String events, String expected) {
        assertThat(gemini.hearData(events).told()).isEqualTo(expected);
    }
}
