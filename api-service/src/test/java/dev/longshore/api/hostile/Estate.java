package dev.longshore.api.hostile;

import dev.longshore.api.Api;
import dev.longshore.api.FakeWorker;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;

/// A tenant with a queued job, a dead letter, a key, a webhook endpoint and what is owed to it: hostile requests that
/// name them reach as deep as honest ones.
final class Estate {
    private final DataSource database;
    private final Api owner = Api.ofNewTenant();
    private final String job;
    private final String dead;
    private final String tenant;
    private final String key;
    private final String endpoint;
    private final String delivery;

    Estate(DataSource database) throws SQLException {
        this.database = database;
        // Nobody listens at that port, so that calls to it fail at once.
        endpoint = owner.post(
                        "/v1/webhook-endpoints",
                        "{\"url\":\"http://127.0.0.1:65535/hook\",\"events\":[\"job.failed\"]}")
                .json()
                .path("id")
                .asText();
        // The first look makes it.
        owner.get("/v1/webhook-secret");
        job = owner.chat();
        dead = owner.chat();
        new FakeWorker(database).fail(dead);
        delivery = owner.get("/v1/webhook-deliveries").json().at("/data/0/id").asText();
        if (endpoint.isEmpty() || delivery.isEmpty()) {
            throw new AssertionError("no webhook endpoint, or nothing is owed to it");
        }
        tenant = Api.operator()
                .post("/v1/admin/tenants", "{\"name\":\"e" + Long.toHexString(System.nanoTime()) + "\"}")
                .json()
                .path("id")
                .asText();
        key = Api.operator()
                .post("/v1/admin/tenants/" + tenant + "/api-keys", "{\"name\":\"estate\"}")
                .json()
                .path("id")
                .asText();
    }

    Api owner() {
        return owner;
    }

    String job() {
        return job;
    }

    /// The path with ids of things that are there.
    String path(Route route) {
        return route.with(name -> switch (name) {
            case "id" -> id(route.path());
            case "key" -> key;
            case "name" -> "simulator";
            default -> "unknown-1";
        });
    }

    private String id(String path) {
        // The events of a job that is over end; those of another would keep every test waiting.
        return path.endsWith("/events")
                ? dead
                : Map.of(
                                "admin", tenant,
                                "models", "sim-small",
                                "webhook-endpoints", endpoint,
                                "webhook-deliveries", delivery)
                        .getOrDefault(path.split("/")[2], job);
    }

    /// The key to call this route with.
    String bearer(String path) {
        return path.startsWith("/v1/admin") ? Api.BOOTSTRAP_KEY : owner.key();
    }

    /// The head of a request, but for its last, empty line.
    String head(String method, String target) {
        return method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + bearer(target)
                + "\r\n";
    }

    /// A whole request with a JSON body.
    byte[] request(String method, String target, byte[] body, String... headers) {
        StringBuilder head = new StringBuilder(head(method, target));
        if (body.length > 0 || method.equals("POST")) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        if (body.length > 0 && Arrays.stream(headers).noneMatch(header -> header.startsWith("Content-Type"))) {
            head.append("Content-Type: application/json\r\n");
        }
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        return join(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1), body);
    }

    byte[] request(String method, String target, String body, String... headers) {
        return request(method, target, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    /// How many rows each table has. Partitions count with their tables; the outbox does not, since its rows go by
    /// themselves.
    Map<String, Long> census() throws SQLException {
        Map<String, Long> rows = new TreeMap<>();
        try (Connection connection = database.getConnection();
                var statement = connection.createStatement()) {
            try (var tables = statement.executeQuery(
                    "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace"
                            + " AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> 'outbox'")) {
                while (tables.next()) {
                    rows.put(tables.getString(1), 0L);
                }
            }
            for (String table : rows.keySet()) {
                try (var count = statement.executeQuery("SELECT count(*) FROM " + table)) {
                    count.next();
                    rows.put(table, count.getLong(1));
                }
            }
        }
        return rows;
    }

    static byte[] join(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] whole = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, whole, at, part.length);
            at += part.length;
        }
        return whole;
    }
}
