package dev.longshore.worker.dispatch;

import dev.longshore.lane.Lane;
import dev.longshore.road.LaneReading;
import dev.longshore.road.TicketSender;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/// Decides when a ticket that was never claimed must be lost. A ticket is on its lane at the latest
/// [#LONGEST_SEND] after its row says so. Once the lane has been read past a mark, every ticket that was
/// on it at the mark has been dealt with, and a job that was dispatched that much earlier and is still
/// queued has no ticket any more: the topic was emptied, or its sender died between commit and send.
///
/// For one thread.
final class LostTickets {
    /// One second for what lies between the row's time and the call of the sender.
    static final Duration LONGEST_SEND = TicketSender.LONGEST_SEND.plusSeconds(1);

    private record Mark(LaneReading reading, long nanos) {}

    private final Map<Lane, Mark> marks = new EnumMap<>(Lane.class);

    /// Takes note of a reading.
    ///
    /// @param nanos the monotonic time at which the reading was begun
    /// @return when a mark has been read past: jobs dispatched at least this long ago and still queued
    ///     have lost their tickets
    Optional<Duration> read(Lane lane, LaneReading reading, long nanos) {
        Mark mark = marks.get(lane);
        if (mark == null) {
            marks.put(lane, new Mark(reading, nanos));
            return Optional.empty();
        }
        if (!reading.isPast(mark.reading())) {
            return Optional.empty();
        }
        marks.put(lane, new Mark(reading, nanos));
        return Optional.of(Duration.ofNanos(nanos - mark.nanos()).plus(LONGEST_SEND));
    }
}
