package dev.longshore.standalone.child;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Optional;

/// What tells one process from every other that ever had or will have its number.
///
/// @param pid its number
/// @param started when it started: on Linux the boot it belongs to and the ticks since then, which no change of the
/// clock moves
record ProcessMark(long pid, String started) {
    private static final int STARTED_AFTER_NAME = 19;

    /// The mark of a living process; empty when it has ended or does not show its start.
    static Optional<ProcessMark> of(ProcessHandle process) {
        return started(process).map(started -> new ProcessMark(process.pid(), started));
    }

    /// The process, if it still lives and is the one that was marked.
    Optional<ProcessHandle> living() {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(process -> started(process).filter(started::equals).isPresent());
    }

    /// Reads a mark; empty when the file is absent or was cut short.
    static Optional<ProcessMark> read(Path file) throws IOException {
        try {
            String[] words = Files.readString(file).strip().split(" ");
            return words.length == 2
                    ? Optional.of(new ProcessMark(Long.parseLong(words[0]), words[1]))
                    : Optional.empty();
        } catch (NoSuchFileException | NumberFormatException _) {
            return Optional.empty();
        }
    }

    void write(Path file) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".writing");
        Files.writeString(fresh, pid + " " + started + "\n");
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static Optional<String> started(ProcessHandle process) {
        Path stat = Path.of("/proc", Long.toString(process.pid()), "stat");
        try {
            if (Files.exists(stat)) {
                String line = Files.readString(stat);
                // The name may hold spaces and parentheses; what follows the last one is numbered.
                String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
                String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id"))
                        .strip();
                return Optional.of(boot + "+" + fields[STARTED_AFTER_NAME]);
            }
        } catch (IOException _) {
            return Optional.empty();
        }
        return process.info().startInstant().map(Instant::toString);
    }
}
