package dev.longshore.standalone.servers;

import dev.longshore.standalone.child.OwnSession;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// A running PostgreSQL server, owned by whoever started it here.
public final class PostgresServer implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(25);

    private final PostgresFolder folder;
    private final PostgresAddress address;
    private final Process process;

    private PostgresServer(PostgresFolder folder, PostgresAddress address, Process process) {
        this.folder = folder;
        this.address = address;
        this.process = process;
    }

    /// Starts a server on the folder and returns when it answers and Longshore's database is there.
    ///
    /// @param log the file that the server's words are added to
    /// @throws IOException when it does not answer within a minute; the message has the last of what it said
    public static PostgresServer start(PostgresFolder folder, int port, PostgresSettings settings, Path log)
            throws IOException {
        folder.prepare();
        PostgresAddress address = folder.address(port);
        long giveUp = System.nanoTime() + START_LIMIT.toNanos();
        while (true) {
            Process process = new ProcessBuilder(OwnSession.of(folder.serverCommand(port, settings)))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .redirectInput(new File("/dev/null"))
                    .start();
            var server = new PostgresServer(folder, address, process);
            if (server.becomesReady(giveUp)) return server;
            // Sessions of a server that was killed hold its shared memory until they notice; a new one refuses to start
            // so long.
            if (System.nanoTime() > giveUp) {
                server.kill();
                throw new IOException("PostgreSQL did not start: " + lastLines(log));
            }
        }
    }

    /// Where it listens.
    public PostgresAddress address() {
        return address;
    }

    /// The postmaster's process id.
    public long pid() {
        return process.pid();
    }

    /// Ends the postmaster as a crash would.
    public void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /// Stops it without care for the data, for folders that are thrown away.
    public void discard() throws IOException {
        folder.stop(PostgresFolder.StopMode.IMMEDIATE);
    }

    /// Stops it with everything written out, and waits for its end.
    @Override
    public void close() throws IOException {
        folder.stop(PostgresFolder.StopMode.FAST);
    }

    private boolean becomesReady(long giveUp) throws IOException {
        try {
            while (System.nanoTime() < giveUp) {
                if (address.answers()) {
                    address.createDatabase(PostgresAddress.DATABASE);
                    return true;
                }
                if (process.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS)) return false;
            }
            return false;
        } catch (SQLException e) {
            throw new IOException("PostgreSQL answers, but its database cannot be created", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while PostgreSQL was starting", e);
        }
    }

    private static String lastLines(Path log) throws IOException {
        var lines = Files.readAllLines(log);
        return String.join(" | ", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
    }
}
