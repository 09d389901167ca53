package dev.longshore.worker.delivery;

import static dev.longshore.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/// A test class with a post office of its own, emptied before each test.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class OnPostOffice {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    PostOffice office;

    @BeforeAll
    void open() throws SQLException {
        office = PostOffice.open();
    }

    @AfterAll
    void close() throws InterruptedException {
        office.close();
    }

    @BeforeEach
    void clear() throws SQLException, InterruptedException {
        office.clear();
    }

    /// Waits until the one row that the statement gives reads so.
    void awaitOne(String expected, String sql, Object... arguments) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(office.one(sql, arguments)).isEqualTo(expected));
    }

    /// Waits until there are so many notices of this status.
    void awaitNotices(String status, int count) {
        awaitOne(Integer.toString(count), "SELECT count(*) FROM webhook_notice WHERE status = ?", status);
    }
}
