package dev.longshore.view;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A job and how it came to be what it is.
///
/// @param now the job as it is
/// @param steps in order; the last one is what it is now
public record JobTale(JobRow now, List<Step> steps) {
    public JobTale {
        steps = List.copyOf(steps);
    }

    /// What came after an event.
    ///
    /// @param number the event's; -1 for all
    public List<Step> after(long number) {
        return steps.stream().filter(step -> step.number() > number).toList();
    }

    /// The job as its owner would have seen it at one of the steps.
    public JobView at(Step step) {
        return step.equals(steps.getLast()) ? now.view() : now.view().at(step);
    }

    /// The job as its owner would have seen it during one of the steps.
    ///
    /// @param share how far it was, from 0 to 1
    /// @param message what it did then
    public JobView at(Step step, double share, @Nullable String message) {
        return now.view().at(step, share, message);
    }
}
