package dev.longshore.worker.attempt;

import io.smallrye.faulttolerance.api.TypedGuard;
import java.sql.SQLException;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jboss.logging.Logger;

/// Tries a database statement again until the database answers: an outage must cost time, not answers
/// that were paid for. What the database refuses for its content is not tried again.
public final class Persistence {
    private static final Logger LOG = Logger.getLogger(Persistence.class);

    /// SQLSTATE classes whose cause lies in the data or the statement (PostgreSQL manual, appendix A): however
    /// often it is said again, the answer stays the same.
    private static final Set<String> CONTENT_CLASSES = Set.of("21", "22", "23", "42", "44", "54", "P0");

    /// A statement to be tried.
    @FunctionalInterface
    public interface Statement<T> {
        T run() throws SQLException;
    }

    private final TypedGuard<Object> guard = TypedGuard.create(Object.class)
            .withRetry()
            .maxRetries(-1)
            .delay(100, ChronoUnit.MILLIS)
            .jitter(50, ChronoUnit.MILLIS)
            .maxDuration(0, ChronoUnit.SECONDS)
            .whenException(failure -> failure instanceof SQLException sql && passing(sql))
            .withExponentialBackoff()
            .maxDelay(2, ChronoUnit.SECONDS)
            .done()
            .onRetry(() -> LOG.debug("the database did not take it; trying again"))
            .done()
            .build();

    /// Runs the statement until it gets through.
    ///
    /// @param doing for the log
    /// @throws SQLException when the database will never take it
    @SuppressWarnings("unchecked")
    public <T> T untilDone(String doing, Statement<T> statement) throws SQLException, InterruptedException {
        try {
            return (T) guard.call((Callable<Object>) () -> once(doing, statement));
        } catch (SQLException | InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("a statement fails with SQLException only", e);
        }
    }

    private static <T> T once(String doing, Statement<T> statement) throws SQLException {
        try {
            return statement.run();
        } catch (SQLException e) {
            if (passing(e)) {
                LOG.warnf("the database is away, %s waits for it; sqlstate=%s", doing, e.getSQLState());
            }
            throw e;
        }
    }

    /// Whether the same statement may succeed later: lost connections, deadlocks, restarts, a full pool.
    private static boolean passing(SQLException failure) {
        String state = failure.getSQLState();
        return state == null || state.length() < 2 || !CONTENT_CLASSES.contains(state.substring(0, 2));
    }
}
