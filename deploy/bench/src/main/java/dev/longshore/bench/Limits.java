package dev.longshore.bench;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/// What the machine can do at most, on the same database server and the same processors as Longshore.
final class Limits {
    private static final int CONNECTIONS = 64;
    private static final int GROUP = 500;
    private static final String PAYLOAD = "x".repeat(1_024);

    private final RunningStack stack;
    private final Duration time;

    Limits(RunningStack stack, Duration time) {
        this.stack = stack;
        this.time = time;
    }

    /// L1: one row a commit from 64 connections, prepared; rows a second.
    double rowPerCommit() throws IOException, SQLException, InterruptedException {
        prepare("DROP TABLE IF EXISTS l1", "CREATE TABLE l1 (id uuid PRIMARY KEY, payload text NOT NULL)");
        AtomicLong rows = new AtomicLong();
        List<Connection> connections = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            connections.add(stack.connect("bench"));
        }
        List<Thread> threads = new ArrayList<>();
        long begun = System.nanoTime();
        long end = begun + time.toNanos();
        for (Connection connection : connections) {
            threads.add(Thread.ofPlatform().start(() -> insertUntil(connection, end, rows)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        for (Connection connection : connections) {
            connection.close();
        }
        return rows.get() / seconds;
    }

    private static void insertUntil(Connection connection, long end, AtomicLong rows) {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO l1 VALUES (?, ?)")) {
            while (System.nanoTime() < end) {
                insert.setObject(1, UUID.randomUUID());
                insert.setString(2, PAYLOAD);
                insert.executeUpdate();
                rows.incrementAndGet();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /// L3: a whole life in one wide row, in groups of 500: insert, claim with SKIP LOCKED, complete with
    /// a result; jobs a second.
    double wholeLife() throws IOException, SQLException {
        prepare("DROP TABLE IF EXISTS l3", """
                CREATE TABLE l3 (id bigserial PRIMARY KEY, state text NOT NULL DEFAULT 'ready', payload text NOT NULL, result text)
                """, "CREATE INDEX ON l3 (id) WHERE state = 'ready'");
        String[] payloads = new String[GROUP];
        Arrays.fill(payloads, PAYLOAD);
        long jobs = 0;
        try (Connection connection = stack.connect("bench");
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO l3 (payload) SELECT * FROM unnest(?::text[])");
                PreparedStatement claim = connection.prepareStatement("""
                        UPDATE l3 SET state = 'running'
                         WHERE id = ANY (ARRAY(SELECT id FROM l3 WHERE state = 'ready' ORDER BY id LIMIT 500 FOR UPDATE SKIP LOCKED))
                        RETURNING id, payload
                        """);
                PreparedStatement complete = connection.prepareStatement("""
                        UPDATE l3 SET state = 'done', result = d.result FROM unnest(?::bigint[], ?::text[]) AS d (id, result)
                         WHERE l3.id = d.id
                        """)) {
            long begun = System.nanoTime();
            long end = begun + time.toNanos();
            while (System.nanoTime() < end) {
                insert.setArray(1, connection.createArrayOf("text", payloads));
                insert.executeUpdate();
                List<Long> ids = new ArrayList<>();
                try (var rows = claim.executeQuery()) {
                    while (rows.next()) {
                        ids.add(rows.getLong(1));
                    }
                }
                complete.setArray(1, connection.createArrayOf("int8", ids.toArray()));
                complete.setArray(2, connection.createArrayOf("text", payloads));
                complete.executeUpdate();
                jobs += ids.size();
            }
            return jobs / ((System.nanoTime() - begun) / 1e9);
        }
    }

    /// L5: a bare endpoint that parses a body of a kilobyte and answers 202, 64 connections; requests a
    /// second. It is also what the load generator can do at least.
    double bareEndpoint(Vertx vertx, String json) throws IOException {
        HttpServer server = vertx.createHttpServer(
                new HttpServerOptions().setHost("127.0.0.1").setPort(0));
        server.requestHandler(request -> request.bodyHandler(body -> {
            String answer = new JsonObject(body).containsKey("operation") ? "{\"ok\":true}" : "{}";
            request.response()
                    .setStatusCode(202)
                    .putHeader("content-type", "application/json")
                    .end(answer);
        }));
        server.listen().toCompletionStage().toCompletableFuture().join();
        LoadGenerator load = new LoadGenerator(vertx, server.actualPort(), "/v1/jobs", "none", json);
        load.run(CONNECTIONS, time.dividedBy(2));
        double rate = load.run(CONNECTIONS, time).rate();
        server.close().toCompletionStage().toCompletableFuture().join();
        return rate;
    }

    private void prepare(String... statements) throws IOException, SQLException {
        try (Connection connection = stack.connect("postgres");
                Statement statement = connection.createStatement();
                var row = statement.executeQuery("SELECT 1 FROM pg_database WHERE datname = 'bench'")) {
            if (!row.next()) {
                try (Statement create = connection.createStatement()) {
                    create.execute("CREATE DATABASE bench");
                }
            }
        }
        try (Connection connection = stack.connect("bench");
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
