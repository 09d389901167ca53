package dev.longshore.standalone;

import dev.longshore.standalone.arguments.Arguments;
import dev.longshore.standalone.child.Terminal;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;

/// Runs Longshore in the foreground until `SIGINT` or `SIGTERM`, which drains it. The options are listed in
/// [Options#USAGE].
public final class Standalone {
    private static final int STATUS_USAGE = 64;
    private static final int STATUS_UNAVAILABLE = 69;

    private Standalone() {}

    /// Exits with 64 when the options are wrong and 69 when something stands in the way.
    public static void main(String[] args) throws InterruptedException {
        var terminal = new Terminal(System.out);
        try {
            Stack stack = Stack.prepare(
                    Options.of(Arguments.of(args, Options.VALUED, Options.FLAGS)), System.getenv(), terminal);
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(
                            () -> {
                                stack.stop();
                                terminal.flush();
                            },
                            "stop"));
            stack.start();
            terminal.say(Banner.up(stack));
        } catch (Arguments.Refused e) {
            leave(terminal, e.getMessage() + "\n" + Options.USAGE, STATUS_USAGE);
        } catch (Stack.Unstartable | IOException e) {
            leave(terminal, "Longshore cannot start: " + e.getMessage(), STATUS_UNAVAILABLE);
        }
        new CountDownLatch(1).await();
    }

    private static void leave(Terminal terminal, String reason, int status) {
        terminal.flush();
        System.err.println(reason);
        System.exit(status);
    }
}
