package dev.longshore.standalone.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    Path temporary;

    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private final Terminal terminal = new Terminal(new PrintStream(shown, true, StandardCharsets.UTF_8));
    private final List<Child> children = new ArrayList<>();

    @AfterEach
    void leaveNothingRunning() {
        children.forEach(Child::stop);
    }

    @Test
    void aChildThatDiesIsStartedAgain() throws Exception {
        Child child = child("exec sleep 600", Duration.ofSeconds(5)).start();
        child.awaitReady(LIMIT);
        long first = child.process().orElseThrow().pid();
        child.process().orElseThrow().destroyForcibly();
        await().atMost(LIMIT)
                .until(() -> child.process().filter(now -> now.pid() != first).isPresent());
        assertThat(child.starts()).isEqualTo(2);
        assertThat(said()).contains("child ended with status 137").contains("it is started again at once");
    }

    @Test
    void aStoppedChildStaysStopped() throws Exception {
        Child child = child("exec sleep 600", Duration.ofSeconds(5)).start();
        child.awaitReady(LIMIT);
        ProcessHandle process = child.process().orElseThrow();
        child.stop();
        assertThat(process.isAlive()).isFalse();
        assertThat(child.process()).isEmpty();
        assertThat(temporary.resolve("run")).isEmptyDirectory();
        assertThat(child.starts()).isEqualTo(1);
    }

    @Test
    void aChildThatIgnoresTheRequestIsKilledWhenPatienceEnds() throws Exception {
        Path deaf = temporary.resolve("deaf");
        Child child = child("trap '' TERM; touch " + deaf + "; while :; do sleep 1; done", Duration.ofMillis(300))
                .start();
        await().atMost(LIMIT).until(() -> Files.exists(deaf));
        ProcessHandle process = child.process().orElseThrow();
        child.stop();
        assertThat(process.isAlive()).isFalse();
        assertThat(said()).contains("did not stop within").contains("is killed");
    }

    @Test
    void aChildThatNeverLivesIsReportedWithItsLastWords() throws IOException {
        Child child = child("echo no such database; exit 3", Duration.ofSeconds(5), () -> false)
                .start();
        assertThatThrownBy(() -> child.awaitReady(LIMIT))
                .isInstanceOf(Child.NotReady.class)
                .hasMessageContaining("child ends right after each start")
                .hasMessageContaining("no such database");
    }

    @Test
    void itsWordsAreKeptAndTheNotableOnesShown() throws Exception {
        Child child = child("echo '2026-01-01 INFO fine'; echo '2026-01-01 WARN odd'; exec sleep 600", LIMIT)
                .start();
        await().atMost(LIMIT).until(() -> said().contains("WARN odd"));
        assertThat(said()).contains("child    | 2026-01-01 WARN odd").doesNotContain("INFO fine");
        assertThat(temporary.resolve("logs/child.log")).hasContent("2026-01-01 INFO fine\n2026-01-01 WARN odd");
        assertThat(child.name()).isEqualTo("child");
    }

    @Test
    void aMarkIsOfThisProcessOnly() throws Exception {
        Child child = child("exec sleep 600", LIMIT).start();
        child.awaitReady(LIMIT);
        var mark = ProcessMark.read(temporary.resolve("run/child.pid")).orElseThrow();
        assertThat(mark.living()).contains(child.process().orElseThrow());
        assertThat(new ProcessMark(mark.pid(), "another start").living()).isEmpty();
        assertThat(new ProcessMark(ProcessHandle.current().pid(), mark.started()).living())
                .isEmpty();
    }

    @Test
    void anOrphanIsEndedAndItsMarkForgotten() throws Exception {
        Child child = child("exec sleep 600", LIMIT).start();
        child.awaitReady(LIMIT);
        ProcessHandle orphan = child.process().orElseThrow();
        Path marks = temporary.resolve("elsewhere");
        Files.createDirectories(marks);
        Files.copy(temporary.resolve("run/child.pid"), marks.resolve("child.pid"));
        assertThat(Orphans.end(marks, "other"::equals, LIMIT)).isEmpty();
        assertThat(orphan.isAlive()).isTrue();
        assertThat(Orphans.end(marks, "child"::equals, LIMIT)).containsExactly("child");
        assertThat(orphan.isAlive()).isFalse();
        assertThat(marks).isEmptyDirectory();
    }

    private Child child(String script, Duration patience) throws IOException {
        return child(script, patience, () -> true);
    }

    private Child child(String script, Duration patience, ChildPlan.Question ready) throws IOException {
        var plan = ChildPlan.of("child", List.of("sh", "-c", script), Map.of(), ready, patience);
        var backoff = new Backoff(Duration.ofMillis(10), Duration.ofMillis(50), Duration.ofSeconds(30));
        var child = new Child(plan, temporary, backoff, terminal, false);
        children.add(child);
        return child;
    }

    private String said() {
        terminal.flush();
        return shown.toString(StandardCharsets.UTF_8);
    }
}
