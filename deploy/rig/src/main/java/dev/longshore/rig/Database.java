package dev.longshore.rig;

import dev.longshore.standalone.servers.PostgresAddress;
import dev.longshore.standalone.servers.PostgresBinaries;
import dev.longshore.standalone.servers.PostgresFolder;
import dev.longshore.standalone.servers.PostgresServer;
import dev.longshore.standalone.servers.PostgresSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/// The system's PostgreSQL, which keeps what it has committed however it ends.
///
/// For one thread at a time, but for [#connect].
public final class Database {
    private final PostgresFolder folder;
    private final PostgresAddress address;
    private final Path log;
    private final PostgresSettings settings;
    private @Nullable PostgresServer server;

    /// @param sessions how many it has for all
    Database(Path data, Path log, int sessions) throws IOException {
        this.folder = new PostgresFolder(data, PostgresBinaries.unpacked(), "");
        this.address = folder.address(Ports.steady());
        this.log = log;
        settings = PostgresSettings.durable("128MB").with("max_connections", Integer.toString(sessions));
    }

    /// Starts it and returns when it answers, recovered from whatever befell it.
    public void start() {
        try {
            server = PostgresServer.start(folder, address.port(), settings, log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Whether the postmaster exists, be it frozen.
    public boolean isAlive() {
        return server != null && ProcessHandle.of(server.pid()).isPresent();
    }

    /// Stops it as an operator does; sessions are ended, and what they had not committed is undone.
    public void stop() {
        PostgresServer stopped = running();
        server = null;
        try {
            stopped.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// `kill -9` of the postmaster. Its sessions notice and end by themselves.
    public void kill() {
        PostgresServer killed = running();
        server = null;
        killed.kill();
    }

    /// `SIGSTOP` of the postmaster and all its sessions: connections stay open and nobody answers.
    public void freeze() {
        // The postmaster first, so that no session is born that would be missed.
        ProcessHandle postmaster = ProcessHandle.of(running().pid()).orElseThrow();
        Signal.STOP.send(List.of(postmaster));
        Signal.STOP.send(postmaster.descendants().toList());
    }

    /// `SIGCONT` to all of them; does no harm to those that were never stopped.
    public void thaw() {
        ProcessHandle postmaster = ProcessHandle.of(running().pid()).orElseThrow();
        var all = new ArrayList<>(postmaster.descendants().toList());
        all.add(postmaster);
        Signal.CONT.send(all);
    }

    /// Opens a session of the test's own.
    public Connection connect() throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", address.user());
        properties.setProperty("password", address.password());
        properties.setProperty("connectTimeout", "5");
        properties.setProperty("socketTimeout", "30");
        properties.setProperty("ApplicationName", "rig");
        return DriverManager.getConnection(address.jdbcUrl(), properties);
    }

    /// Where sessions of the test's own come from.
    public DataSource source() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(address.jdbcUrl());
        source.setUser(address.user());
        source.setPassword(address.password());
        source.setApplicationName("rig");
        source.setSocketTimeout(30);
        return source;
    }

    PostgresAddress address() {
        return address;
    }

    void discard() throws IOException {
        if (server != null) {
            thaw();
            server.discard();
        }
    }

    private PostgresServer running() {
        return Objects.requireNonNull(server, "PostgreSQL is not running");
    }
}
