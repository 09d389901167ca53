package dev.longshore.cli.show;

import dev.longshore.cli.job.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// How far a job is, on one line.
final class StatusLine {
    private static final int WIDTH = 20;
    private static final String GAP = "  ";

    private StatusLine() {}

    /// All but the status itself, the times in whole seconds.
    static String rest(Job job, Instant now) {
        List<String> parts = new ArrayList<>();
        if (job.attempt() > 0) {
            parts.add("attempt " + job.attempt() + " of " + job.maxAttempts());
        }
        job.waiting().ifPresent(waiting -> parts.add(reason(waiting, now)));
        if (job.queuePosition() > 0) {
            parts.add("place " + job.queuePosition());
        }
        if (job.status().equals("processing") || job.progress() > 0) {
            parts.add(bar(job.progress()));
        }
        if (!job.progressMessage().isEmpty()) {
            parts.add(Harmless.line(job.progressMessage()));
        }
        return String.join(GAP, parts);
    }

    /// How long ago the job was accepted.
    static String age(Job job, Instant now) {
        return job.time("created_at")
                .map(created -> Times.between(created, now))
                .orElse("");
    }

    private static String reason(Job.Waiting waiting, Instant now) {
        String text = Harmless.line(waiting.reason());
        String until = waiting.until()
                .map(time -> Duration.between(now, time))
                .filter(Duration::isPositive)
                .map(left -> " for " + Times.words(Duration.ofSeconds(left.toSeconds())))
                .orElse("");
        return text + until + (waiting.detail().isEmpty() ? "" : ": " + Harmless.line(waiting.detail()));
    }

    private static String bar(double progress) {
        int done = (int) Math.floor(Math.clamp(progress, 0, 1) * WIDTH);
        return "█".repeat(done) + "·".repeat(WIDTH - done) + " %d %%".formatted((int) (progress * 100));
    }
}
