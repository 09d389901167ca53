package dev.longshore.api.admin;

import dev.longshore.api.admin.ProviderView.Breaker;
import dev.longshore.api.admin.ProviderView.LimitInUse;
import dev.longshore.api.admin.ProviderView.RefusedKey;
import dev.longshore.api.admin.ProviderView.Rest;
import dev.longshore.provider.LatencyBuckets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// What all workers together know of the providers at one moment, read in one go: these tables are small.
///
/// @param breakers those that have ever opened
/// @param loads of the last minute
/// @param refusedKeys those that are not accepted, by provider, in the order of their numbers
/// @param rests that are not over
/// @param limits the parts that workers hold, in the order of their names
record ProviderFigures(
        Map<ProvidersModel, Breaker> breakers,
        Map<String, List<RefusedKey>> refusedKeys,
        Map<ProvidersModel, Load> loads,
        Map<ProvidersModel, List<Rest>> rests,
        List<LimitInUse> limits) {

    private static final String BREAKERS = """
            SELECT provider, model, state, reason, changed_at, open_until, openings
              FROM breaker
             WHERE key_number < 0
            """;

    private static final String REFUSED_KEYS = """
            SELECT provider, key_number, model, reason, changed_at,
                   CASE WHEN state = 'open' THEN open_until END AS retry_at
              FROM breaker
             WHERE key_number >= 0 AND state <> 'closed'
             ORDER BY provider, key_number, model
            """;

    // A worker that has said nothing for longer is gone, or cannot reach us: its figures are not those of now.
    private static final String REPORTS = """
            SELECT provider, model, in_flight, calls, failures, throttled, latencies
              FROM provider_report
             WHERE at > now() - interval '15 seconds'
            """;

    private static final String RESTS = """
            SELECT provider, model, key_number, until, reason
              FROM provider_rest
             WHERE until > now()
             ORDER BY provider, model, key_number
            """;

    private static final String LIMITS = """
            SELECT allowance, sum(part)::bigint AS part, sum(in_use)::bigint AS in_use, sum(wanted)::bigint AS wanted
              FROM permit_share
             WHERE lapses_at > now()
             GROUP BY allowance
             ORDER BY allowance
            """;

    /// A model as its provider knows it.
    record ProvidersModel(String provider, String model) {
        static ProvidersModel read(ResultSet row) throws SQLException {
            return new ProvidersModel(row.getString("provider"), row.getString("model"));
        }
    }

    /// What workers reported of a model, added up.
    record Load(long inFlight, long calls, long failures, long throttled, long[] latencies) {
        static final Load NONE = new Load(0, 0, 0, 0, new long[LatencyBuckets.COUNT]);

        static Load read(ResultSet row) throws SQLException {
            long[] latencies = new long[LatencyBuckets.COUNT];
            Integer[] reported = (Integer[]) row.getArray("latencies").getArray();
            for (int bucket = 0; bucket < reported.length; bucket++) {
                // A worker of another version may have more of them.
                latencies[Math.min(bucket, latencies.length - 1)] += reported[bucket];
            }
            return new Load(
                    row.getLong("in_flight"),
                    row.getLong("calls"),
                    row.getLong("failures"),
                    row.getLong("throttled"),
                    latencies);
        }

        Load plus(Load other) {
            long[] sum = latencies.clone();
            for (int bucket = 0; bucket < sum.length; bucket++) {
                sum[bucket] += other.latencies[bucket];
            }
            return new Load(
                    inFlight + other.inFlight,
                    calls + other.calls,
                    failures + other.failures,
                    throttled + other.throttled,
                    sum);
        }
    }

    static ProviderFigures read(DataSource database) throws SQLException {
        Map<ProvidersModel, Breaker> breakers = new HashMap<>();
        Map<String, List<RefusedKey>> refusedKeys = new HashMap<>();
        Map<ProvidersModel, Load> loads = new HashMap<>();
        Map<ProvidersModel, List<Rest>> rests = new HashMap<>();
        List<LimitInUse> limits = new ArrayList<>();
        try (Connection connection = database.getConnection()) {
            each(
                    connection,
                    BREAKERS,
                    row -> breakers.put(
                            ProvidersModel.read(row),
                            new Breaker(
                                    row.getString("state"),
                                    row.getString("reason"),
                                    moment(row, "changed_at"),
                                    moment(row, "open_until"),
                                    row.getInt("openings"))));
            each(
                    connection,
                    REFUSED_KEYS,
                    row -> refusedKeys
                            .computeIfAbsent(row.getString("provider"), _ -> new ArrayList<>())
                            .add(new RefusedKey(
                                    row.getInt("key_number"),
                                    row.getString("model").isEmpty() ? null : row.getString("model"),
                                    row.getString("reason"),
                                    row.getTimestamp("changed_at").toInstant(),
                                    moment(row, "retry_at"))));
            each(connection, REPORTS, row -> loads.merge(ProvidersModel.read(row), Load.read(row), Load::plus));
            each(
                    connection,
                    RESTS,
                    row -> rests.computeIfAbsent(ProvidersModel.read(row), _ -> new ArrayList<>())
                            .add(new Rest(
                                    row.getInt("key_number"),
                                    row.getTimestamp("until").toInstant(),
                                    row.getString("reason"))));
            each(
                    connection,
                    LIMITS,
                    row -> limits.add(new LimitInUse(
                            row.getString("allowance"),
                            row.getLong("part"),
                            row.getLong("in_use"),
                            row.getLong("wanted"))));
        }
        return new ProviderFigures(breakers, refusedKeys, loads, rests, limits);
    }

    /// Takes what one row says.
    @FunctionalInterface
    private interface Reading {
        void row(ResultSet row) throws SQLException;
    }

    private static void each(Connection connection, String sql, Reading reading) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                reading.row(row);
            }
        }
    }

    private static @Nullable Instant moment(ResultSet row, String column) throws SQLException {
        Timestamp at = row.getTimestamp(column);
        return at == null ? null : at.toInstant();
    }
}
