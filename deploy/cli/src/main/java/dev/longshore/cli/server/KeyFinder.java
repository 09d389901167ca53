package dev.longshore.cli.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Where the API key is when nobody gives one: in the data folder of the stack that `scripts/start` or `scripts/demo`
/// runs from this checkout. It is read only for a server on this machine, so that it is shown to no other.
public final class KeyFinder {
    private static final List<String> FOLDERS = List.of(".longshore", ".longshore-demo");

    private KeyFinder() {}

    /// What was found.
    ///
    /// @param key null when there is none
    /// @param hint why there is none, and what to do; empty when there is nothing to say
    public record Found(@Nullable String key, String hint) {}

    /// Looks at the data folders of a checkout.
    ///
    /// @param home null outside of a checkout
    public static Found in(@Nullable Path home, Address address) {
        if (home == null || !address.isLoopback()) {
            return new Found(null, "");
        }
        List<Path> running =
                FOLDERS.stream().map(home::resolve).filter(KeyFinder::isRunning).toList();
        if (running.size() > 1) {
            return new Found(
                    null,
                    "two stacks run from this checkout: set LONGSHORE_API_KEY to what is in the api-key file of "
                            + running.getFirst() + " or of " + running.getLast());
        }
        return new Found(running.stream().findFirst().flatMap(KeyFinder::key).orElse(null), "");
    }

    /// A running stack has its process number in the lock of its folder.
    private static boolean isRunning(Path folder) {
        return read(folder.resolve("lock"))
                .filter(text -> text.matches("[0-9]{1,18}"))
                .flatMap(number -> ProcessHandle.of(Long.parseLong(number)))
                .filter(ProcessHandle::isAlive)
                .isPresent();
    }

    private static Optional<String> key(Path folder) {
        return read(folder.resolve("api-key")).filter(key -> !key.isEmpty());
    }

    private static Optional<String> read(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.findFirst().map(String::strip);
        } catch (IOException | java.io.UncheckedIOException _) {
            return Optional.empty();
        }
    }
}
