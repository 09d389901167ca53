package dev.longshore.rig;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Readers of events, while what tells them breaks.
@Timeout(180)
class EventsFollowedTest extends Broken {
    /// How long an API waits for requests under way before it ends all the same; far longer than it takes to send
    /// readers elsewhere.
    private static final String LONG = "60s";

    private static final Duration SOON = Duration.ofSeconds(30);

    /// A model that says some hundred words in so many seconds.
    private static String speakingFor(int seconds) {
        return """
                {"models": {"sim-small": {"latency": {"fixed_ms": %d}, "first_byte": {"fixed_ms": 100}, "output_tokens": 400}}}""".formatted(seconds * 1_000);
    }

    private String streamed(String prompt) {
        ObjectNode job = Client.chat("interactive", prompt);
        job.withObject("/input").put("stream", true);
        return cluster.client().accepted(cluster.api(1), job);
    }

    @Test
    void aChatIsReadWhileItIsSaid() {
        cluster.simulator().script(speakingFor(2));
        String job = streamed("read along");
        try (Reading reader = Reading.of(cluster.client(), cluster.api(1), job, "")) {
            eventually("it begins to speak", () -> !reader.shown().isEmpty());
            assertThat(reader.told()).doesNotContain("complete");
            // Somebody who comes in the middle hears all of it as well.
            try (Reading late = Reading.of(cluster.client(), cluster.api(1), job, "")) {
                eventually("both have read it", () -> reader.ended() && late.ended());
                assertThat(reader.answer()).isNotEmpty();
                assertThat(reader.shown()).isEqualTo(reader.answer());
                assertThat(late.shown()).isEqualTo(late.answer());
                assertThat(late.told()).isEqualTo(reader.told());
                assertThat(reader.told())
                        .startsWith("queued", "processing", "token")
                        .endsWith("complete", "result", "done");
                assertThat(Collections.frequency(reader.told(), "token")).isGreaterThan(10);
            }
        }
        allIsWellInTheEnd();
    }

    @Test
    void aReaderIsToldToDropWhatADeadWorkerSaid() {
        cluster.simulator().script(speakingFor(4));
        String job = streamed("said twice");
        try (Reading reader = Reading.of(cluster.client(), cluster.api(1), job, "")) {
            eventually("it begins to speak", () -> reader.shown().length() > 100);
            cluster.worker(1).process().kill();
            cluster.worker(2).start();

            eventually("it has read it", reader::ended);
            assertThat(reader.told())
                    .containsSubsequence("processing", "token", "reset", "queued", "processing", "token", "complete");
            assertThat(reader.shown()).isEqualTo(reader.answer()).isNotEmpty();
        }
        allIsWellInTheEnd();
    }

    @Test
    void whenItsApiStopsAReaderGoesOnElsewhere() {
        cluster.simulator().script(speakingFor(6));
        cluster.api(2).begin(Map.of("QUARKUS_SHUTDOWN_TIMEOUT", LONG)).awaitReady();
        String job = streamed("read at two servers");
        try (Reading reader = Reading.of(cluster.client(), cluster.api(2), job, "")) {
            eventually("it begins to speak", () -> reader.shown().length() > 100);
            long from = System.nanoTime();
            cluster.api(2).process().askToEnd();
            eventually("it is sent elsewhere", reader::ended);
            assertThat(reader.lastComment()).contains("come back with Last-Event-ID");
            try (Reading next = Reading.of(cluster.client(), cluster.api(1), job, reader.lastId())) {
                cluster.api(2).process().awaitEnd();
                assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(SOON);
                eventually("it has read it", next::ended);
                assertThat(reader.shown() + next.shown()).isEqualTo(next.answer());
                assertThat(next.told()).endsWith("complete", "result", "done").doesNotContain("queued", "reset");
            }
        }
        allIsWellInTheEnd();
    }

    @Test
    void withoutABrokerAReaderIsToldTheEnd() {
        cluster.simulator().script(holding(1));
        String job = cluster.client().accepted(cluster.api(1), Client.chat("interactive", "followed in silence"));
        try (Reading reader = Reading.of(cluster.client(), cluster.api(1), job, "")) {
            eventually("it is called", () -> openCalls() == 1);
            cluster.broker().kill();
            cluster.simulator().release();

            eventually("it is told the end", reader::ended);
            assertThat(reader.told()).containsExactly("queued", "processing", "complete", "result", "done");
        }
        cluster.startBroker().awaitReady();
        allIsWellInTheEnd();
    }
}
