package dev.longshore.rig.chaos;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.longshore.rig.proof.Told;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Everything that the client asked and was told, in memory and in a file with one line of JSON each.
///
/// Safe for use by many threads.
final class History implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<Told> told = new ArrayList<>();
    private final Set<String> jobs = new HashSet<>();
    private final BufferedWriter file;

    History(Path file) {
        try {
            this.file = Files.newBufferedWriter(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    synchronized void add(Told one) {
        told.add(one);
        String job = one.job();
        if (one.isPromise() && job != null) {
            jobs.add(job);
        }
        try {
            file.write(JSON.writeValueAsString(one));
            file.newLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    synchronized List<Told> told() {
        return List.copyOf(told);
    }

    /// How many different jobs were promised.
    synchronized int promised() {
        return jobs.size();
    }

    /// Everything about these jobs.
    synchronized List<Told> of(Set<String> ids) {
        return told.stream()
                .filter(one -> one.job() != null && ids.contains(one.job()))
                .toList();
    }

    @Override
    public synchronized void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
