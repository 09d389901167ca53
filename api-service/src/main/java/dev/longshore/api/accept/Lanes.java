package dev.longshore.api.accept;

import dev.longshore.lane.Lane;
import dev.longshore.road.LaneGauge;
import dev.longshore.road.LaneReading;
import dev.longshore.road.RoadTopics;
import dev.longshore.road.RoadUnavailable;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;

/// Reads how full the lanes are, and makes their topics first where they are missing: on a new broker,
/// and on one that was set up anew.
public final class Lanes {
    private final Admin admin;
    private final LaneGauge gauge;
    private volatile boolean there;

    public Lanes(Admin admin) {
        this.admin = admin;
        gauge = new LaneGauge(admin);
    }

    /// @throws RoadUnavailable when the broker cannot be asked now
    Map<Lane, LaneReading> read() throws RoadUnavailable, InterruptedException {
        if (!there) {
            RoadTopics.ensure(admin);
            there = true;
        }
        try {
            return gauge.read();
        } catch (RoadUnavailable e) {
            there = false;
            throw e;
        }
    }
}
