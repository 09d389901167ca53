package dev.longshore.cli.commands;

import dev.longshore.cli.follow.Endings;
import dev.longshore.cli.follow.Follower;
import dev.longshore.cli.job.Job;
import dev.longshore.cli.show.Times;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Stays with a job until it is over or the time is, and ends as the job did.
final class Stay {
    private final Session session;
    private final Follower follower;

    Stay(Session session) {
        this.session = session;
        follower = new Follower(session.server(), session.surroundings(), session.voice());
    }

    /// Shows what happens.
    ///
    /// @param tokens whether the answer is shown while it comes
    int watching(String jobId, boolean tokens, @Nullable Duration atMost) throws InterruptedException {
        try (var _ = session.sayWhenInterrupted(jobId)) {
            Optional<Job> over = follower.watch(jobId, manner(tokens), atMost);
            if (over.isEmpty()) {
                sayThatTimeIsOver(jobId, atMost);
                return ExitStatus.STILL_RUNNING.code();
            }
            return ExitStatus.of(over.get().standing()).code();
        }
    }

    /// Shows the end.
    int waiting(String jobId, Duration atMost) throws InterruptedException {
        try (var _ = session.sayWhenInterrupted(jobId)) {
            Job job = follower.await(jobId, atMost);
            if (session.json()) {
                session.voice().json(job.json());
            } else if (job.isOver()) {
                Endings.show(job, session.voice());
            }
            if (!job.isOver()) {
                sayThatTimeIsOver(jobId, atMost);
            }
            return ExitStatus.of(job.standing()).code();
        }
    }

    private Follower.Manner manner(boolean tokens) {
        if (session.json()) {
            return Follower.Manner.JSON;
        }
        return tokens && !session.quiet() ? Follower.Manner.TOKENS : Follower.Manner.RESULT;
    }

    private void sayThatTimeIsOver(String jobId, @Nullable Duration atMost) {
        session.voice()
                .complain("not over" + (atMost == null ? "" : " after " + Times.words(atMost)) + "; the job goes on: "
                        + session.hint("watch " + jobId));
    }
}
