package dev.longshore.rig;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.cli.commands.CommandLines;
import dev.longshore.cli.surroundings.Surroundings;
import dev.longshore.cli.surroundings.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The command line against the real API.
@Timeout(120)
class CommandLineTest extends Broken {
    private record Outcome(int status, String out, String err) {}

    private Outcome run(String... words) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var surroundings = new Surroundings(
                Map.of(
                        "LONGSHORE_URL", cluster.anyApi().address().toString(),
                        "LONGSHORE_API_KEY", cluster.key(),
                        "LONGSHORE_MODEL", "sim-small"),
                new ByteArrayInputStream(new byte[0]),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Terminal.NONE,
                "longshore",
                null,
                InstantSource.system(),
                pause -> TimeUnit.NANOSECONDS.sleep(pause.toNanos()),
                _ -> () -> {},
                new Random());
        int status = CommandLines.run(surroundings, "test", words);
        return new Outcome(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void fromSubmittingToCancelling() throws Exception {
        var answered = run("submit", "--wait=60", "--label", "test=cli", "[[sim answer=forty-two]] Grüße");
        assertThat(answered.status()).as(answered.err()).isZero();
        assertThat(answered.out()).isEqualTo("forty-two\n");

        String done = run("list", "-q", "--label", "test=cli").out().strip();
        assertThat(run("get", "-q", done, "--wait", "5")).isEqualTo(new Outcome(0, "forty-two\n", ""));
        assertThat(run("get", done).out())
                .startsWith(done + "  complete\n  operation  chat@1\n")
                .contains("  labels     test=cli\n");
        assertThat(run("attempts", done).out()).containsPattern("(?m)^1 +answered +sim-small +paper ");
        assertThat(run("timeline", done).out()).contains("accepted", "complete");
        assertThat(run("models").out()).contains("sim-small  available");

        String later = run("submit", "-q", "--delay=1h", "--idempotency-key", "cli-" + done, "later")
                .out()
                .strip();
        assertThat(run("submit", "-q", "--delay=1h", "--idempotency-key", "cli-" + done, "later")
                        .out()
                        .strip())
                .isEqualTo(later);
        assertThat(run("list", "--status=waiting").out())
                .containsPattern(later + " +waiting +chat@1 +standard +sim-small .* scheduled\n");
        assertThat(run("get", later, "--wait=1").status()).isEqualTo(5);
        assertThat(run("cancel", later).err()).isEqualTo(later + " is cancelled\n");
        assertThat(run("get", later, "--wait=1").status()).isEqualTo(6);

        var failed = run("submit", "--wait=60", "[[sim status=400]]");
        assertThat(failed.status()).as(failed.err()).isEqualTo(1);
        String dead = run("dead-letters", "-q", "--lane=standard")
                .out()
                .lines()
                .findFirst()
                .orElseThrow();
        assertThat(run("dead-letters", "discard", dead).out()).isEqualTo("1 discarded\n");
        assertThat(run("dead-letters", "discard", dead).out()).isEqualTo("0 discarded\n");
    }

    @Test
    void whatTheServerRefusesIsToldInItsWords() {
        var outcome = run("submit", "--lane=fast", "--priority=101", "--model=nobody", "x");

        assertThat(outcome.status()).isEqualTo(3);
        assertThat(outcome.err())
                .startsWith("refused: ")
                .contains(
                        "  field       ",
                        "  also        /",
                        "  code        INVALID_REQUEST (HTTP 400)\n",
                        "  request id  req_",
                        "  trace id    ");
        assertThat(run("get", "job_nobody").status()).isEqualTo(3);
        assertThat(run("get", "--api-key=wrong", "job_nobody").err())
                .contains("code        UNAUTHENTICATED (HTTP 401)");
    }
}
