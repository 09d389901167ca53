package dev.longshore.standalone.child;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Runs a program in a session of its own. Ctrl-C in a terminal is sent to every process of the terminal's
/// foreground group at once: without this the database would stop beside the services that still need it.
public final class OwnSession {
    private OwnSession() {}

    /// The command that runs the given one in its own session under the same process id; the given one itself where
    /// this machine has no program for it.
    public static List<String> of(List<String> command) {
        return onPath("setsid")
                .map(setsid ->
                        Stream.concat(Stream.of(setsid), command.stream()).toList())
                .or(() -> onPath("perl")
                        .map(perl -> Stream.concat(
                                        Stream.of(
                                                perl,
                                                "-e",
                                                "use POSIX; POSIX::setsid(); exec {$ARGV[0]} @ARGV or exit 127"),
                                        command.stream())
                                .toList()))
                .orElse(command);
    }

    private static Optional<String> onPath(String program) {
        String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
        return Pattern.compile(Pattern.quote(File.pathSeparator))
                .splitAsStream(path)
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }
}
