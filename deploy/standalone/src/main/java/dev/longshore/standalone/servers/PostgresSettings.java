package dev.longshore.standalone.servers;

import java.util.LinkedHashMap;
import java.util.Map;

/// What a PostgreSQL server is started with, by PostgreSQL's own names.
///
/// @param values setting to value, given to the server on its command line, so that they win over the data folder's
/// file
public record PostgresSettings(Map<String, String> values) {
    public PostgresSettings {
        values = Map.copyOf(values);
    }

    /// For data that must outlive a power failure: every commit is on the disk before it is answered.
    ///
    /// @param sharedBuffers memory for pages, as PostgreSQL writes it, such as `256MB`
    public static PostgresSettings durable(String sharedBuffers) {
        var values = common();
        values.put("shared_buffers", sharedBuffers);
        values.put("fsync", "on");
        values.put("synchronous_commit", "on");
        values.put("full_page_writes", "on");
        // Whole pages go to the log after each checkpoint: fewer checkpoints and packed pages keep the log short.
        values.put("wal_compression", "on");
        values.put("max_wal_size", "4GB");
        values.put("checkpoint_timeout", "15min");
        return new PostgresSettings(values);
    }

    /// For tests, whose data nobody will miss: nothing waits for the disk.
    public static PostgresSettings forgetful() {
        var values = common();
        values.put("shared_buffers", "128MB");
        values.put("fsync", "off");
        values.put("synchronous_commit", "off");
        values.put("full_page_writes", "off");
        return new PostgresSettings(values);
    }

    /// The same with one setting more, or another value for it.
    public PostgresSettings with(String name, String value) {
        var changed = new LinkedHashMap<>(values);
        changed.put(name, value);
        return new PostgresSettings(changed);
    }

    private static Map<String, String> common() {
        var values = new LinkedHashMap<String, String>();
        values.put("listen_addresses", "127.0.0.1");
        // No socket file: its path would have to be short, and nobody uses it.
        values.put("unix_socket_directories", "");
        values.put("max_connections", "200");
        values.put("timezone", "UTC");
        values.put("log_timezone", "UTC");
        // Short statements in great number: compiling them costs more than it gives.
        values.put("jit", "off");
        values.put("random_page_cost", "1.1");
        // The table of live jobs holds few rows that change all the time, and says itself when it wants to be vacuumed;
        // somebody has to look often enough. What only grows is left to the server's defaults: looked after more
        // often, it took a processor's tenth from the work.
        values.put("autovacuum_naptime", "5s");
        values.put("autovacuum_vacuum_cost_limit", "2000");
        return values;
    }
}
