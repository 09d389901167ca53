package dev.longshore.worker.delivery;

import dev.longshore.worker.delivery.Ruling.Again;
import dev.longshore.worker.delivery.Ruling.Delivered;
import dev.longshore.worker.delivery.Ruling.Dropped;
import dev.longshore.worker.delivery.Ruling.GivenUp;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What a group of tries says about one receiver.
///
/// @param recovered whether one of them got through
/// @param failures after the last that did
/// @param rest how long it asked to be left alone, the longest of all
record Toll(
        UUID receiverId,
        int tenantId,
        @Nullable UUID endpointId,
        @Nullable String origin,
        boolean recovered,
        int failures,
        Duration rest) {

    /// The tolls of all receivers in the group, in the order of their ids, so that groups that meet do not deadlock.
    static List<Toll> of(List<Done> group) {
        return group.stream()
                .collect(Collectors.groupingBy(done -> done.notice().receiverId()))
                .values()
                .stream()
                .map(Toll::ofOne)
                .sorted(Comparator.comparing(toll -> text(toll.receiverId)))
                .toList();
    }

    private static Toll ofOne(List<Done> tries) {
        Notice some = tries.getFirst().notice();
        boolean recovered = false;
        int failures = 0;
        Duration rest = Duration.ZERO;
        for (Done done : tries) {
            switch (done.ruling()) {
                case Delivered _ -> {
                    recovered = true;
                    failures = 0;
                }
                case Again again -> {
                    failures++;
                    rest = longer(rest, again.rest());
                }
                case GivenUp givenUp -> {
                    failures++;
                    rest = longer(rest, givenUp.rest());
                }
                case Dropped _ -> {}
            }
        }
        return new Toll(
                some.receiverId(),
                some.tenantId(),
                some.endpointId(),
                some.endpointId() == null ? origin(some.url()) : null,
                recovered,
                failures,
                rest);
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    /// Whether there is anything to remember.
    boolean isBad() {
        return failures > 0 || rest.isPositive();
    }

    /// Enough for an operator to see who it is; the path may hold secrets.
    private static String origin(String url) {
        int host = url.indexOf("://") + 3;
        int path = url.indexOf('/', host);
        return path < 0 ? url : url.substring(0, path);
    }

    /// UUIDs compare signed; the database compares bytes, as texts do.
    private static String text(UUID id) {
        return HexFormat.of().toHexDigits(id.getMostSignificantBits())
                + HexFormat.of().toHexDigits(id.getLeastSignificantBits());
    }
}
