package dev.longshore.api;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/// The rows behind the answers, for tests that play the deliverer or look at what nobody is shown. Ids are told as
/// callers write them.
final class Ledger {
    private final DataSource database;

    Ledger(DataSource database) {
        this.database = database;
    }

    /// Lets a notice end as the deliverer does.
    void finish(String notice, String status) throws SQLException {
        run("""
                UPDATE webhook_notice
                   SET status = ?, finished_at = now(), tries = tries + 1, body = '{"first":true}'
                 WHERE notice_id = ?::uuid
                """, status, uuid(notice));
    }

    /// Writes down a try as the deliverer does.
    void tried(String notice, int number, Integer code, String answer, String error) throws SQLException {
        run("""
                INSERT INTO webhook_attempt (notice_id, at, latency_ms, try, status_code, answer, error)
                VALUES (?::uuid, now(), 12, ?, ?, ?, ?)
                """, uuid(notice), number, code, answer, error);
    }

    int run(String sql, Object... arguments) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            set(statement, arguments);
            return statement.executeUpdate();
        }
    }

    /// The first column of all rows, as text.
    List<String> texts(String sql, Object... arguments) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            set(statement, arguments);
            List<String> texts = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    texts.add(row.getString(1));
                }
            }
            return texts;
        }
    }

    static String uuid(String id) {
        return id.substring(id.indexOf('_') + 1);
    }

    private static void set(PreparedStatement statement, Object... arguments) throws SQLException {
        for (int i = 0; i < arguments.length; i++) {
            statement.setObject(i + 1, arguments[i]);
        }
    }
}
