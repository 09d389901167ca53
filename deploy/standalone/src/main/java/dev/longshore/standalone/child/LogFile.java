package dev.longshore.standalone.child;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// A child's words on the disk: one file, and the one before it; the oldest go first.
final class LogFile implements AutoCloseable {
    private static final long LARGEST = 16L * 1024 * 1024;
    private static final int REMEMBERED = 20;

    private final Path file;
    private final Deque<String> last = new ArrayDeque<>(REMEMBERED);
    private BufferedWriter writer;
    private long size;

    LogFile(Path file) throws IOException {
        this.file = file;
        this.size = Files.exists(file) ? Files.size(file) : 0;
        this.writer = open();
    }

    synchronized void write(String line) throws IOException {
        if (size > LARGEST) {
            writer.close();
            Files.move(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
            writer = open();
            size = 0;
        }
        writer.write(line);
        writer.newLine();
        writer.flush();
        // Close enough: what is not ASCII counts short.
        size += line.length() + 1;
        if (last.size() == REMEMBERED) last.removeFirst();
        last.addLast(line);
    }

    synchronized List<String> lastLines() {
        return List.copyOf(last);
    }

    @Override
    public synchronized void close() throws IOException {
        writer.close();
    }

    private BufferedWriter open() throws IOException {
        return Files.newBufferedWriter(
                file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
