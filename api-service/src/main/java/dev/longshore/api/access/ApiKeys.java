package dev.longshore.api.access;

import dev.longshore.api.request.Caller;
import dev.longshore.api.request.Scope;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// Finds out whose key it is. Answers from memory where it can, so that a call costs no look-up, and
/// looks again often enough that a revoked key dies within seconds.
///
/// Safe for use by many threads.
public final class ApiKeys {
    /// An answer older than this is looked up again, while it still serves.
    private static final Duration FRESH = Duration.ofSeconds(2);

    /// An answer older than this serves no more: how long a revoked key may live at most.
    private static final Duration STALE = Duration.ofSeconds(8);

    /// Wrong keys are remembered shortly, so that a key works soon after it was made.
    private static final Duration UNKNOWN = Duration.ofSeconds(1);

    /// Beyond this nothing is remembered any more until what is stale has been thrown away.
    private static final int MOST_KEYS = 10_000;

    private static final String FIND = """
            SELECT tenant_id, name, scopes
              FROM api_key
             WHERE hash = ?
               AND revoked_at IS NULL
               AND (expires_at IS NULL OR expires_at > now())
            """;

    private final DataSource database;
    private final Executor lookups;
    private final ConcurrentHashMap<KeyHash, Entry> entries = new ConcurrentHashMap<>();

    /// @param lookups runs look-ups, which block
    public ApiKeys(DataSource database, Executor lookups) {
        this.database = database;
        this.lookups = lookups;
    }

    /// The key's owner, empty when the key is unknown, expired or revoked. Fails with an [SQLException]
    /// when the database cannot be asked and nothing is remembered.
    public CompletableFuture<Optional<Caller>> find(String key) {
        KeyHash hash = KeyHash.of(key);
        long now = System.nanoTime();
        Entry entry = entries.get(hash);
        if (entry == null || entry.over(now)) {
            return lookUp(hash, now, entry);
        }
        if (entry.agedBeyond(FRESH, now) && entry.refreshing.compareAndSet(false, true)) {
            var _ = lookUp(hash, now, entry);
        }
        return entry.answer;
    }

    private CompletableFuture<Optional<Caller>> lookUp(KeyHash hash, long now, @Nullable Entry old) {
        CompletableFuture<Optional<Caller>> answer = new CompletableFuture<>();
        Entry fresh = new Entry(answer, now);
        boolean serving = old != null && !old.over(now);
        if (!serving) {
            Entry other = remember(hash, old, fresh);
            if (other != fresh) {
                return other.answer;
            }
        }
        lookups.execute(() -> {
            try {
                answer.complete(read(hash));
                if (serving) {
                    entries.put(hash, fresh);
                }
            } catch (SQLException e) {
                answer.completeExceptionally(e);
                entries.remove(hash, fresh);
                if (old != null) {
                    old.refreshing.set(false);
                }
            }
        });
        return answer;
    }

    /// One look-up at a time for a key: whoever comes second waits for the first one's answer.
    private Entry remember(KeyHash hash, @Nullable Entry old, Entry fresh) {
        if (entries.size() >= MOST_KEYS) {
            entries.values().removeIf(entry -> entry.over(fresh.at));
            if (entries.size() >= MOST_KEYS) {
                return fresh;
            }
        }
        Entry winner = entries.compute(hash, (_, there) -> there == null || there == old ? fresh : there);
        return winner == null ? fresh : winner;
    }

    private Optional<Caller> read(KeyHash hash) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(FIND)) {
            statement.setBytes(1, hash.bytes());
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(new Caller(row.getInt(1), "key " + row.getString(2), scopes(row.getArray(3))))
                        : Optional.empty();
            }
        }
    }

    private static Set<Scope> scopes(Array words) throws SQLException {
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        for (String word : Arrays.asList((String[]) words.getArray())) {
            Scope.of(word).ifPresent(scopes::add);
        }
        return scopes;
    }

    private static final class Entry {
        final CompletableFuture<Optional<Caller>> answer;
        final long at;
        final AtomicBoolean refreshing = new AtomicBoolean();

        Entry(CompletableFuture<Optional<Caller>> answer, long at) {
            this.answer = answer;
            this.at = at;
        }

        boolean agedBeyond(Duration age, long now) {
            return now - at > age.toNanos();
        }

        boolean over(long now) {
            if (!answer.isDone()) {
                return false;
            }
            boolean known = !answer.isCompletedExceptionally() && answer.join().isPresent();
            return agedBeyond(known ? STALE : UNKNOWN, now);
        }
    }
}
