package dev.longshore.api.accept;

import dev.longshore.lane.Lane;
import dev.longshore.road.LaneReading;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/// How fast the lanes are being read, from readings that lie far enough apart to tell.
///
/// @param read how far each lane had been read at `at`
/// @param perSecond tickets a second, between that reading and the one before
record Paces(long at, Map<Lane, Long> read, Map<Lane, Double> perSecond) {
    static final Paces NONE = new Paces(0, Map.of(), Map.of());

    private static final Duration SHORTEST = Duration.ofSeconds(1);

    double of(Lane lane) {
        return perSecond.getOrDefault(lane, 0.0);
    }

    Paces next(Map<Lane, LaneReading> lanes, long now) {
        long nanos = now - at;
        if (!read.isEmpty() && nanos < SHORTEST.toNanos()) {
            return this;
        }
        Map<Lane, Long> marks = new EnumMap<>(Lane.class);
        Map<Lane, Double> speeds = new EnumMap<>(Lane.class);
        lanes.forEach((lane, reading) -> {
            long mark =
                    reading.read().values().stream().mapToLong(Long::longValue).sum();
            marks.put(lane, mark);
            Long before = read.get(lane);
            speeds.put(lane, before == null ? 0.0 : Math.max(0, mark - before) * 1e9 / nanos);
        });
        return new Paces(now, marks, speeds);
    }
}
