package dev.longshore.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.longshore.standalone.arguments.Arguments;
import dev.longshore.standalone.child.Child;
import dev.longshore.standalone.child.Terminal;
import dev.longshore.standalone.servers.FreePorts;
import dev.longshore.standalone.servers.PostgresAddress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StackTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    /// Another provider than the simulator, so that none is started.
    private static final Map<String, String> CONFIGURED = Map.of("LONGSHORE_CONFIG", "somewhere.yaml");

    @TempDir
    Path temporary;

    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private final Terminal terminal = new Terminal(new PrintStream(shown, true, StandardCharsets.UTF_8));
    private final List<Stack> stacks = new ArrayList<>();
    private final List<Process> supervisors = new ArrayList<>();
    private final int port = FreePorts.take();

    @AfterEach
    void leaveNothingRunning() throws IOException {
        stacks.forEach(Stack::stop);
        for (Process supervisor : supervisors) {
            supervisor.destroy();
            supervisor.onExit().join();
        }
    }

    @Test
    void everyProcessIsReadyAndKnowsTheOthers() throws Exception {
        Stack stack = started();
        assertThat(stack.children()).extracting(Child::name).containsExactly("postgres", "broker", "api", "worker");
        String environment = get(port, "/environment");
        assertThat(environment)
                .contains("QUARKUS_DATASOURCE_JDBC_URL=" + database().jdbcUrl())
                .contains("QUARKUS_DATASOURCE_PASSWORD=" + database().password())
                .contains("KAFKA_BOOTSTRAP_SERVERS=127.0.0.1:" + kept("broker"))
                .contains("QUARKUS_HTTP_HOST=127.0.0.1")
                .contains("LONGSHORE_BOOTSTRAP_KEY=" + stack.apiKey());
        assertThat(get(kept("worker"), "/environment")).doesNotContain("LONGSHORE_BOOTSTRAP_KEY");
        try (var connection = DriverManager.getConnection(
                database().jdbcUrl(), database().user(), database().password())) {
            assertThat(connection.isValid(2)).isTrue();
        }
    }

    @Test
    void whoeverIsKilledIsStartedAgain() throws Exception {
        Stack stack = started();
        for (Child child : stack.children()) {
            ProcessHandle killed = child.process().orElseThrow();
            killed.destroyForcibly();
            await(child.name())
                    .atMost(LIMIT)
                    .until(() -> child.process()
                            .filter(now -> now.pid() != killed.pid())
                            .isPresent());
        }
        assertThat(stack.children()).allMatch(child -> child.starts() >= 2);
        await().atMost(LIMIT)
                .until(() ->
                        answers(port) && answers(kept("worker")) && database().answers());
    }

    @Test
    void aStopLeavesNoProcessAndTheNextStartFindsEverything() throws Exception {
        Stack first = started();
        String key = first.apiKey();
        var processes = first.children().stream()
                .map(child -> child.process().orElseThrow())
                .toList();
        int postgres = kept("postgres");
        first.stop();
        assertThat(processes).noneMatch(ProcessHandle::isAlive);
        assertThat(temporary.resolve("data/run")).isEmptyDirectory();

        Stack second = started();
        assertThat(second.apiKey()).isEqualTo(key);
        assertThat(kept("postgres")).isEqualTo(postgres);
    }

    @Test
    void aSecondStartOnTheSameFolderIsRefused() throws Exception {
        prepared();
        assertThatThrownBy(this::prepared)
                .isInstanceOf(Stack.Unstartable.class)
                .hasMessageContaining("is in use by another Longshore (process "
                        + ProcessHandle.current().pid() + ")");
    }

    @Test
    void aTakenPortIsNamedBeforeAnythingStarts() throws Exception {
        try (var taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(this::prepared)
                    .isInstanceOf(Stack.Unstartable.class)
                    .hasMessageContaining("port " + taken.getLocalPort() + " is taken");
        }
    }

    @Test
    void theKeyIsRandomKeptAndReadableByItsOwnerOnly() throws Exception {
        String key = prepared().apiKey();
        Path file = temporary.resolve("data/api-key");
        assertThat(key).matches("sk-longshore-[0-9a-f]{64}");
        assertThat(Files.readString(file)).isEqualTo(key + "\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aGivenKeyTakesTheRandomOnesPlace() throws Exception {
        var environment = Map.of("LONGSHORE_CONFIG", "somewhere.yaml", "LONGSHORE_BOOTSTRAP_KEY", "sk-mine");
        Stack stack = Stack.prepare(options(), environment, terminal);
        stacks.add(stack);
        assertThat(stack.apiKey()).isEqualTo("sk-mine");
    }

    @Test
    void aServiceThatCannotRunIsReportedWithItsLastWords() throws Exception {
        Path broken = Files.writeString(temporary.resolve("broken.jar"), "no archive");
        Stack stack = Stack.prepare(options("--worker-jar", broken.toString()), CONFIGURED, terminal);
        stacks.add(stack);
        assertThatThrownBy(stack::start)
                .isInstanceOf(Stack.Unstartable.class)
                .hasMessageContaining("worker ends right after each start")
                .hasMessageContaining("broken.jar");
    }

    @Test
    void childrenOfAKilledSupervisorAreEndedByTheNext() throws Exception {
        Process supervisor = supervisor();
        await().atMost(LIMIT).until(() -> get(port, "/environment").contains("QUARKUS_HTTP_PORT"));
        await().atMost(LIMIT).until(() -> answers(kept("worker")));
        var orphans = supervisor.children().toList();
        assertThat(orphans).hasSize(4);
        supervisor.destroyForcibly().waitFor();
        assertThat(orphans).allMatch(ProcessHandle::isAlive);

        started();
        assertThat(orphans).noneMatch(ProcessHandle::isAlive);
        assertThat(written()).contains("ended what an earlier run left running: worker, api, broker");
    }

    @Test
    void aStrangerWithAnOldNumberIsLeftAlone() throws Exception {
        Process stranger = new ProcessBuilder("sleep", "600").start();
        try {
            Files.createDirectories(temporary.resolve("data/run"));
            Files.writeString(temporary.resolve("data/run/api.pid"), stranger.pid() + " another-boot+12345\n");
            prepared();
            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly().waitFor();
        }
    }

    @Test
    void aRequestToStopEndsEveryProcess() throws Exception {
        Process supervisor = supervisor();
        await().atMost(LIMIT).until(() -> answers(port) && answers(kept("worker")));
        var children = supervisor.children().toList();
        supervisor.destroy();
        assertThat(supervisor.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(children).noneMatch(ProcessHandle::isAlive);
    }

    @Test
    void freshDeletesWhatIsOursAndNothingElse() throws Exception {
        String before = prepared().apiKey();
        stacks.forEach(Stack::stop);
        Path theirs = Files.writeString(temporary.resolve("data/letters.txt"), "dear");
        Stack stack = Stack.prepare(options("--fresh"), CONFIGURED, terminal);
        stacks.add(stack);
        assertThat(stack.apiKey()).isNotEqualTo(before);
        assertThat(theirs).exists();
    }

    private Stack started() throws Exception {
        Stack stack = prepared();
        stack.start();
        return stack;
    }

    private Stack prepared() throws IOException, Stack.Unstartable {
        Stack stack = Stack.prepare(options(), CONFIGURED, terminal);
        stacks.add(stack);
        return stack;
    }

    private Options options(String... more) throws IOException {
        return Options.of(Arguments.of(words(more).toArray(String[]::new), Options.VALUED, Options.FLAGS));
    }

    private List<String> words(String... more) throws IOException {
        String jar = StandIn.pack(temporary).toString();
        var words = new ArrayList<>(List.of("--data", temporary.resolve("data").toString(), "--port", "" + port));
        words.addAll(List.of("--api-jar", jar, "--worker-jar", jar, "--shared-buffers", "32MB"));
        words.addAll(List.of(more));
        return words;
    }

    private Process supervisor() throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                Standalone.class.getName()));
        command.addAll(words());
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(temporary.resolve("supervisor.log").toFile());
        builder.environment().putAll(CONFIGURED);
        Process process = builder.start();
        supervisors.add(process);
        return process;
    }

    private PostgresAddress database() throws IOException {
        String password =
                Files.readString(temporary.resolve("data/postgres-password")).strip();
        return new PostgresAddress(kept("postgres"), "postgres", password);
    }

    private int kept(String name) throws IOException {
        var ports = new Properties();
        try (var reader = Files.newBufferedReader(temporary.resolve("data/ports.properties"))) {
            ports.load(reader);
        }
        return Integer.parseInt(ports.getProperty(name));
    }

    private String written() {
        terminal.flush();
        return shown.toString(StandardCharsets.UTF_8);
    }

    private static boolean answers(int port) throws InterruptedException {
        return get(port, "/q/health/ready") != null && get(port, "/environment").contains("QUARKUS");
    }

    private static String get(int port, String path) throws InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException _) {
            return "";
        }
    }
}
