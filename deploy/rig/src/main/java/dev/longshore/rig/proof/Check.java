package dev.longshore.rig.proof;

import java.util.List;

/// One promise and how to see that it was not kept.
public interface Check {
    /// A short name, unique among all checks.
    String name();

    /// The promise, in a few words.
    String promise();

    /// All that contradicts the promise; empty if nothing does.
    List<Violation> find(Evidence evidence);

    /// How much was looked at, so that a promise that nothing could break is not taken for one that was kept.
    String extent(Evidence evidence);

    /// All promises.
    static List<Check> all() {
        return List.of(
                new EveryPromiseEnds(),
                new OneJobForEachKey(),
                new OnlyKnownArrows(),
                new NoWriteUnderAnOldEpoch(),
                new CallsAreAttempts(),
                new NeverMoreCallsThanSlots(),
                new EachAttemptIsBookedOnce(),
                new EachChangeHasItsNotices(),
                new NoticesArrive(),
                new CallsAreGenuine(),
                new TheDeadDelayNobody(),
                new TheGoneAreSwitchedOff(),
                new CancelledStaysCancelled(),
                new NobodyWaitsTooLong(),
                new EverythingComesToRest(),
                new EveryChangeIsTold(),
                new ReadersAreToldAll(),
                new WorkGoesOn(),
                new NoProcessEndsByItself(),
                new AnswersKeepTheContract(),
                new TheRigDidItsPart());
    }
}
