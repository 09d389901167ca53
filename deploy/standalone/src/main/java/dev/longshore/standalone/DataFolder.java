package dev.longshore.standalone;

import dev.longshore.standalone.servers.Folders;
import dev.longshore.standalone.servers.FreePorts;
import dev.longshore.standalone.servers.PrivateFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/// Everything that a standalone Longshore keeps, under one folder that one process at a time may own.
///
/// | in it | is |
/// |---|---|
/// | `postgres`, `kafka` | the servers' data |
/// | `api-key`, `postgres-password` | secrets, mode 0600 |
/// | `ports.properties` | the ports chosen at the first start |
/// | `logs`, `run` | one log and one process mark for each child |
final class DataFolder implements AutoCloseable {
    private static final String KEY_PREFIX = "sk-longshore-";
    private static final int SECRET_BYTES = 32;
    // Named one by one: a mistyped folder must not cost anybody's files.
    private static final List<String> OURS = List.of(
            "postgres", "postgres.new", "kafka", "api-key", "postgres-password", "ports.properties", "logs", "run");

    private final Path folder;
    private final FileChannel lockFile;

    private DataFolder(Path folder, FileChannel lockFile) {
        this.folder = folder;
        this.lockFile = lockFile;
    }

    /// Makes the folder if need be and takes it for this process.
    ///
    /// @throws InUse when another process has it
    static DataFolder take(Path folder) throws IOException, InUse {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        Path lock = folder.resolve("lock");
        var channel =
                FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileLock held = tryLock(channel);
        if (held == null) {
            channel.close();
            String owner = Files.readString(lock).strip();
            throw new InUse(
                    folder + " is in use by another Longshore" + (owner.isEmpty() ? "" : " (process " + owner + ")")
                            + ": stop that one, or choose another folder with --data");
        }
        channel.truncate(0);
        channel.write(StandardCharsets.UTF_8.encode(ProcessHandle.current().pid() + "\n"));
        return new DataFolder(folder, channel);
    }

    Path path() {
        return folder;
    }

    Path resolve(String name) {
        return folder.resolve(name);
    }

    /// Deletes all that Longshore keeps here, and nothing else. No child may run.
    void clear() throws IOException {
        for (String name : OURS) {
            Path ours = folder.resolve(name);
            if (Files.isDirectory(ours)) Folders.delete(ours);
            else Files.deleteIfExists(ours);
        }
    }

    /// The first tenant's API key: the given one, else the one that was kept, else a new one; kept for the next start.
    String apiKey(@Nullable String given) throws IOException {
        Path file = folder.resolve("api-key");
        if (given != null && !given.isBlank()) {
            PrivateFile.write(file, given.strip());
            return given.strip();
        }
        return secret(file, KEY_PREFIX);
    }

    /// The password of the database's superuser, random at the first start.
    String postgresPassword() throws IOException {
        return secret(folder.resolve("postgres-password"), "");
    }

    /// A port for each name: the one it had at the last start if that is still free, else a new one; kept for the next
    /// start.
    ///
    /// @param taken a port that is given to nobody here, since it is about to be used
    Map<String, Integer> ports(List<String> names, int taken) throws IOException {
        Path file = folder.resolve("ports.properties");
        var kept = new Properties();
        if (Files.exists(file)) {
            try (var reader = Files.newBufferedReader(file)) {
                kept.load(reader);
            }
        }
        var fresh = FreePorts.take(names.size() + 1).stream()
                .filter(port -> port != taken)
                .iterator();
        var ports = new LinkedHashMap<String, Integer>();
        for (String name : names) {
            int before = number(kept.getProperty(name));
            boolean usable = before > 0 && before != taken && !ports.containsValue(before) && FreePorts.isFree(before);
            int port = usable ? before : fresh.next();
            ports.put(name, port);
            kept.setProperty(name, Integer.toString(port));
        }
        try (var writer = Files.newBufferedWriter(file)) {
            kept.store(writer, "chosen when they were first needed; a port that is taken at a start is replaced");
        }
        return ports;
    }

    /// Gives the folder back.
    @Override
    public void close() throws IOException {
        lockFile.close();
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException _) {
            return null;
        }
    }

    private static int number(@Nullable String text) {
        try {
            return text == null ? 0 : Integer.parseInt(text.strip());
        } catch (NumberFormatException _) {
            return 0;
        }
    }

    private static String secret(Path file, String prefix) throws IOException {
        if (Files.exists(file)) return Files.readString(file).strip();
        var bytes = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(bytes);
        String secret = prefix + HexFormat.of().formatHex(bytes);
        PrivateFile.write(file, secret);
        return secret;
    }

    /// Another process owns the folder; the message says which.
    static final class InUse extends Exception {
        private static final long serialVersionUID = 1;

        InUse(String message) {
            super(message);
        }
    }
}
