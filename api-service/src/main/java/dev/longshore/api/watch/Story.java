package dev.longshore.api.watch;

import dev.longshore.job.JobStatus;
import dev.longshore.outbox.EventSequence;
import dev.longshore.view.JobJson;
import dev.longshore.view.JobTale;
import dev.longshore.view.Step;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// A job's tale as it is told to readers: each event is spelled once, however many it is told to.
///
/// Safe for use by many threads.
final class Story {
    private final JobTale tale;
    private final Map<Long, Buffer> spelled = new ConcurrentHashMap<>();

    Story(JobTale tale) {
        this.tale = tale;
    }

    int tenantId() {
        return tale.now().tenantId();
    }

    /// What the job is now.
    Step last() {
        return tale.steps().getLast();
    }

    /// Whether the job has nothing more to come, unless it is replayed.
    boolean isOver() {
        return last().status().terminal();
    }

    /// Whether somebody who was told this event was told everything.
    boolean hasNothingAfter(long number) {
        return isOver() && number >= EventSequence.done(last().epoch());
    }

    List<Step> after(long number) {
        return tale.after(number);
    }

    /// Which attempt a claim began, as it was counted then.
    int attempt(int epoch) {
        long claim = EventSequence.of(epoch, JobStatus.PROCESSING);
        return tale.steps().stream()
                .filter(step -> step.number() == claim)
                .mapToInt(Step::attempt)
                .findFirst()
                .orElse(0);
    }

    Buffer status(Step step) {
        return spelled.computeIfAbsent(
                step.number(), number -> Frames.of(EventKind.STATUS, number, JobJson.withoutResult(tale.at(step))));
    }

    /// Of a job that is over.
    Buffer result() {
        return spelled.computeIfAbsent(
                EventSequence.result(last().epoch()),
                number -> Frames.of(
                        EventKind.RESULT, number, JobJson.whole(tale.now().view())));
    }
}
