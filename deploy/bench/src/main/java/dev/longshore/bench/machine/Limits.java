package dev.longshore.bench.machine;

import dev.longshore.bench.load.ClosedLoop;
import dev.longshore.bench.load.ClosedLoop.Load;
import dev.longshore.bench.load.Target;
import dev.longshore.bench.stack.BenchFailed;
import dev.longshore.bench.stack.RunningStack;
import dev.longshore.bench.stack.Servant;
import dev.longshore.standalone.servers.FreePorts;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;

/// What the machine can do at most, on the same database server and the same processors as Longshore.
public final class Limits {
    private static final int CONNECTIONS = 64;
    private static final int GROUP = 500;
    /// As many as there are processors: one keeps the database busy while the other's client works.
    private static final int GROUPING_CONNECTIONS = 2;
    private static final String PAYLOAD = "x".repeat(1_024);

    private static final String DATABASE = "limits";
    private static final String INSERT_ONE = "INSERT INTO l1 VALUES (?, ?)";
    private static final String INSERT_MANY = "INSERT INTO l2 (payload) SELECT * FROM unnest(?::text[])";
    private static final String INSERT_READY = "INSERT INTO l3 (payload) SELECT * FROM unnest(?::text[])";

    private static final String CLAIM = """
            UPDATE l3
               SET state = 'running'
             WHERE id = ANY (ARRAY(SELECT id
                                     FROM l3
                                    WHERE state = 'ready'
                                    ORDER BY id
                                    LIMIT 500
                                      FOR UPDATE SKIP LOCKED))
            RETURNING id, payload
            """;

    private static final String COMPLETE = """
            UPDATE l3
               SET state = 'done', result = d.result
              FROM unnest(?::bigint[], ?::text[]) AS d (id, result)
             WHERE l3.id = d.id
            """;

    private final RunningStack stack;
    private final DataSource database;
    private final Duration time;

    /// @param time how long each is measured
    public Limits(RunningStack stack, Duration time) throws SQLException {
        this.stack = stack;
        this.time = time;
        stack.database().create(DATABASE);
        database = stack.database().source(DATABASE);
    }

    /// L1: one row a commit from 64 connections, prepared; rows a second.
    public double rowPerCommit() throws SQLException {
        execute("DROP TABLE IF EXISTS l1", "CREATE TABLE l1 (id uuid PRIMARY KEY, payload text NOT NULL)");
        double rate = perSecond(CONNECTIONS, connection -> {
            PreparedStatement insert = connection.prepareStatement(INSERT_ONE);
            return () -> {
                insert.setObject(1, UUID.randomUUID());
                insert.setString(2, PAYLOAD);
                return insert.executeUpdate();
            };
        });
        execute("DROP TABLE l1");
        return rate;
    }

    /// L2: rows in groups of 500; rows a second.
    public double rowsInGroups() throws SQLException {
        execute("DROP TABLE IF EXISTS l2", "CREATE TABLE l2 (id bigserial PRIMARY KEY, payload text NOT NULL)");
        double rate = perSecond(GROUPING_CONNECTIONS, connection -> {
            PreparedStatement insert = connection.prepareStatement(INSERT_MANY);
            insert.setArray(1, connection.createArrayOf("text", payloads()));
            return insert::executeUpdate;
        });
        execute("DROP TABLE l2");
        return rate;
    }

    /// L3: a whole life in one wide row, in groups of 500: insert, claim with SKIP LOCKED, complete with a
    /// result; jobs a second.
    public double wholeLife() throws SQLException {
        execute("DROP TABLE IF EXISTS l3", """
                CREATE TABLE l3 (
                    id      bigserial PRIMARY KEY,
                    state   text      NOT NULL DEFAULT 'ready',
                    payload text      NOT NULL,
                    result  text
                )
                """, "CREATE INDEX ON l3 (id) WHERE state = 'ready'");
        double rate = perSecond(GROUPING_CONNECTIONS, connection -> {
            PreparedStatement insert = connection.prepareStatement(INSERT_READY);
            PreparedStatement claim = connection.prepareStatement(CLAIM);
            PreparedStatement complete = connection.prepareStatement(COMPLETE);
            String[] payloads = payloads();
            return () -> {
                insert.setArray(1, connection.createArrayOf("text", payloads));
                insert.executeUpdate();
                List<Long> ids = new ArrayList<>();
                try (ResultSet rows = claim.executeQuery()) {
                    while (rows.next()) {
                        ids.add(rows.getLong(1));
                    }
                }
                complete.setArray(1, connection.createArrayOf("int8", ids.toArray()));
                complete.setArray(2, connection.createArrayOf("text", Arrays.copyOf(payloads, ids.size())));
                return complete.executeUpdate();
            };
        });
        execute("DROP TABLE l3");
        return rate;
    }

    /// What a bare endpoint does, and what the calls cost the generator.
    ///
    /// @param rate requests a second
    /// @param generatorMicros processor time of the generator for one request
    public record Endpoint(double rate, double generatorMicros) {}

    /// L5: an endpoint in a process of its own that parses a body and answers 202, 64 connections.
    ///
    /// @param json the body
    public Endpoint bareEndpoint(Vertx vertx, String json) throws IOException {
        int port = FreePorts.take();
        Servant endpoint =
                stack.startProgram("endpoint", BareEndpoint.class, "256m", port, List.of(Integer.toString(port)));
        try {
            ClosedLoop loop = new ClosedLoop(vertx, Target.post(port, "/v1/jobs", "none", json));
            loop.warmUp(CONNECTIONS, time.multipliedBy(2));
            long before = generator();
            Load load = loop.run(CONNECTIONS, time);
            double micros = (generator() - before) / (double) load.accepted();
            if (load.others() + load.broken() > 0) {
                throw new BenchFailed(
                        "the bare endpoint refused " + load.others() + " calls and broke " + load.broken());
            }
            return new Endpoint(load.rate(), micros);
        } finally {
            stack.stopProgram(endpoint);
        }
    }

    private long generator() {
        return stack.processorTime().micros().getOrDefault("generator", 0L);
    }

    private interface Work {
        /// Does it once and says how many rows or jobs that was.
        int once() throws SQLException;
    }

    private interface Worker {
        Work on(Connection connection) throws SQLException;
    }

    private double perSecond(int connections, Worker worker) throws SQLException {
        stack.alarm().check();
        List<Connection> open = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(connections)) {
            List<Work> works = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                Connection connection = database.getConnection();
                open.add(connection);
                works.add(worker.on(connection));
            }
            long begun = System.nanoTime();
            long end = begun + time.toNanos();
            List<Future<Long>> counts = new ArrayList<>();
            for (Work work : works) {
                counts.add(threads.submit(() -> {
                    long count = 0;
                    while (System.nanoTime() - end < 0) {
                        count += work.once();
                    }
                    return count;
                }));
            }
            long sum = 0;
            for (Future<Long> count : counts) {
                sum += count.get();
            }
            return sum / ((System.nanoTime() - begun) / 1e9);
        } catch (ExecutionException e) {
            throw new BenchFailed("the database's limits cannot be measured: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchFailed("interrupted", e);
        } finally {
            for (Connection connection : open) {
                connection.close();
            }
        }
    }

    private static String[] payloads() {
        String[] payloads = new String[GROUP];
        Arrays.fill(payloads, PAYLOAD);
        return payloads;
    }

    private void execute(String... statements) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
