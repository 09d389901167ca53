package dev.longshore.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SelectionTest {

    private final Simulator simulator = Simulator.start(0);
    private final Caller caller = new Caller(simulator);

    @AfterEach
    void stop() {
        caller.close();
        simulator.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"3|3", "1-3|1 2 3", "9-|9 10 11 12", "every 5|5 10", "1-2, 7|1 2 7", "1,every 4|1 4 8 12"})
    void callNumbersMeanWhatTheySay(String text, String expected) {
        CallNumbers numbers = CallNumbers.parse(text);
        List<String> hit = LongStream.rangeClosed(1, 12)
                .filter(numbers::contains)
                .mapToObj(Long::toString)
                .toList();

        assertThat(String.join(" ", hit)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "x", "1-x", "-3", "every", "every 0", "1,"})
    void otherCallNumbersAreRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> CallNumbers.parse(text));
    }

    @Test
    void theFirstFaultThatAppliesWinsAndNumbersCountPerModel() throws Exception {
        simulator.script(Script.EMPTY.with(
                "sim-small",
                Behaviour.ORDINARY.withFaults(
                        Fault.status(500).onCalls("1-2"), Fault.status(503).onCalls("2-3"))));
        caller.chat("sim-large", "hello", "");

        assertThat(statuses(4)).containsExactly(500, 500, 503, 200);
        assertThat(simulator.calls("sim-small")).extracting(Call::modelNumber).containsExactly(1L, 2L, 3L, 4L);
        assertThat(simulator.calls()).extracting(Call::number).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void aNewScriptAndAResetStartTheNumbersAfresh() throws Exception {
        String script = "{\"models\":{\"sim-small\":{\"faults\":[{\"kind\":\"status\",\"status\":500,\"calls\":1}]}}}";
        simulator.script(script);
        assertThat(statuses(2)).containsExactly(500, 200);
        caller.method("PUT", "/_sim/script", script);
        assertThat(statuses(2)).containsExactly(500, 200);
        caller.method("DELETE", "/_sim/calls", "");
        assertThat(statuses(2)).containsExactly(500, 200);
        assertThat(simulator.calls()).extracting(Call::number).containsExactly(1L, 2L);
    }

    @Test
    void aSeedRepeatsItsLuck() throws Exception {
        List<Integer> first = lucky(11);
        List<Integer> again = lucky(11);
        List<Integer> other = lucky(12);

        assertThat(again).isEqualTo(first);
        assertThat(other).isNotEqualTo(first);
        assertThat(first).contains(200, 500);
    }

    private List<Integer> lucky(int seed) throws Exception {
        simulator.script("{\"seed\":" + seed
                + ",\"default\":{\"faults\":[{\"kind\":\"status\",\"status\":500,\"probability\":0.5}]}}");
        return statuses(40);
    }

    @Test
    void aProbabilityIsTheShareOfCalls() {
        ModelStage stage = new ModelStage(
                "m", Behaviour.ORDINARY.withFaults(Fault.status(500).withProbability(0.1)), 1, 0);
        long struck = LongStream.rangeClosed(1, 100_000)
                .filter(number -> stage.faultFor(number, "") != null)
                .count();

        assertThat(struck).isBetween(9_700L, 10_300L);
    }

    @Test
    void aFaultMayBeMeantForSomePromptsOnly() throws Exception {
        simulator.script(Script.EMPTY.with(
                "sim-small", Behaviour.ORDINARY.withFaults(Fault.status(500).matching("poison"))));

        assertThat(caller.chat("with poison inside").statusCode()).isEqualTo(500);
        assertThat(caller.chat("harmless").statusCode()).isEqualTo(200);
    }

    @Test
    void aModelTakesFromTheDefaultWhatItDoesNotSayItself() throws Exception {
        simulator.script("""
                {"default":{"answer":"common","input_tokens":5},"models":{"a":{"input_tokens":6}}}""");
        var own = Caller.json(caller.chat("a", "hello", ""));
        var common = Caller.json(caller.chat("b", "hello", ""));

        assertThat(own.at("/choices/0/message/content").asText()).isEqualTo("common");
        assertThat(own.at("/usage/prompt_tokens").asInt()).isEqualTo(6);
        assertThat(common.at("/usage/prompt_tokens").asInt()).isEqualTo(5);
    }

    private List<Integer> statuses(int calls) throws Exception {
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            statuses.add(caller.chat("hello").statusCode());
        }
        return statuses;
    }
}
