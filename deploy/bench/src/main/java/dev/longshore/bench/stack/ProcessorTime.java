package dev.longshore.bench.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// How much processor time processes have used since they started.
///
/// @param micros by the name of the process
public record ProcessorTime(Map<String, Long> micros) {
    /// Linux counts in hundredths of a second wherever Java runs.
    private static final long MICROS_A_TICK = 10_000;

    private static final Path PROC = Path.of("/proc");

    // The fields of /proc/PID/stat behind the name, which is in parentheses.
    private static final int PARENT = 1;
    private static final int USER = 11;
    private static final int SYSTEM = 12;
    private static final int CHILDREN_USER = 13;
    private static final int CHILDREN_SYSTEM = 14;

    /// Of these processes now.
    ///
    /// @param pids by name
    /// @param families names of those whose children count as theirs, also those that have ended
    static ProcessorTime now(Map<String, Long> pids, Set<String> families) {
        Map<String, Long> micros = new LinkedHashMap<>();
        pids.forEach((name, pid) -> {
            boolean family = families.contains(name);
            micros.put(name, Files.isDirectory(PROC) ? fromProc(pid, family) : fromHandle(pid, family));
        });
        return new ProcessorTime(micros);
    }

    /// What was used since an earlier look, a process that came between counted whole.
    public ProcessorTime since(ProcessorTime before) {
        Map<String, Long> used = new LinkedHashMap<>();
        micros.forEach((name, now) -> used.put(name, now - before.micros.getOrDefault(name, 0L)));
        return new ProcessorTime(used);
    }

    private static long fromHandle(long pid, boolean family) {
        return ProcessHandle.of(pid).stream()
                        .flatMap(handle ->
                                family ? Stream.concat(Stream.of(handle), handle.children()) : Stream.of(handle))
                        .mapToLong(handle -> handle.info()
                                .totalCpuDuration()
                                .orElse(Duration.ZERO)
                                .toNanos())
                        .sum()
                / 1_000;
    }

    private static long fromProc(long pid, boolean family) {
        try {
            String[] own = fields(PROC.resolve(Long.toString(pid)));
            if (own.length == 0) {
                return 0;
            }
            long ticks = Long.parseLong(own[USER]) + Long.parseLong(own[SYSTEM]);
            if (family) {
                ticks += Long.parseLong(own[CHILDREN_USER]) + Long.parseLong(own[CHILDREN_SYSTEM]) + children(pid);
            }
            return ticks * MICROS_A_TICK;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long children(long pid) throws IOException {
        long ticks = 0;
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                String[] fields = fields(process);
                if (fields.length > 0 && fields[PARENT].equals(Long.toString(pid))) {
                    ticks += Long.parseLong(fields[USER]) + Long.parseLong(fields[SYSTEM]);
                }
            }
        }
        return ticks;
    }

    private static String[] fields(Path process) throws IOException {
        try {
            String line = Files.readString(process.resolve("stat"));
            return line.substring(line.lastIndexOf(')') + 2).split(" ");
        } catch (NoSuchFileException _) {
            return new String[0];
        } catch (IOException e) {
            // A process that ends while it is read.
            if (Files.exists(process)) {
                throw e;
            }
            return new String[0];
        }
    }
}
