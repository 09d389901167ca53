package dev.longshore.standalone.servers;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// The data folder of a PostgreSQL server, and the commands that make, run and stop the server on it.
public final class PostgresFolder {
    static final String SUPERUSER = "postgres";

    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

    private final Path data;
    private final PostgresBinaries binaries;
    private final String password;

    /// @param data where the data lives; made when it is absent
    /// @param password of the superuser, set when the data is made; empty means that every local caller is trusted
    public PostgresFolder(Path data, PostgresBinaries binaries, String password) {
        this.data = data.toAbsolutePath();
        this.binaries = binaries;
        this.password = password;
    }

    /// Makes the folder ready to be served: creates the data when there is none, stops a server that outlived whoever
    /// started it, and removes the lock of one that did not live to remove it.
    ///
    /// @throws IOException when the data cannot be made or the old server cannot be stopped
    public void prepare() throws IOException {
        if (!Files.exists(data.resolve("PG_VERSION"))) create();
        Optional<ProcessHandle> holder =
                recordedServer().flatMap(ProcessHandle::of).filter(ProcessHandle::isAlive);
        // The lock of a dead server is left to PostgreSQL: it names the memory that the dead server's sessions may
        // still use,
        // and a new server starts only when they are gone.
        if (holder.isEmpty()) return;
        if (servesThisFolder(holder.get())) {
            stop(StopMode.FAST);
        } else {
            // After a restart of the machine or container the number may belong to anything; PostgreSQL would refuse to
            // start.
            Files.deleteIfExists(lockFile());
        }
    }

    /// The command that serves the folder in the foreground. `SIGINT` to its process stops it, but [#stop] is the
    /// better way.
    public List<String> serverCommand(int port, PostgresSettings settings) {
        var command = new ArrayList<>(unprivileged(binaries.program("postgres").toString()));
        command.addAll(List.of("-D", data.toString(), "-p", Integer.toString(port)));
        settings.values().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(setting -> command.addAll(List.of("-c", setting.getKey() + "=" + setting.getValue())));
        return command;
    }

    /// Stops the server of this folder and waits for its end; does nothing when none runs.
    ///
    /// @throws IOException when it still runs after half a minute
    public void stop(StopMode mode) throws IOException {
        Optional<ProcessHandle> server =
                recordedServer().flatMap(ProcessHandle::of).filter(this::servesThisFolder);
        if (server.isEmpty()) return;
        run(
                STOP_LIMIT.plusSeconds(5),
                binaries.program("pg_ctl").toString(),
                "stop",
                "-D",
                data.toString(),
                "-m",
                mode.word,
                "-w",
                "-t",
                Long.toString(STOP_LIMIT.toSeconds()));
    }

    /// How a server on this folder is reached when it listens on the port.
    public PostgresAddress address(int port) {
        return new PostgresAddress(port, SUPERUSER, password);
    }

    /// Whether the programs that came with this build can load the library, such as `pg_stat_statements`, at start.
    public boolean offers(String library) {
        return binaries.hasLibrary(library);
    }

    /// How much the server still does before it ends.
    public enum StopMode {
        /// Sessions are ended, then everything is written out.
        FAST("fast"),
        /// Ends at once, as in a crash; the next start recovers.
        IMMEDIATE("immediate");

        private final String word;

        StopMode(String word) {
            this.word = word;
        }
    }

    private void create() throws IOException {
        // Made beside its place and moved there when it is whole: a kill in between leaves nothing that looks like
        // data.
        Path fresh = data.resolveSibling(data.getFileName() + ".new");
        Folders.delete(fresh);
        Folders.delete(data);
        Files.createDirectories(data.getParent());
        var command = new ArrayList<>(List.of(
                binaries.program("initdb").toString(),
                "--pgdata=" + fresh,
                "--username=" + SUPERUSER,
                "--encoding=UTF8",
                // The same order of texts on every machine, whatever locales it has.
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--no-sync"));
        Path secret = fresh.resolveSibling(fresh.getFileName() + ".password");
        if (password.isEmpty()) {
            command.add("--auth=trust");
        } else {
            command.add("--auth=scram-sha-256");
            command.add("--pwfile=" + secret);
            PrivateFile.write(secret, password);
        }
        try {
            run(Duration.ofMinutes(2), command.toArray(String[]::new));
        } finally {
            Files.deleteIfExists(secret);
        }
        Files.move(fresh, data, StandardCopyOption.ATOMIC_MOVE);
    }

    private Path lockFile() {
        return data.resolve("postmaster.pid");
    }

    private Optional<Long> recordedServer() throws IOException {
        if (!Files.exists(lockFile())) return Optional.empty();
        return Files.readAllLines(lockFile()).stream()
                .findFirst()
                .map(String::trim)
                .map(Long::valueOf);
    }

    private boolean servesThisFolder(ProcessHandle process) {
        Path workingFolder = Path.of("/proc", Long.toString(process.pid()), "cwd");
        try {
            // A server works inside its data folder, and nothing else has a reason to.
            if (Files.isSymbolicLink(workingFolder)) {
                return Files.readSymbolicLink(workingFolder).equals(data.toRealPath());
            }
        } catch (IOException _) {
            return false;
        }
        return process.info()
                .commandLine()
                .filter(line -> line.contains("postgres") && line.contains(data.toString()))
                .isPresent();
    }

    private void run(Duration limit, String... command) throws IOException {
        Path output = Files.createTempFile("longshore-postgres", ".txt");
        try {
            Process process = new ProcessBuilder(unprivileged(command))
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new IOException(command[0] + " did not end within " + limit.toSeconds() + " s");
            }
            if (process.exitValue() != 0) {
                throw new IOException(
                        command[0] + " failed: " + Files.readString(output).strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for " + command[0], e);
        } finally {
            Files.deleteIfExists(output);
        }
    }

    private static List<String> unprivileged(String... command) {
        // PostgreSQL refuses to run as root; in a user namespace of its own it is nobody, and its files stay ours.
        var whole = new ArrayList<String>();
        if (new UnixSystem().getUid() == 0) whole.addAll(List.of("unshare", "-U"));
        whole.addAll(List.of(command));
        return whole;
    }
}
