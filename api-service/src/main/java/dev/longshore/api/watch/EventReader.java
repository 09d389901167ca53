package dev.longshore.api.watch;

import dev.longshore.api.errors.Problems;
import dev.longshore.job.JobStatus;
import dev.longshore.outbox.EventSequence;
import dev.longshore.problem.Problem;
import dev.longshore.problem.ProblemCode;
import dev.longshore.problem.Refusal;
import dev.longshore.road.JobNews.Progress;
import dev.longshore.road.JobNews.Said;
import dev.longshore.road.JobNews.Token;
import dev.longshore.view.Owned;
import dev.longshore.view.Step;
import io.vertx.core.buffer.Buffer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One reader of a job's events, and how far it is. Steps of the job come out of its tale, whatever was heard of them;
/// what its calls say comes as it is heard, from the first piece or not at all. Numbers only grow.
///
/// It is told nothing before [#open]: until then it is being found out whether there is such a job.
///
/// Safe for use by many threads.
public final class EventReader implements Follower {
    /// How often it is asked whether the reader's key is still good.
    private static final Duration KEY_AGAIN = Duration.ofSeconds(5);

    /// No call is being listened to.
    private static final int NONE = -1;

    private final Owned job;
    private final Supplier<CompletableFuture<Boolean>> keyStillGood;
    private final Speeches speeches;
    private final EventMetrics metrics;
    private final Consumer<EventReader> left;
    private final CompletableFuture<Story> found = new CompletableFuture<>();
    private long last;
    private int hearing = NONE;
    private int attempt;
    private int next;
    private boolean over;
    private long keySeenAt;
    private @Nullable Outlet outlet;
    private @Nullable Story unread;

    /// @param last the number of the last event that it was told; -1 for none
    /// @param keyStillGood asks whether it may still read
    /// @param now on the clock of [System#nanoTime]
    /// @param left is told once, when it needs no more to be told
    EventReader(
            Owned job,
            long last,
            Supplier<CompletableFuture<Boolean>> keyStillGood,
            long now,
            Speeches speeches,
            EventMetrics metrics,
            Consumer<EventReader> left) {
        this.job = job;
        this.last = last;
        this.keyStillGood = keyStillGood;
        keySeenAt = now;
        this.speeches = speeches;
        this.metrics = metrics;
        this.left = left;
    }

    @Override
    public Owned job() {
        return job;
    }

    /// Completes when the job is known: with whether there is anything to tell, now or later. Fails with a [Refusal]
    /// when there is no such job, and with an [SQLException] when the database cannot be asked.
    public CompletableFuture<Boolean> found() {
        return found.thenApply(story -> !story.hasNothingAfter(last));
    }

    /// Begins to tell.
    ///
    /// @param outlet takes the events from now on
    synchronized void open(Outlet outlet) {
        if (over) {
            outlet.part(Parting.STOPPING);
            return;
        }
        this.outlet = outlet;
        outlet.send(Frames.OPENING);
        Story story = unread;
        unread = null;
        if (story != null) {
            tell(story, outlet);
        }
    }

    @Override
    public synchronized void told(Story story) {
        if (over) {
            return;
        }
        Outlet open = outlet;
        if (open == null) {
            unread = story;
            found.complete(story);
        } else {
            tell(story, open);
        }
    }

    private void tell(Story story, Outlet out) {
        for (Step step : story.after(last)) {
            takeBackUnlessKept(step, story, out);
            send(out, EventKind.STATUS, story.status(step), step.number());
            hearing = NONE;
        }
        if (story.isOver()) {
            finish(story, out);
        } else if (story.last().status() == JobStatus.PROCESSING) {
            listen(story, out);
        }
    }

    /// What a call has said stands only if the job is made complete by that call.
    private void takeBackUnlessKept(Step step, Story story, Outlet out) {
        if (!EventSequence.isSaid(last)) {
            return;
        }
        int epoch = EventSequence.epoch(last);
        boolean kept = switch (step.status()) {
            case COMPLETE, AWAITING_REVIEW -> step.epoch() == epoch;
            case WAITING, QUEUED, PROCESSING, FAILED, CANCELLED -> false;
        };
        if (!kept) {
            takeBack(story.attempt(epoch), out);
        }
    }

    private void takeBack(int attemptNumber, Outlet out) {
        long number = EventSequence.reset(EventSequence.epoch(last));
        send(out, EventKind.RESET, Frames.of(EventKind.RESET, number, "{\"attempt\":" + attemptNumber + "}"), number);
    }

    private void listen(Story story, Outlet out) {
        int epoch = story.last().epoch();
        boolean resetAlready = last >= EventSequence.reset(epoch);
        if (hearing == epoch || resetAlready || EventSequence.epoch(last) != epoch) {
            return;
        }
        hearing = epoch;
        attempt = story.attempt(epoch);
        next = EventSequence.count(last) + 1;
        speeches.from(job.job(), epoch, next).ifPresent(part -> {
            out.send(part.frames());
            metrics.told(EventKind.TOKEN, part.pieces());
            last = part.last();
            next = EventSequence.count(last) + 1;
        });
    }

    @Override
    public synchronized void heard(Said said, Buffer frame) {
        Outlet out = outlet;
        if (out == null || over || said.epoch() != hearing || said.count() < next) {
            return;
        }
        if (said.count() == next) {
            next++;
            EventKind kind = switch (said) {
                case Token _ -> EventKind.TOKEN;
                case Progress _ -> EventKind.PROGRESS;
            };
            send(out, kind, frame, said.number());
            return;
        }
        // Pieces are missing: half of what is said is worth nothing, and the result has all of it.
        hearing = NONE;
        if (EventSequence.isSaid(last)) {
            takeBack(attempt, out);
        } else {
            // Not to be listened to again at the next look.
            last = EventSequence.reset(said.epoch());
        }
    }

    private void finish(Story story, Outlet out) {
        int epoch = story.last().epoch();
        if (last < EventSequence.result(epoch)) {
            send(out, EventKind.RESULT, story.result(), EventSequence.result(epoch));
        }
        if (last < EventSequence.done(epoch)) {
            send(out, EventKind.DONE, Frames.done(EventSequence.done(epoch)), EventSequence.done(epoch));
        }
        out.end();
        leave();
    }

    private void send(Outlet out, EventKind kind, Buffer event, long number) {
        out.send(event);
        metrics.told(kind, 1);
        last = number;
    }

    @Override
    public synchronized void missing() {
        found.completeExceptionally(new Refusal(Problems.notFound("There is no such job.")));
        part(Parting.GONE);
    }

    @Override
    public void unreadable(SQLException why) {
        // Whoever is being told already has a connection to wait on.
        found.completeExceptionally(why);
    }

    @Override
    public synchronized void broken(RuntimeException why) {
        found.completeExceptionally(why);
        part(Parting.BROKEN);
    }

    /// Ends the stream before its time.
    synchronized void part(Parting why) {
        Outlet out = outlet;
        if (out == null) {
            found.completeExceptionally(new Refusal(Problem.passing(
                    ProblemCode.UNAVAILABLE, "This server stops; another one will tell.", OpenReaders.COME_BACK)));
        } else if (!over) {
            out.part(why);
        }
        leave();
    }

    /// Looks after the connection, see [Outlet#tend], and whether the reader may still read. While that cannot be found
    /// out, it may.
    synchronized void tend(long now) {
        Outlet out = outlet;
        if (over || out == null) {
            return;
        }
        out.tend(now);
        if (now - keySeenAt > KEY_AGAIN.toNanos()) {
            keySeenAt = now;
            keyStillGood.get().thenAccept(good -> {
                if (!good) {
                    part(Parting.REVOKED);
                }
            });
        }
    }

    /// The reader has gone, or needs no more to be told.
    public synchronized void leave() {
        if (!over) {
            over = true;
            unread = null;
            left.accept(this);
        }
    }
}
