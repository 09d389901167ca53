package dev.longshore.standalone.servers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// PostgreSQL and a broker for one run of tests: on free ports and a fresh folder, gone without trace afterwards.
///
/// Prints one line of JSON when both answer: `{"jdbc":...,"user":...,"password":...,"kafka":...}`. Stops and
/// deletes everything when its standard input ends, which it does however the test process ends, or on `SIGTERM`.
public final class TestServers {
    private final Path folder;
    private final PostgresServer postgres;
    private final Broker broker;
    private final int kafkaPort;

    private TestServers(Path folder, PostgresServer postgres, Broker broker, int kafkaPort) {
        this.folder = folder;
        this.postgres = postgres;
        this.broker = broker;
        this.kafkaPort = kafkaPort;
    }

    static TestServers start() throws IOException {
        Path folder = Files.createTempDirectory("longshore-test-");
        var ports = FreePorts.take(3);
        var postgres = CompletableFuture.supplyAsync(() -> startPostgres(folder, ports.getFirst()));
        Broker broker = Broker.start(BrokerSettings.alone(ports.get(1), ports.get(2), folder.resolve("kafka")));
        try {
            return new TestServers(folder, postgres.join(), broker, ports.get(1));
        } catch (CompletionException e) {
            broker.close();
            Folders.delete(folder);
            throw new IOException("PostgreSQL did not start", e.getCause());
        }
    }

    String line() {
        PostgresAddress address = postgres.address();
        return "{\"jdbc\":\"" + address.jdbcUrl() + "\",\"user\":\"" + address.user() + "\",\"password\":\""
                + address.password() + "\",\"kafka\":\"127.0.0.1:" + kafkaPort + "\"}";
    }

    void discard() {
        try {
            postgres.discard();
            broker.close();
            Folders.delete(folder);
        } catch (IOException e) {
            System.err.println("the test servers left something in " + folder + ": " + e.getMessage());
        }
    }

    private static PostgresServer startPostgres(Path folder, int port) {
        try {
            var data = new PostgresFolder(folder.resolve("postgres"), PostgresBinaries.unpacked(), "");
            return PostgresServer.start(data, port, PostgresSettings.forgetful(), folder.resolve("postgres.log"));
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    /// Takes no arguments.
    public static void main(String[] args) throws IOException {
        // Standard output carries the one line and nothing else.
        System.setProperty("org.slf4j.simpleLogger.logFile", "System.err");
        TestServers servers = start();
        Runtime.getRuntime().addShutdownHook(new Thread(servers::discard, "discard"));
        System.out.println(servers.line());
        InputStream parent = System.in;
        while (parent.read() >= 0) {
            // What is said there does not matter, only that somebody still holds the other end.
        }
        System.exit(0);
    }
}
