package dev.longshore.standalone.demo;

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/// Draws where the jobs are: a bar for each lane.
final class Progress {
    private static final int WIDTH = 30;
    private static final List<String> LANES = List.of("interactive", "standard", "batch");

    private Progress() {}

    /// One line a lane.
    static List<String> bars(Collection<DemoJob> jobs) {
        return LANES.stream().map(lane -> bar(lane, jobs)).toList();
    }

    /// Everything on one line, for output that is no terminal.
    static String line(Collection<DemoJob> jobs) {
        return String.join(
                "   ",
                LANES.stream()
                        .map(lane -> lane + " " + count(jobs, lane, "complete") + "/"
                                + of(jobs, lane).count())
                        .toList());
    }

    private static String bar(String lane, Collection<DemoJob> jobs) {
        long total = of(jobs, lane).count();
        long complete = count(jobs, lane, "complete");
        long processing = count(jobs, lane, "processing");
        int done = total == 0 ? 0 : (int) (complete * WIDTH / total);
        int busy = total == 0 ? 0 : (int) Math.ceilDiv(processing * WIDTH, total);
        busy = Math.min(busy, WIDTH - done);
        String others = "";
        long failed = count(jobs, lane, "failed") + count(jobs, lane, "cancelled");
        if (failed > 0) others = "   " + failed + " failed";
        return "  %-12s %s%s%s  %3d/%d complete   %d processing   %d queued   %d waiting%s"
                .formatted(
                        lane,
                        "█".repeat(done),
                        "▒".repeat(busy),
                        "·".repeat(WIDTH - done - busy),
                        complete,
                        total,
                        processing,
                        count(jobs, lane, "queued"),
                        count(jobs, lane, "waiting"),
                        others);
    }

    private static long count(Collection<DemoJob> jobs, String lane, String status) {
        return of(jobs, lane).filter(job -> job.status().equals(status)).count();
    }

    private static Stream<DemoJob> of(Collection<DemoJob> jobs, String lane) {
        return jobs.stream().filter(job -> job.lane().equals(lane));
    }
}
