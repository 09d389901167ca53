package dev.longshore.rig.proof;

import static dev.longshore.rig.proof.ChecksTest.broken;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// The promise about the event topic is shown what was not told, and what was told and never happened.
class EventCheckTest {
    private static final Check CHECK = new EveryChangeIsTold();

    @Test
    void aChangeThatWasNotToldIsFound() {
        broken(CHECK, story -> story.events.remove(1), "never told");
    }

    @Test
    void aChangeThatWasToldTwiceOrLateIsFoundGood() {
        Story story = Story.good();
        story.events.add(story.events.removeFirst());
        story.events.add(story.events.getFirst());
        assertThat(CHECK.find(story.evidence())).isEmpty();
        assertThat(CHECK.extent(story.evidence())).contains("1 told again");
    }

    @Test
    void whatNeverHappenedIsFound() {
        broken(CHECK, story -> story.events.add(event(190_002, "job.waiting")), "never happened");
        broken(CHECK, story -> story.events.add(event(190_004, "job.failed")), "never happened");
        broken(
                CHECK,
                story -> story.events.add(
                        new Event(0, "job_01a1f9df5ce17d12a7f9be7e5f2b87bb", 90_003, "job.queued", true)),
                "never happened");
    }

    @Test
    void anEventInTheWrongPlaceIsFound() {
        broken(
                CHECK,
                story -> story.events.add(new Event(0, Story.JOB, 190_004, "job.complete", false)),
                "wrong tenant or job");
        broken(
                CHECK,
                story -> story.events.add(new Event(1, Story.JOB, 190_004, "job.complete", true)),
                "wrong tenant or job");
    }

    @Test
    void aChangeOfWhichNobodyKnowsMayBeTold() {
        Story story = Story.good();
        story.steps.add(new Ledger.Step(Story.JOB, 90_002, "waiting", Story.at(5), false));
        assertThat(CHECK.find(story.evidence())).isEmpty();
        story.events.add(event(90_002, "job.waiting"));
        assertThat(CHECK.find(story.evidence())).isEmpty();
    }

    private static Event event(long number, String type) {
        return new Event(0, Story.JOB, number, type, true);
    }
}
