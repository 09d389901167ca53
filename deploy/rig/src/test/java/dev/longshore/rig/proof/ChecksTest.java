package dev.longshore.rig.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.simulator.Call;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each promise is shown a history in which it was broken: a check that finds nothing there would find
/// nothing anywhere.
class ChecksTest {
    private static final String OTHER = "job_01a1f9df5ce17d12a7f9be7e5f2b87bb";

    static List<Check> all() {
        return Check.all();
    }

    @ParameterizedTest
    @MethodSource("all")
    void aGoodRunIsFoundGood(Check check) {
        assertThat(check.find(Story.good().evidence())).isEmpty();
        assertThat(check.extent(Story.good().evidence())).isNotEmpty();
    }

    @Test
    void namesAreUnique() {
        assertThat(Check.all()).extracting(Check::name).doesNotHaveDuplicates();
    }

    // I1

    @Test
    void aJobThatWasAcceptedAndNeverEndedIsFound() {
        broken(new EveryPromiseEnds(), story -> story.outcomes.clear(), "never ended");
    }

    @Test
    void aJobThatEndedTwiceIsFound() {
        broken(new EveryPromiseEnds(), story -> story.outcome("failed", 2, 400), "ended 2 times");
    }

    @Test
    void anApiThatSaysOtherwiseThanTheDatabaseIsFound() {
        broken(new EveryPromiseEnds(), story -> story.told(Deed.LOOK, 300, 310, 200, "failed"), "the API said last");
    }

    @Test
    void anOutcomeOfNoJobIsFound() {
        broken(new EveryPromiseEnds(), story -> story.jobs.clear(), "of no job");
    }

    // I2

    @Test
    void twoJobsForOneKeyAreFound() {
        broken(
                new OneJobForEachKey(),
                story -> story.told.add(
                        new Told(Story.START, Story.START + 1, Deed.SUBMIT, 0, 0, "k", OTHER, 200, "queued", null)),
                "was told 2 jobs");
    }

    @Test
    void aKeyThatIsAcceptedAsNewTwiceIsFound() {
        broken(new OneJobForEachKey(), story -> story.told(Deed.SUBMIT, 11, 12, 202, "queued"), "as new 2 times");
    }

    @Test
    void theSameBodyThatIsRefusedIsFound() {
        broken(
                new OneJobForEachKey(),
                story -> story.told(Deed.SUBMIT, 11, 12, 422, null),
                "the same body was refused");
    }

    @Test
    void anotherBodyThatIsTakenIsFound() {
        broken(
                new OneJobForEachKey(),
                story -> story.told(Deed.SUBMIT_OTHER, 11, 12, 202, "queued"),
                "another body was answered 202");
    }

    @Test
    void anotherBodyBeforeThePromiseProvesNothing() {
        Story story = Story.good();
        story.told(Deed.SUBMIT_OTHER, 5, 12, 503, null);
        story.told(Deed.SUBMIT_OTHER, 15, 22, 422, null);
        assertThat(new OneJobForEachKey().find(story.evidence())).isEmpty();
    }

    @Test
    void aKeyThatTheDatabaseGaveToAnotherJobIsFound() {
        broken(
                new OneJobForEachKey(),
                story -> {
                    story.keys.clear();
                    story.keys.add(new Ledger.Key(0, "k", OTHER));
                },
                "the database has");
    }

    @Test
    void aSecondJobInTheDatabaseIsFound() {
        broken(new OneJobForEachKey(), story -> story.jobs.add(Story.job(OTHER, 0, false, false)), "made 2 jobs");
    }

    @Test
    void aJobThatNobodyAskedForIsFound() {
        broken(
                new OneJobForEachKey(),
                story -> story.jobs.add(Story.job(OTHER, 77, false, false)),
                "0 at most were asked for");
    }

    // I3

    @Test
    void aCompleteJobThatRunsAgainIsFound() {
        broken(
                new OnlyKnownArrows(),
                story -> story.told(Deed.LOOK, 300, 310, 200, "processing"),
                "from complete to processing");
    }

    @Test
    void aSecondEndIsFound() {
        broken(
                new OnlyKnownArrows(),
                story -> story.told(Deed.LOOK, 300, 310, 200, "cancelled"),
                "from complete to cancelled");
    }

    @Test
    void aFailedJobThatRunsAgainWithoutAReplayIsFound() {
        Story story = Story.good();
        story.told.clear();
        story.told(Deed.LOOK, 0, 10, 200, "failed");
        story.told(Deed.LOOK, 20, 30, 200, "queued");
        assertThat(new OnlyKnownArrows().find(story.evidence())).hasSize(1);
        story.told(Deed.REPLAY, 12, 15, 202, "queued");
        assertThat(new OnlyKnownArrows().find(story.evidence())).isEmpty();
    }

    @Test
    void looksThatOverlapProveNothing() {
        Story story = Story.good();
        story.told(Deed.LOOK, 100, 205, 200, "complete");
        story.told(Deed.LOOK, 90, 211, 200, "processing");
        assertThat(new OnlyKnownArrows().find(story.evidence())).isEmpty();
    }

    @Test
    void aStatusThatNothingLeadsToIsFound() {
        broken(
                new OnlyKnownArrows(),
                story -> story.told(Deed.LOOK, 300, 310, 200, "awaiting_review"),
                "nothing leads to");
    }

    @Test
    void aJobThatIsOpenAndOverIsFound() {
        broken(new OnlyKnownArrows(), story -> story.runs.add(new Ledger.Run(Story.JOB, "queued", 1, 1)), "at once");
    }

    @Test
    void notesThatAreNoWalkThroughTheTableAreFound() {
        for (List<String> wrong : List.of(
                List.of("woken"),
                List.of("waiting", "waiting"),
                List.of("waiting", "rescued"),
                List.of("waiting", "woken", "woken"),
                List.of("cancel_requested", "waiting"),
                List.of("cancel_requested", "replayed"))) {
            broken(
                    new OnlyKnownArrows(),
                    story -> {
                        wrong.forEach(story::note);
                        story.outcomes.clear();
                        story.outcome("complete", 1 + wrong.size(), 151);
                    },
                    "does not follow");
        }
    }

    @Test
    void aScheduledJobMayBeginAsWaitingOrAsQueued() {
        for (List<String> right : List.of(List.of("woken", "waiting", "woken"), List.of("waiting", "woken"))) {
            Story story = Story.good();
            story.jobs.clear();
            story.jobs.add(Story.job(Story.JOB, 0, false, true));
            right.forEach(story::note);
            story.outcomes.clear();
            story.outcome("complete", 2, 151);
            assertThat(new OnlyKnownArrows().find(story.evidence())).isEmpty();
        }
    }

    @Test
    void aClaimWithTwoExitsOrWithoutOneIsFound() {
        broken(
                new OnlyKnownArrows(),
                story -> {
                    story.note("rescued");
                    story.note("rescued");
                },
                "was claimed 1 times and left again 2 times");
        broken(
                new OnlyKnownArrows(),
                story -> {
                    story.outcomes.clear();
                    story.outcome("complete", 2, 151);
                },
                "was claimed 2 times and left again 0 times");
    }

    @Test
    void aJobThatWaitsAndIsReplayedIsFoundGood() {
        Story story = Story.good();
        List.of("waiting", "woken", "rescued", "handed_back", "replayed", "waiting", "woken")
                .forEach(story::note);
        story.outcomes.clear();
        // Four claims of which the last ended it, the replay, and two claims more.
        story.outcome("complete", 7, 151);
        assertThat(new OnlyKnownArrows().find(story.evidence())).isEmpty();
        story.outcomes.clear();
        story.outcome("complete", 8, 151);
        assertThat(new OnlyKnownArrows().find(story.evidence())).hasSize(1);
    }

    // I4

    @Test
    void anAnswerAfterWhichTheJobWentOnIsFound() {
        broken(
                new NoWriteUnderAnOldEpoch(),
                story -> {
                    story.attempt(2, "answered", 160, 170);
                    story.outcomes.clear();
                    story.outcome("complete", 2, 171);
                },
                "the job went on");
    }

    @Test
    void anAttemptUnderAnEpochThatWasNeverGivenOutIsFound() {
        broken(new NoWriteUnderAnOldEpoch(), story -> story.attempt(2, "broken", 160, 170), "after the end");
    }

    @Test
    void aCompletionWithoutAnAnswerIsFound() {
        broken(new NoWriteUnderAnOldEpoch(), story -> story.attempts.clear(), "without an answer");
    }

    @Test
    void aFailureDespiteAnAnswerIsFound() {
        broken(
                new NoWriteUnderAnOldEpoch(),
                story -> {
                    story.outcomes.clear();
                    story.outcome("failed", 1, 151);
                },
                "although its last call was answered");
    }

    @Test
    void twoAttemptsUnderOneEpochAreFound() {
        broken(new NoWriteUnderAnOldEpoch(), story -> story.attempt(1, "broken", 50, 60), "under one epoch");
    }

    @Test
    void aCallBesideALiveOneIsFoundUnlessNobodyWaitedForThat() {
        for (String outcome : List.of("broken", "throttled", "unknown", "interrupted")) {
            Story story = Story.good();
            story.attempts.clear();
            story.calls.clear();
            story.outcomes.clear();
            story.attempt(1, outcome, 20, 40);
            story.attempt(2, "answered", 50, 150);
            story.outcome("complete", 2, 151);
            story.call(1, 20, 60L);
            story.call(2, 50, 149L);
            boolean mayOverlap = Set.of("unknown", "interrupted").contains(outcome);
            assertThat(new NoWriteUnderAnOldEpoch().find(story.evidence())).hasSize(mayOverlap ? 0 : 1);
        }
    }

    // I5

    @Test
    void aCallThatIsNotRecordedIsFound() {
        broken(new CallsAreAttempts(), story -> story.call(2, 300, 310L), "called and not recorded");
    }

    @Test
    void aCallThatWasMadeTwiceIsFound() {
        broken(new CallsAreAttempts(), story -> story.call(1, 300, 310L), "called twice");
    }

    @Test
    void aRecordWithoutACallIsFoundUnlessNobodyCanKnow() {
        broken(new CallsAreAttempts(), story -> story.calls.clear(), "never called");
        Story story = Story.good();
        story.attempt(2, "unknown", 300, 310);
        assertThat(new CallsAreAttempts().find(story.evidence())).isEmpty();
    }

    @Test
    void aCallOfNoJobIsFound() {
        broken(
                new CallsAreAttempts(),
                story -> story.calls.add(new Call(
                        9,
                        "chat",
                        "sim-small",
                        9,
                        0,
                        1L,
                        200,
                        null,
                        1,
                        false,
                        "wrk1",
                        null,
                        null,
                        null,
                        null,
                        "0",
                        1,
                        1)),
                "of no job");
    }

    @Test
    void moreAttemptsThanAllowedAreFound() {
        broken(
                new CallsAreAttempts(),
                story -> {
                    for (int epoch = 2; epoch <= 3; epoch++) {
                        story.attempt(epoch, "broken", 200, 210);
                        story.call(epoch, 200, 209L);
                    }
                },
                "3 attempts charged in 1 lives, 2 allowed");
        Story replayed = Story.good();
        for (int epoch = 2; epoch <= 3; epoch++) {
            replayed.attempt(epoch, "broken", 200, 210);
            replayed.call(epoch, 200, 209L);
        }
        replayed.note("replayed");
        assertThat(new CallsAreAttempts().find(replayed.evidence())).isEmpty();
    }

    @Test
    void aJobThatIsCalledAgainAgainstItsWillIsFound() {
        broken(
                new CallsAreAttempts(),
                story -> {
                    story.jobs.clear();
                    story.job(true);
                    story.attempts.clear();
                    story.calls.clear();
                    story.attempt(1, "unknown", 10, 20);
                    story.attempt(2, "answered", 50, 150);
                    story.call(2, 50, 149L);
                },
                "must not be after a lost answer");
    }

    // I6

    @Test
    void moreCallsAtOnceThanSlotsAreFound() {
        broken(
                new NeverMoreCallsThanSlots(),
                story -> {
                    story.call("job_2", 1, 60, 100L, "wrk1");
                    story.call("job_3", 1, 70, 100L, "wrk1");
                },
                "3 calls at once from worker-1");
    }

    @Test
    void callsThatTouchOrThatTheirWorkerHasLeftDoNotCount() {
        Story story = Story.good();
        story.call("job_2", 1, 60, 100L, "wrk1");
        story.call("job_3", 1, 100, 120L, "wrk1");
        story.call("job_4", 1, 60, 100L, "wrk2");
        story.stays.clear();
        story.stays.add(new Stay("worker-1", 0, Story.START + 130, true, true, "killed"));
        story.call("job_5", 1, 110, null, "wrk1");
        story.calls.remove(0);
        story.call("job_6", 1, 140, 150L, "wrk1");
        story.call("job_7", 1, 140, 150L, "wrk1");
        assertThat(new NeverMoreCallsThanSlots().find(story.evidence())).isEmpty();
    }

    @Test
    void aWorkerThatDoesNotExistIsFound() {
        broken(
                new NeverMoreCallsThanSlots(),
                story -> {
                    story.call("job_2", 1, 60, 100L, "wrk2");
                    story.call("job_3", 1, 60, 100L, "wrk3");
                },
                "3 workers called");
    }

    // I7

    @Test
    void anAttemptThatIsBookedTwiceIsFound() {
        broken(
                new EachAttemptIsBookedOnce(),
                story -> {
                    story.totals.clear();
                    story.totals.add(new Ledger.Total(0, "sim-small", 2, 1, 20, 40, 60));
                },
                "is booked");
    }

    @Test
    void anAttemptThatIsNotBookedIsFound() {
        broken(new EachAttemptIsBookedOnce(), story -> story.totals.clear(), "is booked");
    }

    @Test
    void aCompletionThatIsNotCountedIsFound() {
        broken(
                new EachAttemptIsBookedOnce(),
                story -> {
                    story.totals.clear();
                    story.totals.add(new Ledger.Total(0, "sim-small", 1, 0, 10, 20, 30));
                },
                "0 are booked as such");
    }

    @Test
    void aJobWhoseCostIsNotThatOfItsAttemptsIsFound() {
        broken(
                new EachAttemptIsBookedOnce(),
                story -> {
                    story.outcomes.clear();
                    story.outcomes.add(new Ledger.Outcome(
                            Story.JOB, 0, "standard", "complete", 1, 1, 31, Story.at(50), Story.at(151)));
                },
                "the job says 31");
    }

    @Test
    void tokensThatTheProviderDidNotCountAreFound() {
        broken(
                new EachAttemptIsBookedOnce(),
                story -> {
                    var call = story.calls.removeFirst();
                    story.calls.add(new Call(
                            call.number(),
                            call.route(),
                            call.model(),
                            call.modelNumber(),
                            call.receivedAt(),
                            call.endedAt(),
                            call.status(),
                            null,
                            1,
                            false,
                            call.keyTail(),
                            call.jobId(),
                            call.attempt(),
                            null,
                            null,
                            "0",
                            11,
                            20));
                },
                "otherwise than the provider counted");
    }

    // I10

    @Test
    void aCancelledJobThatCompletedIsFound() {
        broken(new CancelledStaysCancelled(), story -> story.told(Deed.CANCEL, 40, 45, 200, "cancelled"), "ended as");
        broken(new CancelledStaysCancelled(), story -> story.told(Deed.CANCEL, 40, 45, 202, "processing"), "ended as");
    }

    @Test
    void aCancelThatCameTooLateIsFoundGood() {
        Story story = Story.good();
        story.told(Deed.CANCEL, 300, 310, 200, "complete");
        assertThat(new CancelledStaysCancelled().find(story.evidence())).isEmpty();
    }

    @Test
    void aCancelledJobThatIsCalledIsFound() {
        broken(
                new CancelledStaysCancelled(),
                story -> {
                    story.outcomes.clear();
                    story.outcome("cancelled", 2, 10_000);
                    story.told(Deed.CANCEL, 40, 45, 200, "cancelled");
                    story.attempt(2, "broken", 9_000, 9_100);
                },
                "called after");
    }

    // I11

    @Test
    void aJobThatWaitedTooLongIsFoundUnlessAnOutageExcusesIt() {
        Story story = Story.good();
        story.outcomes.clear();
        story.outcomes.add(
                new Ledger.Outcome(Story.JOB, 0, "standard", "complete", 1, 1, 30, Story.at(12_000), Story.at(12_100)));
        assertThat(new NobodyWaitsTooLong().find(story.evidence())).hasSize(1);
        story.outages.add(
                new Outage("a receiver hangs", true, Story.START, Story.START + 11_000, Story.START + 12_000));
        assertThat(new NobodyWaitsTooLong().find(story.evidence())).hasSize(1);
        story.outages.add(
                new Outage("the road is gone", Story.START + 3_000, Story.START + 5_000, Story.START + 6_000));
        assertThat(new NobodyWaitsTooLong().find(story.evidence())).isEmpty();
    }

    @Test
    void outagesThatOverlapExcuseOnce() {
        List<Outage> outages =
                List.of(new Outage("a", 10, 20, 30), new Outage("b", 15, 18, 19), new Outage("c", 25, 35, 40));
        assertThat(Outage.outside(outages, 0, 100)).isEqualTo(70);
        assertThat(Outage.outside(outages, 12, 28)).isZero();
        assertThat(Outage.outside(outages, 38, 50)).isEqualTo(10);
        assertThat(Outage.outside(List.of(), 38, 50)).isEqualTo(12);
    }

    // I12

    @Test
    void whatIsLeftOverIsFound() {
        Check check = new EverythingComesToRest();
        broken(check, story -> story.stuck = "there was no progress", "no progress");
        broken(check, story -> story.runs.add(new Ledger.Run(OTHER, "queued", 0, 0)), "still live");
        broken(check, story -> story.unread.put("batch", 3L), "3 unread tickets on lane batch");
        broken(check, story -> story.gauges.put("api-1 longshore_waiters", 1.0), "longshore_waiters is 1.0");
        broken(check, story -> story.openCalls = 2, "2 calls are open");
        broken(check, story -> story.untold = 3, "3 rows of the outbox");
        broken(check, story -> story.claimed = 1, "1 notices are claimed");
    }

    @Test
    void aRunThatStoodStillIsFound() {
        broken(new WorkGoesOn(), story -> story.outcomes.clear(), "no job was completed at all");
        broken(
                new WorkGoesOn(),
                story -> story.outages.add(
                        new Outage("the road is gone", Story.START, Story.START + 100, Story.START + 1_000)),
                "0 jobs were completed while something was broken");
        Story story = Story.good();
        story.outages.add(new Outage("a broker is gone", Story.START, Story.START + 500, Story.START + 1_000));
        assertThat(new WorkGoesOn().find(story.evidence())).isEmpty();
        assertThat(WorkGoesOn.byFault(story.evidence())).containsEntry("a broker is gone", 1L);
    }

    // and beside them

    @Test
    void aProcessThatEndedByItselfIsFound() {
        broken(
                new NoProcessEndsByItself(),
                story -> story.stays.add(new Stay("api-1", 0, 100, false, true, "OutOfMemoryError")),
                "ended by itself");
    }

    @Test
    void aStartThatWasGivenUpIsSaid() {
        Story story = Story.good();
        story.stays.add(new Stay("api-1", 0, 100, false, false, "no database"));
        assertThat(new NoProcessEndsByItself().find(story.evidence())).isEmpty();
        assertThat(new NoProcessEndsByItself().extent(story.evidence())).contains("1 starts given up");
    }

    @Test
    void anAnswerThatIsNotInTheContractIsFound() {
        Check check = new AnswersKeepTheContract();
        broken(check, story -> story.told(Deed.LOOK, 300, 310, 500, null), "answered");
        broken(check, story -> story.told(Deed.NONSENSE, 300, 310, 202, "queued"), "answered");
        broken(check, story -> story.told(Deed.LOOK, 300, 310, 404, null), "answered");
    }

    @Test
    void aRigThatDidNotDoItsPartIsFound() {
        broken(new TheRigDidItsPart(), story -> story.slips.add("a fault was never done"), "never done");
        broken(
                new TheRigDidItsPart(),
                story -> story.seen.add(new Violation("I7", "during the run", Set.of())),
                "during the run");
    }

    /// Shows to a check that all is well, and then a change of it.
    static void broken(Check check, Consumer<Story> change, String what) {
        Story story = Story.good();
        assertThat(check.find(story.evidence())).isEmpty();
        change.accept(story);
        assertThat(check.find(story.evidence()))
                .as(check.promise())
                .isNotEmpty()
                .anySatisfy(violation -> assertThat(violation.what()).contains(what));
    }
}
