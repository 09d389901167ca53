package dev.longshore.rig.proof;

import static dev.longshore.rig.proof.ChecksTest.broken;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.webhook.SigningSecret;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The promise about webhooks is shown what was owed and not sent, sent and not owed, and sent wrongly.
class NoticeChecksTest {
    private static final String OTHER = "we_2";

    // one notice for each wanted change and receiver

    @Test
    void aNoticeThatWasNeverWrittenIsFound() {
        broken(new EachChangeHasItsNotices(), story -> story.notices.removeFirst(), "there is no notice");
        broken(new EachChangeHasItsNotices(), story -> story.notices.removeLast(), "there is no notice");
    }

    @Test
    void aNoticeThatWasWrittenTwiceIsFound() {
        broken(
                new EachChangeHasItsNotices(),
                story ->
                        story.notice("evt_3", Story.ENDPOINT, Story.WELL + "/endpoint", 190_004, "complete", "pending"),
                "a second notice");
    }

    @Test
    void aNoticeThatNobodyWantedIsFound() {
        Check check = new EachChangeHasItsNotices();
        // Of a change that nobody asked to hear of, that never was, or that was another.
        broken(
                check,
                story -> story.notice(
                        "evt_3", Story.ENDPOINT, Story.WELL + "/endpoint", 100_000, "processing", "delivered"),
                "nobody wanted");
        broken(
                check,
                story ->
                        story.notice("evt_3", Story.ENDPOINT, Story.WELL + "/endpoint", 290_004, "complete", "pending"),
                "nobody wanted");
        broken(
                check,
                story -> {
                    story.notices.removeFirst();
                    story.notice(
                            Story.TO_ENDPOINT,
                            Story.ENDPOINT,
                            Story.WELL + "/endpoint",
                            190_004,
                            "failed",
                            "delivered");
                },
                "is of Step");
        broken(
                check,
                story -> story.notice("evt_3", null, Story.WELL + "/jobs", 190_004, "complete", "pending"),
                "nobody wanted");
    }

    @Test
    void aJobWithoutTheLabelsIsNotTold() {
        broken(
                new EachChangeHasItsNotices(),
                story -> {
                    Endpoint made = story.endpoints.removeFirst();
                    story.endpoints.add(new Endpoint(
                            made.id(),
                            made.tenant(),
                            made.url(),
                            made.events(),
                            Map.of("team", "sales"),
                            made.keys(),
                            null));
                },
                "nobody wanted");
        broken(
                new EachChangeHasItsNotices(),
                story -> {
                    Endpoint made = story.endpoints.removeFirst();
                    story.endpoints.add(
                            new Endpoint(made.id(), 1, made.url(), made.events(), made.filter(), made.keys(), null));
                },
                "nobody wanted");
    }

    @Test
    void anEndpointThatAJobNamesIsToldOnce() {
        Story story = Story.good();
        story.wishes.put(0, new Wish(null, Story.ENDPOINT, Set.of("job.complete", "job.processing")));
        story.notices.removeLast();
        assertThat(new EachChangeHasItsNotices().find(story.evidence()))
                .singleElement()
                .satisfies(violation -> assertThat(violation.what()).contains("processing"));
        story.notice("evt_3", Story.ENDPOINT, Story.WELL + "/endpoint", 100_000, "processing", "delivered");
        assertThat(new EachChangeHasItsNotices().find(story.evidence())).isEmpty();
    }

    @Test
    void whatHappenedBeforeAnEndpointWasOffIsOwedToIt() {
        for (long disabledAt : List.of(100L, 152L)) {
            Story story = Story.good();
            story.endpoint(OTHER, Story.PARTING + "/endpoint", disabledAt);
            assertThat(new EachChangeHasItsNotices().find(story.evidence())).hasSize(disabledAt > 151 ? 1 : 0);
            // One that began in time may end too late.
            story.notice("evt_3", OTHER, Story.PARTING + "/endpoint", 190_004, "complete", "failed");
            assertThat(new EachChangeHasItsNotices().find(story.evidence())).isEmpty();
        }
        Story long_after = Story.good();
        long_after.endpoint(OTHER, Story.PARTING + "/endpoint", -60_000L);
        long_after.notice("evt_3", OTHER, Story.PARTING + "/endpoint", 190_004, "complete", "failed");
        assertThat(new EachChangeHasItsNotices().find(long_after.evidence())).hasSize(1);
    }

    @Test
    void aChangeOfWhichNobodyKnowsMayHaveItsNotice() {
        Story story = Story.good();
        story.endpoints.clear();
        story.notices.removeFirst();
        story.wishes.put(0, new Wish(Story.MOODY + "/jobs", null, Set.of("job.complete", "job.waiting")));
        story.steps.add(new Ledger.Step(Story.JOB, 90_002, "waiting", Story.at(5), false));
        assertThat(new EachChangeHasItsNotices().find(story.evidence())).isEmpty();
        story.notice("evt_3", null, Story.MOODY + "/jobs", 90_002, "waiting", "delivered");
        assertThat(new EachChangeHasItsNotices().find(story.evidence())).isEmpty();
    }

    // every notice arrives

    @ParameterizedTest
    @ValueSource(strings = {"pending", "failed"})
    void aNoticeThatDidNotArriveIsFound(String status) {
        broken(
                new NoticesArrive(),
                story -> {
                    story.notices.removeLast();
                    story.notice(Story.TO_URL, null, Story.MOODY + "/jobs", 190_004, "complete", status);
                },
                status.equals("pending") ? "not arrived" : "given up although");
    }

    @Test
    void aDeliveryThatNobodyTookIsFound() {
        broken(new NoticesArrive(), story -> story.heard.removeLast(), "never taken");
        broken(new NoticesArrive(), story -> story.heard.removeFirst(), "never taken");
    }

    @Test
    void whatIsOwedToNobodyMustBeOver() {
        Story story = Story.good();
        story.endpoint(OTHER, Story.PARTING + "/endpoint", 152L);
        story.notice("evt_3", OTHER, Story.PARTING + "/endpoint", 190_004, "complete", "failed");
        assertThat(new NoticesArrive().find(story.evidence())).isEmpty();
        story.notices.removeLast();
        story.notice("evt_3", OTHER, Story.PARTING + "/endpoint", 190_004, "complete", "pending");
        assertThat(new NoticesArrive().find(story.evidence())).hasSize(1);
    }

    @Test
    void aCallThatNobodyOwedIsFound() {
        broken(
                new NoticesArrive(),
                story -> story.heard("evt_3", Story.WELL + "/endpoint", 300, 200, Story.SECRET),
                "heard and not owed");
        broken(
                new NoticesArrive(),
                story -> story.heard(Story.TO_URL, Story.WELL + "/endpoint", 300, 200, Story.OWN_SECRET),
                "wrong receiver");
    }

    @Test
    void aCallThatFollowedARedirectOrAWanderingNameIsFound() {
        broken(
                new NoticesArrive(),
                story -> story.heard(Story.TO_URL, Story.ELSEWHERE + "/jobs", 300, 200, Story.OWN_SECRET),
                "nobody was told to call");
    }

    // genuine

    @Test
    void aWrongSecretIsFound() {
        SigningSecret stranger = SigningSecret.create(new SecureRandom());
        for (SigningSecret wrong : List.of(
                Story.OWN_SECRET,
                stranger,
                // One of the two ways alone.
                new SigningSecret(Story.SECRET.shared(), stranger.pair()),
                new SigningSecret(stranger.shared(), Story.SECRET.pair()))) {
            broken(
                    new CallsAreGenuine(),
                    story -> story.heard(Story.TO_ENDPOINT, Story.WELL + "/endpoint", 300, 200, wrong),
                    "WRONG_SIGNATURE");
        }
    }

    @Test
    void headersThatAreMissingAreFound() {
        broken(
                new CallsAreGenuine(),
                story -> story.heard.set(0, changed(story.heard.getFirst(), _ -> "", one -> one)),
                "MALFORMED");
        broken(
                new CallsAreGenuine(),
                story -> story.heard.set(0, changed(story.heard.getFirst(), one -> one, _ -> "")),
                "WRONG_SIGNATURE");
    }

    private static Heard changed(Heard one, UnaryOperator<String> timestamp, UnaryOperator<String> signatures) {
        return new Heard(
                one.at(),
                one.address(),
                one.id(),
                timestamp.apply(one.timestamp()),
                signatures.apply(one.signatures()),
                one.body(),
                one.answered());
    }

    @ParameterizedTest
    @ValueSource(longs = {40_000, -10_000, 400_000})
    void aCallThatIsNotOfNowIsFound(long late) {
        broken(
                new CallsAreGenuine(),
                story -> {
                    Heard one = story.heard.getFirst();
                    story.heard.set(
                            0,
                            new Heard(
                                    one.at() + late,
                                    one.address(),
                                    one.id(),
                                    one.timestamp(),
                                    one.signatures(),
                                    one.body(),
                                    one.answered()));
                },
                late > 300_000 ? "WRONG_TIME" : "before it came");
    }

    @Test
    void otherBytesUnderTheSameIdAreFound() {
        broken(
                new CallsAreGenuine(),
                story -> story.heard(
                        Story.TO_URL,
                        Story.MOODY + "/jobs",
                        9_000,
                        200,
                        Story.OWN_SECRET,
                        Story.body(Story.TO_URL) + " "),
                "other bytes");
    }

    @Test
    void aBodyThatIsAboutSomethingElseIsFound() {
        String right = Story.body(Story.TO_URL);
        for (String wrong : List.of(
                "",
                "[]",
                right.replace(Story.TO_URL, Story.TO_ENDPOINT),
                right.replace(Story.JOB, "job_2"),
                right.replace("\"complete\"", "\"failed\""),
                right.replace("job.complete", "job.failed"),
                right.replace(Story.at(151).toString(), Story.at(152).toString()))) {
            broken(
                    new CallsAreGenuine(),
                    story -> {
                        story.heard.clear();
                        story.heard(Story.TO_URL, Story.MOODY + "/jobs", 200, 200, Story.OWN_SECRET, wrong);
                    },
                    "its body is not of");
        }
    }

    // whoever is well is not delayed

    @Test
    void aDelayIsFoundUnlessTheSystemItselfWasBroken() {
        Story story = Story.good();
        story.heard.removeFirst();
        story.heard(Story.TO_ENDPOINT, Story.WELL + "/endpoint", 3_000, 200, Story.SECRET);
        story.outages.add(
                new Outage("a receiver hangs", true, Story.START, Story.START + 10_000, Story.START + 20_000));
        assertThat(new TheDeadDelayNobody().find(story.evidence())).hasSize(1);
        story.outages.add(
                new Outage("a worker is killed", Story.START - 50_000, Story.START - 40_000, Story.START - 30_000));
        assertThat(new TheDeadDelayNobody().find(story.evidence())).isEmpty();
        assertThat(new TheDeadDelayNobody().extent(story.evidence())).contains("1 in outages");
    }

    // who is gone

    @Test
    void anEndpointThatIsGoneAndEnabledIsFound() {
        broken(
                new TheGoneAreSwitchedOff(),
                story -> {
                    story.endpoint(OTHER, Story.PARTING + "/endpoint", null);
                    story.heard("evt_3", Story.PARTING + "/endpoint", 200, 410, Story.SECRET);
                },
                "answered 410 and is enabled");
    }

    @Test
    void anEndpointThatIsOffForNoReasonIsFound() {
        broken(
                new TheGoneAreSwitchedOff(),
                story -> story.endpoint(OTHER, Story.PARTING + "/endpoint", 300L),
                "never answered 410");
    }

    @Test
    void callsAfterAnEndpointWasSwitchedOffAreFound() {
        Story story = Story.good();
        story.endpoint(OTHER, Story.PARTING + "/endpoint", 300L);
        story.heard("evt_3", Story.PARTING + "/endpoint", 200, 410, Story.SECRET);
        story.heard("evt_4", Story.PARTING + "/endpoint", 400, 410, Story.SECRET);
        assertThat(new TheGoneAreSwitchedOff().find(story.evidence())).isEmpty();
        story.heard("evt_5", Story.PARTING + "/endpoint", 61_000, 410, Story.SECRET);
        assertThat(new TheGoneAreSwitchedOff().find(story.evidence())).hasSize(1);
    }
}
