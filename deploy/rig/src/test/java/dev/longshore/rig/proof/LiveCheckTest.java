package dev.longshore.rig.proof;

import static dev.longshore.rig.proof.ChecksTest.broken;
import static dev.longshore.rig.proof.Story.piece;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.rig.proof.Followed.Piece;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// The promise about live events is shown readers who were told too little, too much, or in the wrong order.
class LiveCheckTest {
    private static final Check CHECK = new ReadersAreToldAll();

    @Test
    void whatComesTwiceOrBackwardsIsFound() {
        told(pieces -> pieces.add(2, pieces.get(1)), "after number 100000");
        told(pieces -> pieces.add(0, pieces.remove(1)), "after number 100000");
        // On another connection too.
        told(pieces -> pieces.add(2, new Piece(100_000, "status", "processing", 2)), "after number 100000");
    }

    @Test
    void aChangeThatWasNotToldIsFound() {
        told(pieces -> pieces.remove(1), "never told");
        told(pieces -> pieces.remove(0), "never told");
    }

    @Test
    void whatNeverHappenedIsFound() {
        told(pieces -> pieces.add(1, piece(90_004, "status", "cancelled")), "no arrow leads from CANCELLED");
        told(pieces -> pieces.add(2, piece(190_003, "status", "queued")), "never happened");
        told(pieces -> pieces.set(2, piece(190_004, "status", "failed")), "never happened");
        told(pieces -> pieces.set(1, piece(100_000, "status", "asleep")), "no arrow leads");
    }

    @Test
    void aStreamThatDoesNotEndAsTheJobIsFound() {
        told(pieces -> pieces.removeLast(), "it ends with");
        told(pieces -> pieces.set(4, piece(290_006, "done", null)), "it ends with");
        told(pieces -> pieces.remove(3), "its result is null");
        told(pieces -> pieces.set(3, piece(190_005, "result", "failed")), "its result is");
        told(pieces -> pieces.clear(), "nothing was told");
    }

    @Test
    void aResultThatIsNotTheJobsIsFound() {
        for (String wrong : List.of("another answer", "none")) {
            broken(
                    CHECK,
                    story -> {
                        List<Piece> pieces = story.followed.removeFirst().told();
                        story.follow(pieces, wrong.equals("none") ? null : wrong);
                    },
                    "and the API says");
        }
    }

    @Test
    void aLifeAfterTheEndIsToldWhenTheReaderComesBack() {
        Story story = Story.good();
        story.followed.clear();
        story.steps.clear();
        List<Piece> pieces = new ArrayList<>(List.of(
                piece(90_003, "status", "queued"),
                piece(100_000, "status", "processing"),
                piece(190_004, "status", "failed"),
                piece(190_005, "result", "failed"),
                piece(190_006, "done", null)));
        story.step(90_003, "queued", 5);
        story.step(100_000, "processing", 40);
        story.step(190_004, "failed", 151);
        story.step(290_003, "queued", 160);
        story.step(290_004, "cancelled", 170);
        story.follow(pieces, "an answer");
        assertThat(CHECK.find(story.evidence())).isNotEmpty();
        story.followed.clear();
        pieces.add(new Piece(290_003, "status", "queued", 2));
        pieces.add(new Piece(290_004, "status", "cancelled", 2));
        pieces.add(new Piece(290_005, "result", "cancelled", 2));
        pieces.add(new Piece(290_006, "done", null, 2));
        story.follow(pieces, "an answer");
        assertThat(CHECK.find(story.evidence())).isEmpty();
        assertThat(CHECK.extent(story.evidence())).contains("1 came back");
    }

    private static void told(Consumer<List<Piece>> change, String what) {
        broken(
                CHECK,
                story -> {
                    List<Piece> pieces = new ArrayList<>(story.followed.removeFirst().told());
                    change.accept(pieces);
                    story.follow(pieces, "an answer");
                },
                what);
    }
}
