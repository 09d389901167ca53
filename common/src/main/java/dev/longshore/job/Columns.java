package dev.longshore.job;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// Turns a list of rows into one array parameter a column, so that a statement takes a whole group in one
/// round trip. An array ends with its last value: `unnest` of several fills the shorter ones up with nulls, so a column
/// in which no row has anything costs nothing.
final class Columns<R> {
    private final Connection connection;
    private final PreparedStatement statement;
    private final List<R> rows;
    private int position;

    Columns(Connection connection, PreparedStatement statement, List<R> rows) {
        this.connection = connection;
        this.statement = statement;
        this.rows = rows;
    }

    Columns<R> uuids(Function<R, @Nullable UUID> value) throws SQLException {
        return column("uuid", Object[]::new, value);
    }

    Columns<R> texts(Function<R, @Nullable String> value) throws SQLException {
        return column("text", String[]::new, value);
    }

    Columns<R> ints(Function<R, @Nullable Integer> value) throws SQLException {
        return column("int4", Integer[]::new, value);
    }

    Columns<R> longs(Function<R, @Nullable Long> value) throws SQLException {
        return column("int8", Long[]::new, value);
    }

    Columns<R> doubles(Function<R, @Nullable Double> value) throws SQLException {
        return column("float8", Double[]::new, value);
    }

    Columns<R> booleans(Function<R, Boolean> value) throws SQLException {
        return column("bool", Boolean[]::new, value);
    }

    Columns<R> bytes(Function<R, byte @Nullable []> value) throws SQLException {
        return column("bytea", byte[][]::new, value);
    }

    /// Sets the parameter behind the columns.
    void then(int value) throws SQLException {
        statement.setInt(++position, value);
    }

    private <V extends @Nullable Object> Columns<R> column(
            String type, IntFunction<@Nullable Object[]> array, Function<R, V> value) throws SQLException {
        @Nullable Object[] values = array.apply(rows.size());
        int filled = 0;
        for (int i = 0; i < values.length; i++) {
            values[i] = value.apply(rows.get(i));
            filled = values[i] == null ? filled : i + 1;
        }
        statement.setArray(++position, connection.createArrayOf(type, Arrays.copyOf(values, filled)));
        return this;
    }
}
