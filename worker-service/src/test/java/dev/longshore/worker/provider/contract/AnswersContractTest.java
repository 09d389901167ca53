package dev.longshore.worker.provider.contract;

import static dev.longshore.worker.provider.Translating.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.longshore.attempt.Answer;
import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.attempt.AttemptOutcome.Answered;
import dev.longshore.attempt.Usage;
import dev.longshore.worker.provider.Ask.Operation;
import dev.longshore.worker.provider.Translating;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A good answer is a chat completion or embeddings in OpenAI's shape, whoever gave it.
@Timeout(120)
class AnswersContractTest extends OnPaper {
    private static Answer answer(AttemptOutcome outcome) {
        return assertThat(outcome)
                .asInstanceOf(InstanceOfAssertFactories.type(Answered.class))
                .actual()
                .answer();
    }

    private static JsonNode result(AttemptOutcome outcome) throws JsonProcessingException {
        return Translating.JSON.readTree(answer(outcome).result());
    }

    @ParameterizedTest
    @EnumSource
    void theTextTheTokensAndTheModelAreTakenOver(Vendor vendor) throws JsonProcessingException {
        paper.script("'answer':'Yes.','input_tokens':100,'cached_tokens':40,'output_tokens':9,'version':'paper-001'");
        AttemptOutcome outcome = paper.chat(vendor, "hello");
        Answer answer = answer(outcome);
        JsonNode completion = result(outcome);

        assertThat(completion.path("object").asText()).isEqualTo("chat.completion");
        assertThat(completion.path("id").asText()).isNotEmpty();
        assertThat(completion.at("/choices/0/message/content").asText()).isEqualTo("Yes.");
        assertThat(completion.at("/choices/0/message/role").asText()).isEqualTo("assistant");
        assertThat(completion.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
        assertThat(completion.at("/usage/prompt_tokens").asInt()).isEqualTo(100);
        assertThat(completion.at("/usage/prompt_tokens_details/cached_tokens").asInt())
                .isEqualTo(40);
        assertThat(completion.at("/usage/completion_tokens").asInt()).isEqualTo(9);
        assertThat(answer.usage()).isEqualTo(new Usage(100, 40, 9));
        assertThat(answer.modelVersion()).isEqualTo("paper-001");
        assertThat(answer.reply().status()).isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource
    void theProvidersOwnIdOfTheCallIsKept(Vendor vendor) {
        String requestId = paper.chat(vendor, "hello").reply().requestId();
        if (vendor == Vendor.GEMINI) {
            // The API sends none.
            assertThat(requestId).isNull();
        } else {
            assertThat(requestId).startsWith("req_");
        }
    }

    @ParameterizedTest
    @EnumSource
    void theProviderSeesTheModelTheKeyAndTheJob(Vendor vendor) {
        paper.chat(vendor, "hello");
        assertThat(paper.simulator.calls()).singleElement().satisfies(call -> {
            assertThat(call.model()).isEqualTo(PaperCalls.MODEL);
            assertThat(call.keyTail()).isEqualTo("-one");
            assertThat(call.jobId()).isEqualTo("job_7");
            assertThat(call.attempt()).isEqualTo("3");
        });
    }

    @ParameterizedTest
    @EnumSource
    void systemMessagesAndEarlierOnesArriveToo(Vendor vendor) {
        String longer = ",'messages':[{'role':'system','content':'0123456789012345678901234567890123456789'},"
                + "{'role':'user','content':'hi'},{'role':'assistant','content':'hello'}]";
        int alone = answer(paper.chat(vendor, "hello")).usage().inputTokens();
        int all = answer(paper.chat(vendor, "hello", longer)).usage().inputTokens();

        // The simulator counts four characters as a token: 40 of the system, 2 and 5 of those before.
        assertThat(all - alone).isBetween(11, 12);
    }

    @ParameterizedTest
    @EnumSource
    void thoughtsArePaidForAsOutput(Vendor vendor) throws JsonProcessingException {
        paper.script("'answer':'Yes.','input_tokens':100,'output_tokens':9,'thinking_tokens':5");
        AttemptOutcome outcome = paper.chat(vendor, "hello");

        assertThat(answer(outcome).usage()).isEqualTo(new Usage(100, 0, 14));
        assertThat(result(outcome).at("/choices/0/message/content").asText()).isEqualTo("Yes.");
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerThatIsCutSaysSo(Vendor vendor) throws JsonProcessingException {
        AttemptOutcome outcome = paper.chat(vendor, "[[sim output_tokens=500]]", ",'max_tokens':5");

        assertThat(result(outcome).at("/choices/0/finish_reason").asText()).isEqualTo("length");
        assertThat(answer(outcome).usage().outputTokens()).isEqualTo(5);
    }

    @ParameterizedTest
    @EnumSource
    void wordsOfDecliningAreAnAnswer(Vendor vendor) throws JsonProcessingException {
        JsonNode message = result(paper.chat(vendor, "[[sim refusal]]")).at("/choices/0/message");

        assertThat(message.path("content").asText("") + message.path("refusal").asText(""))
                .contains("can't help");
    }

    @ParameterizedTest
    @EnumSource
    void aToolIsCalledAndItsResultIsTakenBack(Vendor vendor) throws JsonProcessingException {
        String tools = ",'tools':[{'type':'function','function':{'name':'look','parameters':{'type':'object'}}}]";
        JsonNode choice = result(paper.chat(vendor, "[[sim tool=look answer={\"at\":1}]]", tools))
                .at("/choices/0");
        JsonNode call = choice.at("/message/tool_calls/0");

        assertThat(choice.path("finish_reason").asText()).isEqualTo("tool_calls");
        assertThat(call.path("id").asText()).isNotEmpty();
        assertThat(call.path("type").asText()).isEqualTo("function");
        assertThat(call.at("/function/name").asText()).isEqualTo("look");
        assertThat(Translating.JSON.readTree(call.at("/function/arguments").asText()))
                .isEqualTo(json("{'at':1}"));
        String conversation = "{\"messages\":[{\"role\":\"user\",\"content\":\"[[sim tool=look]] please\"},"
                + choice.path("message") + ",{\"role\":\"tool\",\"tool_call_id\":" + call.path("id")
                + ",\"content\":\"a cat\"}]" + tools.replace('\'', '"') + "}";
        AttemptOutcome next = paper.call(vendor, Operation.CHAT, conversation, PaperCalls.KEY, PaperCalls.PATIENT);
        assertThat(result(next).at("/choices/0/message/content").asText()).contains("please");
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ANTHROPIC")
    void textsAreEmbedded(Vendor vendor) throws JsonProcessingException {
        AttemptOutcome outcome = paper.call(
                vendor,
                Operation.EMBED,
                "{\"model\":\"ours\",\"input\":[\"a red ship\",\"taxes\"],\"dimensions\":64}",
                PaperCalls.KEY,
                PaperCalls.PATIENT);
        JsonNode list = result(outcome);

        assertThat(list.path("object").asText()).isEqualTo("list");
        assertThat(list.path("data")).hasSize(2);
        assertThat(list.at("/data/1/index").asInt()).isEqualTo(1);
        assertThat(list.at("/data/0/embedding")).hasSize(64);
        assertThat(list.at("/data/0/embedding")).isNotEqualTo(list.at("/data/1/embedding"));
        assertThat(answer(outcome).usage().inputTokens()).isPositive();
        assertThat(answer(outcome).usage().outputTokens()).isZero();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.INCLUDE, names = "ANTHROPIC")
    void whoHasNoEmbeddingsIsNotAskedForThem(Vendor vendor) {
        AttemptOutcome outcome = paper.call(
                vendor, Operation.EMBED, "{\"model\":\"ours\",\"input\":\"x\"}", PaperCalls.KEY, PaperCalls.PATIENT);

        assertThat(Translating.told(outcome)).isEqualTo("refused INVALID_REQUEST");
        assertThat(paper.simulator.calls()).isEmpty();
    }
}
