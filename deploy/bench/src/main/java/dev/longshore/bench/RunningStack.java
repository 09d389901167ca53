package dev.longshore.bench;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/// A standalone Longshore in processes of its own, on a data folder that outlives it, so that it can be
/// stopped and started again with another number of workers.
final class RunningStack implements AutoCloseable {
    private static final int START_SECONDS = 180;

    private final Path data;
    private final Process process;
    private final int port;

    private RunningStack(Path data, Process process, int port) {
        this.data = data;
        this.process = process;
        this.port = port;
    }

    /// @param home the checkout
    static RunningStack start(Path home, Path data, int workers, List<String> more)
            throws IOException, InterruptedException {
        int port = freePort();
        List<String> command = new ArrayList<>(List.of(
                home.resolve("scripts/start").toString(),
                "--data",
                data.toString(),
                "--port",
                Integer.toString(port),
                "--workers",
                Integer.toString(workers),
                "--shared-buffers",
                "1GB"));
        command.addAll(more);
        Path log = data.resolveSibling(data.getFileName() + ".log");
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        builder.environment().put("LONGSHORE_LANES_STANDARD_BACKLOG_LIMIT", "100000000");
        RunningStack stack = new RunningStack(data, builder.start(), port);
        stack.awaitUp(log);
        return stack;
    }

    private void awaitUp(Path log) throws IOException, InterruptedException {
        Probe probe = new Probe(port);
        for (int tenths = 0; tenths < START_SECONDS * 10; tenths++) {
            if (probe.ready()) {
                return;
            }
            if (process.waitFor(100, TimeUnit.MILLISECONDS)) {
                throw new IOException("the stack ended at its start:\n" + Files.readString(log));
            }
        }
        throw new IOException("the stack was not ready after " + START_SECONDS + " s:\n" + Files.readString(log));
    }

    int port() {
        return port;
    }

    int simulatorPort() throws IOException {
        return Integer.parseInt(ports().getProperty("simulator"));
    }

    String key() throws IOException {
        return Files.readString(data.resolve("api-key")).strip();
    }

    Connection connect(String database) throws IOException, SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + ports().getProperty("postgres") + "/" + database,
                "postgres",
                Files.readString(data.resolve("postgres-password")).strip());
    }

    /// One number out of Longshore's own database.
    long number(String sql) throws IOException, SQLException {
        try (Connection connection = connect("longshore");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    private Properties ports() throws IOException {
        Properties ports = new Properties();
        try (InputStream in = Files.newInputStream(data.resolve("ports.properties"))) {
            ports.load(in);
        }
        return ports;
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
