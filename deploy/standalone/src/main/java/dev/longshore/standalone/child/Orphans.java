package dev.longshore.standalone.child;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Children that outlived us because we were killed. Each is recognised by its mark; a process that merely has the
/// same number is left alone.
public final class Orphans {
    private Orphans() {}

    /// Ends every process marked in the folder that still lives and has a name that is meant, politely for as long
    /// as given and then by force, and forgets these marks.
    ///
    /// @return the names of those that were ended
    public static List<String> end(Path marks, Predicate<String> meant, Duration patience) throws IOException {
        var names = new ArrayList<String>();
        var living = new ArrayList<ProcessHandle>();
        var files = files(marks, meant);
        for (Path file : files) {
            ProcessMark.read(file).flatMap(ProcessMark::living).ifPresent(process -> {
                names.add(name(file));
                living.add(process);
            });
        }
        living.forEach(ProcessHandle::destroy);
        if (!allEnd(living, patience)) {
            living.forEach(ProcessHandle::destroyForcibly);
            allEnd(living, patience);
        }
        for (Path file : files) Files.deleteIfExists(file);
        return names;
    }

    private static boolean allEnd(List<ProcessHandle> processes, Duration patience) {
        try {
            CompletableFuture.allOf(
                            processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
                    .get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException _) {
            return false;
        }
    }

    private static List<Path> files(Path marks, Predicate<String> meant) throws IOException {
        if (!Files.isDirectory(marks)) return List.of();
        try (Stream<Path> files = Files.list(marks)) {
            return files.filter(file -> file.toString().endsWith(Child.MARK_SUFFIX))
                    .filter(file -> meant.test(name(file)))
                    .sorted()
                    .toList();
        }
    }

    private static String name(Path mark) {
        String file = mark.getFileName().toString();
        return file.substring(0, file.length() - Child.MARK_SUFFIX.length());
    }
}
