package dev.longshore.cli.commands;

import dev.longshore.cli.server.Address;
import dev.longshore.cli.server.KeyFinder;
import dev.longshore.cli.server.Server;
import dev.longshore.cli.show.Paint;
import dev.longshore.cli.show.Voice;
import dev.longshore.cli.surroundings.Interrupts;
import dev.longshore.cli.surroundings.Surroundings;
import org.jspecify.annotations.Nullable;

/// What a command works with, as far as it needs it: made once the options are known.
///
/// Safe for use by the threads that webhooks and Ctrl-C bring.
final class Session implements AutoCloseable {
    private static final String DEFAULT_URL = "http://127.0.0.1:8080";

    private final Surroundings surroundings;
    private final Globals globals;
    private @Nullable Voice voice;
    private @Nullable Server server;
    private KeyFinder.Found found = new KeyFinder.Found(null, "");

    Session(Surroundings surroundings, Globals globals) {
        this.surroundings = surroundings;
        this.globals = globals;
    }

    Surroundings surroundings() {
        return surroundings;
    }

    boolean json() {
        return globals.json;
    }

    boolean quiet() {
        return globals.quiet;
    }

    synchronized Voice voice() {
        Voice made = voice;
        if (made == null) {
            made = new Voice(
                    surroundings.out(),
                    surroundings.err(),
                    surroundings.terminal(),
                    paint(surroundings, globals.noColor),
                    globals.quiet);
            voice = made;
        }
        return made;
    }

    /// Colours only where people look, and only if they have not said no.
    static Paint paint(Surroundings surroundings, boolean noColor) {
        boolean seen = surroundings.terminal().out() && surroundings.terminal().err();
        return !seen
                        || noColor
                        || surroundings.variable("NO_COLOR").isPresent()
                        || surroundings.variable("TERM").filter("dumb"::equals).isPresent()
                ? Paint.PLAIN
                : Paint.COLOUR;
    }

    /// @throws Misuse when what was typed names no server, or is no key
    synchronized Server server() {
        Server made = server;
        if (made == null) {
            Address address = address();
            made = new Server(address, key(address));
            server = made;
        }
        return made;
    }

    /// Why no key was found, if that needs saying; empty otherwise.
    String keyHint() {
        return found.hint();
    }

    /// A command that can be copied and works with the same server.
    String hint(String command) {
        String url = globals.baseUrl;
        return surroundings.program() + " " + command + (url == null ? "" : " --base-url " + url);
    }

    /// Says how to go on, should Ctrl-C come.
    Interrupts.Watch sayWhenInterrupted(String jobId) {
        return surroundings
                .interrupts()
                .then(() -> voice().lastWords(() -> {
                    voice().complain("Stopped watching; the job goes on.");
                    voice().complain("  to watch it again:  " + hint("watch " + jobId));
                    voice().complain("  to cancel it:       " + hint("cancel " + jobId));
                }));
    }

    @Override
    public synchronized void close() {
        if (server != null) {
            server.close();
        }
    }

    private Address address() {
        String url = globals.baseUrl;
        String source = "--base-url";
        if (url == null) {
            source = "LONGSHORE_URL";
            url = surroundings.variable(source).orElse(DEFAULT_URL);
        }
        try {
            return Address.of(url);
        } catch (IllegalArgumentException e) {
            throw new Misuse(source + ": " + e.getMessage());
        }
    }

    private @Nullable String key(Address address) {
        String key = globals.apiKey;
        if (key == null) {
            key = surroundings.variable("LONGSHORE_API_KEY").orElse(null);
        }
        if (key == null) {
            found = KeyFinder.in(surroundings.home(), address);
            key = found.key();
        }
        // A header takes nothing else, and whoever complains of that quotes the key.
        if (key != null && !key.strip().matches("[!-~]+")) {
            throw new Misuse("the API key must be one word of visible ASCII characters");
        }
        return key == null ? null : key.strip();
    }
}
