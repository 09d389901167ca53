package dev.longshore.job;

import java.sql.SQLException;

/// The ordinary case: statistics tell what is there.
class PlansTest extends PlansTesting {
    @Override
    void prepare() throws SQLException {
        fill();
        takeStatistics();
    }
}
