package dev.longshore.standalone;

import dev.longshore.standalone.arguments.Arguments;
import dev.longshore.standalone.child.Terminal;
import dev.longshore.standalone.demo.SampleRun;
import dev.longshore.standalone.servers.FreePorts;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Starts Longshore on a fresh data folder of its own, runs the sample work through it, and keeps serving; with
/// `--once` it
/// stops everything instead and tells by its exit status whether all the work was done.
public final class Demo {
    private static final int STATUS_INCOMPLETE = 1;
    private static final int STATUS_USAGE = 64;
    private static final int STATUS_UNAVAILABLE = 69;

    private Demo() {}

    /// Takes the options of [Standalone], and `--once` and `--sample FILE`.
    public static void main(String[] args) throws InterruptedException {
        var terminal = new Terminal(System.out);
        try {
            Arguments arguments = Arguments.of(args, with(Options.VALUED, "sample"), with(Options.FLAGS, "once"));
            Path home = arguments.path("home").orElse(Path.of("").toAbsolutePath());
            Path sample = home.resolve("deploy/standalone/sample");
            Stack stack = Stack.prepare(
                    Options.of(Arguments.of(
                            defaults(args, arguments, home, sample),
                            with(Options.VALUED, "sample"),
                            with(Options.FLAGS, "once"))),
                    System.getenv(),
                    terminal);
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(
                            () -> {
                                stack.stop();
                                terminal.flush();
                            },
                            "stop"));
            terminal.say("Starting PostgreSQL, Kafka, a simulated provider, the API and a worker ...");
            stack.start();
            terminal.say("all up after %.1f s".formatted(stack.seconds()));
            var run = new SampleRun(terminal, isTerminal());
            boolean complete = run.run(
                    stack.api(), stack.apiKey(), arguments.path("sample").orElse(sample.resolve("tickets.jsonl")));
            if (arguments.has("once")) System.exit(complete ? 0 : STATUS_INCOMPLETE);
            terminal.show(Banner.next(stack, run.exampleId()));
        } catch (Arguments.Refused e) {
            leave(
                    terminal,
                    e.getMessage() + "\n" + Options.USAGE.replace("start", "demo")
                            + "\n  --once               stop when the sample work is done",
                    STATUS_USAGE);
        } catch (Stack.Unstartable e) {
            leave(terminal, "Longshore cannot start: " + e.getMessage(), STATUS_UNAVAILABLE);
        } catch (IOException e) {
            leave(terminal, "The demo failed: " + e.getMessage(), STATUS_INCOMPLETE);
        }
        new CountDownLatch(1).await();
    }

    /// The demo's own defaults before what was typed, which wins.
    private static String[] defaults(String[] typed, Arguments arguments, Path home, Path sample) {
        var words = new ArrayList<String>();
        if (arguments.path("data").isEmpty()) {
            words.addAll(List.of("--data", home.resolve(".longshore-demo").toString(), "--fresh"));
        }
        if (arguments.text("port").isEmpty() && !FreePorts.isFree(8080)) {
            words.addAll(List.of("--port", Integer.toString(FreePorts.take())));
        }
        words.addAll(
                List.of("--simulator-script", sample.resolve("simulator.json").toString()));
        words.addAll(Arrays.asList(typed));
        return words.toArray(String[]::new);
    }

    private static boolean isTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal() && !"dumb".equals(System.getenv("TERM"));
    }

    private static Set<String> with(Set<String> names, String more) {
        return Stream.concat(names.stream(), Stream.of(more)).collect(Collectors.toUnmodifiableSet());
    }

    private static void leave(Terminal terminal, String reason, int status) {
        terminal.flush();
        System.err.println(reason);
        System.exit(status);
    }
}
