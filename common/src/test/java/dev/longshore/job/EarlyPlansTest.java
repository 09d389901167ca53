package dev.longshore.job;

import java.sql.SQLException;

/// The bad case: sessions that made their plans on a quiet day, when the tables were empty, meet a flood before
/// anybody takes statistics again.
class EarlyPlansTest extends PlansTesting {
    @Override
    void prepare() throws SQLException {
        takeStatistics();
        planEverything();
        fill();
    }
}
