package dev.longshore.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What the JVM remembers of a program's start, so that later starts of the same package take half as long: these
/// programs are started and killed dozens of times. Written once for each package, when a process that was told to ends
/// politely (JEP 514); whatever does not fit any more is passed over by the JVM itself.
///
/// @param jar the program
/// @param memory where it is remembered
record QuickStart(Path jar, Path memory) {
    /// Whether there is something to remember, of this package and no earlier one.
    boolean isLearnt() {
        try {
            return Files.exists(memory)
                    && Files.getLastModifiedTime(memory).compareTo(Files.getLastModifiedTime(jar)) > 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// For a start that makes use of what is remembered, if anything is.
    List<String> options() {
        return isLearnt() ? List.of("-XX:AOTCache=" + memory) : List.of();
    }

    /// For a start that is remembered when the process ends.
    List<String> learning() {
        forget();
        return List.of("-XX:AOTCacheOutput=" + memory);
    }

    /// As if nothing had been learnt.
    void forget() {
        try {
            Files.createDirectories(memory.getParent());
            Files.deleteIfExists(memory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
