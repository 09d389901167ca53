package dev.longshore.worker.intake;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/// The real database, but for the answers to some claims: they take effect, and then the connection is said to be
/// lost.
final class ForgetfulDatabase {
    private static final String CLAIMS = "SET status = 'processing'";
    private static final String CONNECTION_FAILURE = "08006";

    private final DataSource real;
    private final AtomicInteger left = new AtomicInteger();

    ForgetfulDatabase(DataSource real) {
        this.real = real;
    }

    /// Forgets to answer that many claims from now on.
    void forget(int claims) {
        left.set(claims);
    }

    /// Claims whose answers are still to be forgotten.
    int left() {
        return left.get();
    }

    DataSource dataSource() {
        return wrap(DataSource.class, real, this::connection);
    }

    private Object connection(String method, Object[] arguments, Object result) {
        return result instanceof Connection connection ? wrap(Connection.class, connection, this::statement) : result;
    }

    private Object statement(String method, Object[] arguments, Object result) {
        boolean claims = method.equals("prepareStatement") && ((String) arguments[0]).contains(CLAIMS);
        return claims ? wrap(PreparedStatement.class, (PreparedStatement) result, this::answer) : result;
    }

    private Object answer(String method, Object[] arguments, Object result) throws SQLException {
        if (method.equals("executeQuery") && left.getAndUpdate(claims -> Math.max(0, claims - 1)) > 0) {
            throw new SQLException("the answer was lost", CONNECTION_FAILURE);
        }
        return result;
    }

    @FunctionalInterface
    private interface Afterwards {
        Object look(String method, Object[] arguments, Object result) throws SQLException;
    }

    private static <T> T wrap(Class<T> type, T real, Afterwards afterwards) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (_, method, arguments) -> {
                    Object result;
                    try {
                        result = method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                    return afterwards.look(method.getName(), arguments, result);
                }));
    }
}
