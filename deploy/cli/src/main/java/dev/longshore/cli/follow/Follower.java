package dev.longshore.cli.follow;

import dev.longshore.cli.events.Event;
import dev.longshore.cli.events.EventStream;
import dev.longshore.cli.events.Seen;
import dev.longshore.cli.job.Job;
import dev.longshore.cli.job.Json;
import dev.longshore.cli.server.NotReached;
import dev.longshore.cli.server.Query;
import dev.longshore.cli.server.Refused;
import dev.longshore.cli.server.Server;
import dev.longshore.cli.show.Voice;
import dev.longshore.cli.surroundings.Surroundings;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Stays with a job until it is over.
public final class Follower {
    /// How often the time on the screen moves.
    private static final Duration TICK = Duration.ofSeconds(1);

    /// The longest that a server holds an answer.
    private static final Duration LONGEST_HOLD = Duration.ofSeconds(60);

    private final Server server;
    private final Surroundings surroundings;
    private final Voice voice;
    private final InstantSource clock;

    public Follower(Server server, Surroundings surroundings, Voice voice) {
        this.server = server;
        this.surroundings = surroundings;
        this.voice = voice;
        clock = surroundings.clock();
    }

    /// How what happens is shown.
    public enum Manner {
        /// The result when it is there.
        RESULT,
        /// Also the answer while it comes.
        TOKENS,
        /// Each event as JSON.
        JSON
    }

    /// Shows what happens to the job, and at last its result.
    ///
    /// @param atMost how long; null for as long as it takes
    /// @return the job that is over; empty when the time was
    /// @throws Refused when the server says no
    /// @throws NotReached when it is away, or was away for too long
    public Optional<Job> watch(String jobId, Manner manner, @Nullable Duration atMost) throws InterruptedException {
        Instant began = clock.instant();
        Instant end = atMost == null ? Instant.MAX : began.plus(atMost);
        Watcher watcher =
                manner == Manner.JSON ? new ForPrograms(voice) : new ForPeople(voice, manner == Manner.TOKENS, began);
        try (EventStream events = EventStream.of(server, jobId, clock, surroundings.pause(), surroundings.chance())) {
            Optional<Job> over = until(end, events, watcher);
            if (over.isEmpty()) {
                return over;
            }
            // A server that says only that it is done has not told the end.
            Job job = over.get().isOver() ? over.get() : job(jobId);
            watcher.over(job, clock.instant());
            return Optional.of(job);
        }
    }

    /// Waits until the job is over, and shows nothing.
    ///
    /// @param atMost how long; null for as long as it takes
    /// @return the job as it was last seen
    public Job await(String jobId, @Nullable Duration atMost) throws InterruptedException {
        Instant end = atMost == null ? Instant.MAX : clock.instant().plus(atMost);
        Job job = job(jobId);
        while (!job.isOver() && clock.instant().isBefore(end)) {
            // No longer than the end, but at least what the server takes.
            long left = Duration.between(
                            clock.instant(), min(end, clock.instant().plus(LONGEST_HOLD)))
                    .toSeconds();
            Duration hold = Duration.ofSeconds(Math.max(1, left));
            job = new Job(server.held(new Query(path(jobId)).with("wait", hold.toSeconds()), hold)
                    .body());
        }
        return job;
    }

    private Optional<Job> until(Instant end, EventStream events, Watcher watcher) throws InterruptedException {
        Job last = new Job(Json.object());
        while (clock.instant().isBefore(end)) {
            Duration left =
                    Duration.between(clock.instant(), min(end, clock.instant().plus(TICK)));
            switch (events.next(left)) {
                case Seen.Happened(var frame, var event) -> {
                    watcher.happened(frame, event, clock.instant());
                    if (event instanceof Event.Done) {
                        return Optional.of(last);
                    }
                    if (event instanceof Event.Result(var job)) {
                        last = job;
                    }
                }
                case Seen.Nothing() -> watcher.tick(clock.instant());
                case Seen.Lost(var why, var again) -> {
                    if (last.isOver()) {
                        return Optional.of(last);
                    }
                    watcher.lost(why, again, clock.instant());
                }
                case Seen.Back() -> watcher.back(clock.instant());
            }
        }
        return Optional.empty();
    }

    private Job job(String jobId) throws InterruptedException {
        return new Job(server.get(path(jobId)).body());
    }

    private static String path(String jobId) {
        return "/v1/jobs/" + Query.segment(jobId);
    }

    private static Instant min(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
