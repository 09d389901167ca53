package dev.longshore.worker.provider.openai;

import static dev.longshore.worker.provider.Translating.told;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.attempt.AttemptOutcome.Broken;
import dev.longshore.attempt.AttemptOutcome.Refused;
import dev.longshore.attempt.ErrorCode;
import dev.longshore.attempt.Reply;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenAiErrorsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static JsonNode body(String json) throws JsonProcessingException {
        return JSON.readTree(json);
    }

    private static Reply reply(int status) {
        return new Reply(status, "req-1", Duration.ofSeconds(3), Duration.ofMillis(20));
    }

    /// `-` stands for a field that is not there.
    @ParameterizedTest
    @CsvSource(textBlock = """
                    400, invalid_request_error, -,                       refused INVALID_REQUEST
                    400, invalid_request_error, context_length_exceeded, refused CONTEXT_LENGTH_EXCEEDED
                    400, invalid_request_error, string_above_max_length, refused CONTEXT_LENGTH_EXCEEDED
                    400, invalid_request_error, content_policy_violation, refused CONTENT_FILTER_TRIGGERED
                    400, -,                     content_filter,          refused CONTENT_FILTER_TRIGGERED
                    400, -,                     -,                       refused INVALID_REQUEST
                    401, invalid_request_error, invalid_api_key,         refused PROVIDER_AUTH_FAILED
                    401, -,                     -,                       refused PROVIDER_AUTH_FAILED
                    403, -,                     account_deactivated,     refused PROVIDER_AUTH_FAILED
                    403, permission_error,      -,                       refused PROVIDER_AUTH_FAILED
                    500, authentication_error,  -,                       refused PROVIDER_AUTH_FAILED
                    402, -,                     -,                       throttled PROVIDER_QUOTA_EXHAUSTED
                    403, -,                     billing_hard_limit_reached, throttled PROVIDER_QUOTA_EXHAUSTED
                    404, invalid_request_error, model_not_found,         refused UNKNOWN_MODEL
                    404, -,                     -,                       refused INVALID_REQUEST
                    405, -,                     -,                       refused INVALID_REQUEST
                    408, -,                     -,                       broken MODEL_TIMEOUT
                    409, -,                     -,                       broken PROVIDER_UNAVAILABLE
                    413, -,                     -,                       refused UNSUPPORTED_INPUT
                    418, -,                     teapot,                  refused INVALID_REQUEST
                    422, -,                     -,                       refused INVALID_REQUEST
                    425, -,                     -,                       broken PROVIDER_UNAVAILABLE
                    429, -,                     -,                       throttled PROVIDER_RATE_LIMITED
                    429, tokens,                rate_limit_exceeded,     throttled PROVIDER_RATE_LIMITED
                    429, requests,              -,                       throttled PROVIDER_RATE_LIMITED
                    429, insufficient_quota,    insufficient_quota,      throttled PROVIDER_QUOTA_EXHAUSTED
                    429, insufficient_quota,    -,                       throttled PROVIDER_QUOTA_EXHAUSTED
                    529, overloaded_error,      -,                       broken PROVIDER_UNAVAILABLE
                    400, rate_limit_error,      -,                       throttled PROVIDER_RATE_LIMITED
                    500, server_error,          -,                       broken PROVIDER_UNAVAILABLE
                    500, -,                     -,                       broken PROVIDER_UNAVAILABLE
                    502, -,                     -,                       broken PROVIDER_UNAVAILABLE
                    503, invalid_request_error, -,                       broken PROVIDER_UNAVAILABLE
                    503, api_error,             -,                       broken PROVIDER_UNAVAILABLE
                    504, -,                     -,                       broken MODEL_TIMEOUT
                    504, server_error,          -,                       broken MODEL_TIMEOUT
                    599, -,                     -,                       broken PROVIDER_UNAVAILABLE
                    301, -,                     -,                       broken PROVIDER_UNAVAILABLE
                    307, -,                     -,                       broken PROVIDER_UNAVAILABLE
                    """)
    void eachErrorHasItsMeaning(int status, String type, String code, String expected) throws JsonProcessingException {
        String json = "{\"error\":{\"message\":\"m\""
                + (type.equals("-") ? "" : ",\"type\":\"" + type + "\"")
                + (code.equals("-") ? "" : ",\"code\":\"" + code + "\"")
                + "}}";
        AttemptOutcome outcome = OpenAiErrors.classify(status, body(json), reply(status));
        assertThat(told(outcome)).isEqualTo(expected);
        assertThat(outcome.reply()).isEqualTo(reply(status));
    }

    @ParameterizedTest
    @CsvSource({
        "400, refused INVALID_REQUEST",
        "429, throttled PROVIDER_RATE_LIMITED",
        "503, broken PROVIDER_UNAVAILABLE"
    })
    void aBodyThatIsNoErrorLeavesTheStatusToDecide(int status, String expected) throws JsonProcessingException {
        for (String json : new String[] {"{}", "[]", "null", "7", "\"text\"", "{\"error\":null}", "{\"error\":[]}"}) {
            assertThat(told(OpenAiErrors.classify(status, body(json), reply(status))))
                    .as(json)
                    .isEqualTo(expected);
        }
        assertThat(told(OpenAiErrors.classify(status, JSON.missingNode(), reply(status))))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"error":{"message":"overloaded","code":503}}                   | broken PROVIDER_UNAVAILABLE
                    {"error":{"message":"slow down","status":429}}                  | throttled PROVIDER_RATE_LIMITED
                    {"error":{"message":"no","status":401}}                         | refused PROVIDER_AUTH_FAILED
                    {"error":{"message":"bad","status":400}}                        | refused INVALID_REQUEST
                    {"error":{"message":"bad","code":"429"}}                        | throttled PROVIDER_RATE_LIMITED
                    {"error":{"message":"m","code":"context_length_exceeded"}}      | refused CONTEXT_LENGTH_EXCEEDED
                    {"error":{"message":"m","type":"server_error"}}                 | broken PROVIDER_UNAVAILABLE
                    {"error":{"message":"something"}}                               | broken MALFORMED_RESPONSE
                    {"error":{}}                                                    | broken MALFORMED_RESPONSE
                    """)
    void anErrorInsideASuccessCountsAsWhatItSaysItIs(String json, String expected) throws JsonProcessingException {
        AttemptOutcome outcome = OpenAiErrors.hiddenInSuccess(body(json), reply(200));
        assertThat(told(outcome)).isEqualTo(expected);
        assertThat(outcome.reply().status()).isEqualTo(200);
    }

    @Test
    void theProvidersWordsAndStatusAreKeptAndItsKeysAreNot() throws JsonProcessingException {
        assertThat(OpenAiErrors.classify(401, body("{\"error\":{\"message\":\"Bad key sk-0123456789\"}}"), reply(401)))
                .isEqualTo(new Refused(
                        ErrorCode.PROVIDER_AUTH_FAILED, "The provider answered 401: Bad key sk-***", reply(401)));
        assertThat(OpenAiErrors.classify(500, body("{\"error\":\"boom\"}"), reply(500)))
                .isEqualTo(new Broken(ErrorCode.PROVIDER_UNAVAILABLE, "The provider answered 500: boom", reply(500)));
        assertThat(OpenAiErrors.classify(502, JSON.missingNode(), reply(502)))
                .isEqualTo(new Broken(ErrorCode.PROVIDER_UNAVAILABLE, "The provider answered 502.", reply(502)));
    }

    @Test
    void anErrorInsideASuccessIsToldByTheStatusThatCame() throws JsonProcessingException {
        assertThat(OpenAiErrors.hiddenInSuccess(body("{\"error\":{\"message\":\"boom\"}}"), reply(200)))
                .isEqualTo(new Broken(ErrorCode.MALFORMED_RESPONSE, "The provider answered 200: boom", reply(200)));
        assertThat(OpenAiErrors.hiddenInSuccess(
                        body("{\"error\":{\"message\":\"boom\",\"type\":\"server_error\"}}"), reply(200)))
                .isEqualTo(new Broken(ErrorCode.PROVIDER_UNAVAILABLE, "The provider answered 200: boom", reply(200)));
    }
}
