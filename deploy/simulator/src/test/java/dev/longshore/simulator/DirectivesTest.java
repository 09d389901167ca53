package dev.longshore.simulator;

import static dev.longshore.simulator.Caller.json;
import static dev.longshore.simulator.Caller.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DirectivesTest {

    private final Simulator simulator = Simulator.start(0);
    private final Caller caller = new Caller(simulator);

    @AfterEach
    void stop() {
        caller.close();
        simulator.close();
    }

    @Test
    void aPromptMayOrderAnError() throws Exception {
        assertThat(caller.chat("please fail [[sim status=500]]").statusCode()).isEqualTo(500);
        assertThat(caller.chat("[[sim malformed]] now").body()).startsWith("<html>");
    }

    @Test
    void anErrorMayPassAfterSomeTimes() throws Exception {
        String prompt = "try hard [[sim status=429 retry_after=1 times=2]]";
        HttpResponse<String> first = caller.chat(prompt);

        assertThat(first.statusCode()).isEqualTo(429);
        assertThat(first.headers().firstValue("retry-after")).hasValue("1");
        assertThat(caller.chat(prompt).statusCode()).isEqualTo(429);
        assertThat(caller.chat("another " + prompt).statusCode()).isEqualTo(429);
        assertThat(caller.chat(prompt).statusCode()).isEqualTo(200);
    }

    @Test
    void severalErrorsTakeTurns() throws Exception {
        String prompt = "[[sim status=429 times=1]][[sim status=503 times=1]] then fine";

        assertThat(caller.chat(prompt).statusCode()).isEqualTo(429);
        assertThat(caller.chat(prompt).statusCode()).isEqualTo(503);
        assertThat(caller.chat(prompt).statusCode()).isEqualTo(200);
    }

    @Test
    void aPromptMayOrderItsAnswer() throws Exception {
        assertThat(text(caller.chat("hi [[sim answer=forty-two = 42]]"))).isEqualTo("forty-two = 42");
        assertThat(json(caller.chat("hi [[sim output_tokens=500 input_tokens=7]]"))
                        .get("usage")
                        .toString())
                .contains("\"prompt_tokens\":7,\"completion_tokens\":500");
    }

    @Test
    void directivesAreNotQuotedInTheAnswer() throws Exception {
        assertThat(text(caller.chat("before [[sim latency=1]]after"))).contains("“before after”");
    }

    @Test
    void aPromptOverrulesTheScript() throws Exception {
        simulator.script("{\"default\":{\"faults\":[{\"kind\":\"status\",\"status\":500}]}}");

        assertThat(caller.chat("[[sim status=418]]").statusCode()).isEqualTo(418);
        assertThat(caller.chat("plain").statusCode()).isEqualTo(500);
    }

    @Test
    void anUnknownDirectiveIsA400ThatNamesIt() throws Exception {
        HttpResponse<String> word = caller.chat("[[sim hiccup]]");
        HttpResponse<String> pair = caller.chat("[[sim colour=red]]");

        assertThat(word.statusCode()).isEqualTo(400);
        assertThat(word.body()).contains("no fault called hiccup");
        assertThat(pair.body()).contains("does not know colour");
        assertThat(caller.chat("[[sim status=many]]").body()).contains("status must be a whole number");
        assertThat(caller.chat("[[sim never closed").statusCode()).isEqualTo(200);
    }

    @Test
    void embeddingsTakeDirectivesToo() throws Exception {
        assertThat(caller.post(
                                "/v1/embeddings",
                                "{\"model\":\"sim-embed\",\"input\":[\"fine\",\"not [[sim status=503]]\"]}")
                        .statusCode())
                .isEqualTo(503);
    }
}
