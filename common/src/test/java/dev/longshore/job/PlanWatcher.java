package dev.longshore.job;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/// Stands between the statements and the database and keeps the plan that each was really run with, as
/// PostgreSQL's auto_explain tells it in notices.
final class PlanWatcher {
    private static final Pattern ROWS = Pattern.compile("actual rows=(\\d+)(?:\\.\\d+)? loops=(\\d+)");

    private final Connection session;
    private final List<String> plans = new ArrayList<>();

    /// @param session stays this watcher's own; it is made to explain every statement
    PlanWatcher(Connection session) throws SQLException {
        this.session = session;
        try (Statement statement = session.createStatement()) {
            statement.execute("LOAD 'auto_explain'");
            statement.execute("SET auto_explain.log_min_duration = 0");
            statement.execute("SET auto_explain.log_analyze = on");
            statement.execute("SET auto_explain.log_timing = off");
            statement.execute("SET auto_explain.log_level = notice");
        }
    }

    /// A source whose every connection is the watched session.
    DataSource source() {
        return proxy(DataSource.class, (method, arguments) -> {
            if (!method.getName().equals("getConnection")) {
                throw new AssertionError("only connections are asked of a source, not " + method.getName());
            }
            return proxy(Connection.class, (of, with) -> switch (of.getName()) {
                case "close" -> null;
                case "prepareStatement" -> watched((PreparedStatement) of.invoke(session, with));
                default -> of.invoke(session, with);
            });
        });
    }

    /// The plans since the last call.
    List<String> take() {
        List<String> taken = List.copyOf(plans);
        plans.clear();
        return taken;
    }

    /// The most rows that any step of a plan has touched over all its loops.
    static long mostRows(String plan) {
        long most = 0;
        Matcher step = ROWS.matcher(plan);
        while (step.find()) {
            most = Math.max(most, Long.parseLong(step.group(1)) * Long.parseLong(step.group(2)));
        }
        Matcher removed = Pattern.compile("Rows Removed by [A-Za-z ]*: (\\d+)").matcher(plan);
        while (removed.find()) {
            most = Math.max(most, Long.parseLong(removed.group(1)));
        }
        return most;
    }

    private PreparedStatement watched(PreparedStatement statement) {
        return proxy(PreparedStatement.class, (method, arguments) -> {
            Object result = method.invoke(statement, arguments);
            if (method.getName().startsWith("execute")) {
                for (SQLWarning warning = statement.getWarnings();
                        warning != null;
                        warning = warning.getNextWarning()) {
                    if (warning.getMessage().contains("plan:")) {
                        plans.add(warning.getMessage());
                    }
                }
                statement.clearWarnings();
            }
            return result;
        });
    }

    private interface Call {
        Object on(java.lang.reflect.Method method, Object[] arguments) throws Exception;
    }

    private static <T> T proxy(Class<T> type, Call call) {
        return type.cast(Proxy.newProxyInstance(
                PlanWatcher.class.getClassLoader(), new Class<?>[] {type}, (_, method, arguments) -> {
                    try {
                        return call.on(method, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
