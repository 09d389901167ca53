package dev.longshore.rig;

import dev.longshore.standalone.child.OwnSession;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Ends what is left of a cluster and removes its folder when this JVM is gone, however it went: a run
/// of tests that was killed must not leave a database, a broker and services behind. Does nothing where
/// there is no `/proc`.
final class Watchman implements AutoCloseable {
    // Whatever works inside the folder is the cluster's. The input ends when nobody holds its other end
    // any more.
    private static final String WATCH = """
            read -r _
            for process in /proc/[0-9]*; do
              case "$(readlink "$process/cwd")" in "$0"*) kill -9 "${process#/proc/}" ;; esac
            done
            rm -rf "$0"
            """;

    private final Process process;

    private Watchman(Process process) {
        this.process = process;
    }

    static Watchman over(Path folder) throws IOException {
        var command = OwnSession.of(
                List.of("/bin/sh", "-c", WATCH, folder.toRealPath().toString()));
        return new Watchman(new ProcessBuilder(command)
                .directory(new File("/"))
                .redirectErrorStream(true)
                .redirectOutput(new File("/dev/null"))
                .start());
    }

    /// Lets it clear away what is left now.
    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            process.waitFor();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
