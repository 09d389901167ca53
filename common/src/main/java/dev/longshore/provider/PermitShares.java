package dev.longshore.provider;

import dev.longshore.provider.SharePlan.Holding;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/// The table in which workers deal limits out among themselves. At any time the parts of a limit add up to no more
/// than the limit: all write under one lock, and a worker's row is never below what the worker may use.
public final class PermitShares {
    // Any number will do that nobody else takes: "longshore" on a telephone.
    private static final String LOCK = "SELECT pg_advisory_xact_lock(566474673)";

    private static final String HOLDINGS = """
            SELECT s.allowance, s.worker_id, s.part, s.wanted,
                   EXISTS (SELECT 1 FROM worker w WHERE w.worker_id = s.worker_id AND w.lease_until > now()) AS alive
              FROM permit_share s
             WHERE s.allowance = ANY (?)
               AND s.lapses_at > now()
            """;

    private static final String HOLD = """
            INSERT INTO permit_share AS s (allowance, worker_id, part, wanted, in_use, lapses_at)
            VALUES (?, ?, ?, ?, ?, now() + ? * interval '1 millisecond')
            ON CONFLICT (allowance, worker_id) DO UPDATE
               SET part = excluded.part, wanted = excluded.wanted, in_use = excluded.in_use, lapses_at = excluded.lapses_at
            """;

    private static final String FORGET_LAPSED = """
            DELETE FROM permit_share
             WHERE lapses_at <= now()
            """;

    private final DataSource database;

    /// @param database hands out connections in auto-commit mode
    public PermitShares(DataSource database) {
        this.database = database;
    }

    /// What a worker has to say about its part of a limit.
    ///
    /// @param allowance which limit
    /// @param limit what all workers may use together
    /// @param held what this worker may use at this moment
    /// @param inUse what it uses at this moment
    /// @param wanted what it uses and could use besides
    /// @param spare how much more than it wants it may be given
    /// @param keep how long its part stays taken when it says nothing more
    public record Claim(String allowance, long limit, long held, long inUse, long wanted, long spare, Duration keep) {}

    /// What a worker got.
    ///
    /// @param part what it may use from now on; what it holds beyond `target` it should let go of
    public record Grant(long part, long target) {}

    /// Publishes what a worker holds and wants, and gives it what is free and its due.
    ///
    /// @return by allowance
    public Map<String, Grant> deal(int workerId, List<Claim> claims) throws SQLException {
        if (claims.isEmpty()) {
            return Map.of();
        }
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                Map<String, Grant> grants = dealUnderLock(connection, workerId, claims);
                connection.commit();
                return grants;
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        }
    }

    private static Map<String, Grant> dealUnderLock(Connection connection, int workerId, List<Claim> claims)
            throws SQLException {
        try (Statement lock = connection.createStatement()) {
            lock.execute(LOCK);
            lock.executeUpdate(FORGET_LAPSED);
        }
        Map<String, List<Holding>> holdings = holdings(connection, claims);
        Map<String, Grant> grants = new HashMap<>();
        try (PreparedStatement hold = connection.prepareStatement(HOLD)) {
            for (Claim claim : claims.stream()
                    .sorted(Comparator.comparing(Claim::allowance))
                    .toList()) {
                List<Holding> all = holdings.getOrDefault(claim.allowance(), new ArrayList<>());
                all.removeIf(holding -> holding.workerId() == workerId);
                all.add(new Holding(workerId, claim.held(), claim.wanted(), true));
                long target = SharePlan.target(claim.limit(), claim.spare(), workerId, all);
                long part = SharePlan.part(claim.limit(), target, claim.held(), workerId, all);
                grants.put(claim.allowance(), new Grant(part, target));
                hold.setString(1, claim.allowance());
                hold.setInt(2, workerId);
                hold.setLong(3, part);
                hold.setLong(4, claim.wanted());
                hold.setLong(5, claim.inUse());
                hold.setLong(6, claim.keep().toMillis());
                hold.addBatch();
            }
            hold.executeBatch();
        }
        return grants;
    }

    private static Map<String, List<Holding>> holdings(Connection connection, List<Claim> claims) throws SQLException {
        Map<String, List<Holding>> holdings = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(HOLDINGS)) {
            Object[] names = claims.stream().map(Claim::allowance).toArray();
            statement.setArray(1, connection.createArrayOf("text", names));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    holdings.computeIfAbsent(row.getString(1), _ -> new ArrayList<>())
                            .add(new Holding(row.getInt(2), row.getLong(3), row.getLong(4), row.getBoolean(5)));
                }
            }
        }
        return holdings;
    }
}
