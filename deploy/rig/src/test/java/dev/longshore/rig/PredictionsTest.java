package dev.longshore.rig;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.longshore.rig.Books.Attempt;
import dev.longshore.rig.Books.Outcome;
import dev.longshore.simulator.Call;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Predictions, from the request to the answer, over a whole system.
@Timeout(180)
class PredictionsTest extends Broken {
    private static final String MODEL = "sim-later";

    private String ordered(String prompt) {
        return cluster.client().accepted(cluster.api(1), Client.chat("standard", MODEL, prompt));
    }

    private static String behaving(String behaviour) {
        return "{\"models\": {\"" + MODEL + "\": {" + behaviour + "}}}";
    }

    private List<Attempt> attempts(String job) {
        return cluster.books().attempts(Set.of(job));
    }

    private void completes(String job) {
        eventually("the job ends", () -> cluster.areOver(Set.of(job)));
        assertThat(cluster.books().outcomes(Set.of(job)))
                .extracting(Outcome::status)
                .containsExactly("complete");
    }

    private List<Call> bought() {
        return cluster.simulator().calls(MODEL);
    }

    @Test
    void itIsSubmittedAndAskedForUntilItsAnswerIsThere() throws Exception {
        cluster.simulator().script(behaving("\"latency\": {\"fixed_ms\": 800}, \"answer\": \"At last.\""));
        String job = ordered("take your time");
        completes(job);

        assertThat(attempts(job)).extracting(Attempt::outcome).containsExactly("answered");
        assertThat(bought()).extracting(Call::route).containsExactly("predictions");
        assertThat(cluster.client()
                        .get(cluster.api(1), "/v1/jobs/" + job)
                        .body()
                        .at("/result/choices/0/message/content")
                        .asText())
                .isEqualTo("At last.");
    }

    @Test
    void itIsFollowedOnItsWay() throws Exception {
        cluster.simulator().script(behaving("\"latency\": {\"fixed_ms\": 7000}, \"first_byte\": {\"fixed_ms\": 100}"));
        String job = ordered("tell me how far you are");
        try (Reading reader = Reading.of(cluster.client(), cluster.api(1), job, "")) {
            eventually("it has begun", () -> reader.progress().size() >= 2);
            JsonNode running =
                    cluster.client().get(cluster.api(1), "/v1/jobs/" + job).body();
            assertThat(running.path("status").asText()).isEqualTo("processing");
            assertThat(running.path("progress").asDouble())
                    .isBetween(reader.progress().getFirst().path("progress").asDouble(), 0.99);
            assertThat(running.path("progress_message").asText()).matches("step [0-9] of 10");
            eventually("it is over", reader::ended);

            assertThat(reader.progress())
                    .hasSizeGreaterThanOrEqualTo(3)
                    .extracting(step -> step.path("progress").asDouble())
                    .isSorted()
                    .doesNotHaveDuplicates()
                    .allSatisfy(share -> assertThat(share).isBetween(0.0, 0.99));
            assertThat(reader.progress())
                    .allSatisfy(
                            step -> assertThat(step.path("message").asText()).matches("step [0-9] of 10"));
            assertThat(reader.told())
                    .startsWith("queued", "processing", "progress")
                    .endsWith("complete", "result", "done")
                    .doesNotContain("reset");
        }
        JsonNode over = cluster.client().get(cluster.api(1), "/v1/jobs/" + job).body();
        assertThat(over.path("progress").asDouble()).isEqualTo(1);
        assertThat(over.path("progress_message").isNull()).isTrue();
    }

    @Test
    void oneThatFailedIsBoughtAgain() {
        cluster.simulator().script(behaving("\"faults\": [{\"kind\": \"failed\", \"calls\": \"1\"}]"));
        String job = ordered("fail once");
        completes(job);

        assertThat(attempts(job)).extracting(Attempt::outcome).containsExactly("broken", "answered");
        assertThat(bought()).hasSize(2);
    }

    @Test
    void theWorkerThatBoughtItIsKilledAndTheNextWaitsForTheSame() {
        cluster.simulator().script(behaving("\"faults\": [{\"kind\": \"endless\"}]"));
        String job = ordered("outlive the worker");
        eventually("it is written down", () -> cluster.books().predictionsUnderWay() == 1);
        cluster.worker(2).start();
        cluster.worker(1).process().kill();
        eventually(
                "the next worker has the job",
                () -> cluster.books().runs().stream()
                        .anyMatch(run -> run.epoch() == 2 && run.status().equals("processing")));

        assertThat(cluster.simulator().release()).as("predictions that go on").isEqualTo(1);

        completes(job);
        assertThat(bought()).as("it is paid for once").hasSize(1);
        assertThat(attempts(job)).singleElement().satisfies(attempt -> {
            assertThat(attempt.outcome()).isEqualTo("answered");
            assertThat(attempt.epoch()).isEqualTo(2);
            assertThat(attempt.attempt())
                    .as("the worker's death is not charged")
                    .isEqualTo(1);
        });
    }

    /// It takes a little more than seven and a half seconds. Without a callback it is looked at after six to seven and
    /// a half, and not before twelve.
    @Test
    void theProvidersCallBringsTheNextLook() {
        cluster.worker(1).process().kill();
        cluster.worker(2)
                .begin(Map.of(
                        "LONGSHORE_PROVIDERS_LATER_PREDICTION_CALLBACK_URL",
                        cluster.api(1).address().toString()))
                .awaitReady();
        cluster.simulator().script(behaving("\"latency\": {\"fixed_ms\": 7600}"));
        String job = ordered("call me back");
        completes(job);

        Instant submitted =
                Instant.ofEpochMilli(Objects.requireNonNull(bought().getFirst()).receivedAt());
        assertThat(Duration.between(submitted, attempts(job).getFirst().endedAt()))
                .isBetween(Duration.ofMillis(7_600), Duration.ofSeconds(12));
    }
}
