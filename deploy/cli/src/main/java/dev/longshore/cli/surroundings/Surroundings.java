package dev.longshore.cli.surroundings;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// All that a command can see and touch besides the server.
///
/// @param environment the environment variables
/// @param program how the program was called, for hints that can be copied
/// @param home the checkout, whose data folders may hold a key; null outside of one
/// @param chance where ids and jitter come from
public record Surroundings(
        Map<String, String> environment,
        InputStream in,
        PrintStream out,
        PrintStream err,
        Terminal terminal,
        String program,
        @Nullable Path home,
        InstantSource clock,
        Pause pause,
        Interrupts interrupts,
        RandomGenerator chance) {

    public Surroundings {
        environment = Map.copyOf(environment);
    }

    /// An environment variable that is set to something.
    public Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(value -> !value.isEmpty());
    }
}
