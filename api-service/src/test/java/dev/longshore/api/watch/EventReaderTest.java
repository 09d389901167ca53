package dev.longshore.api.watch;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.api.watch.PaperOutlet.Told;
import dev.longshore.job.JobStatus;
import dev.longshore.outbox.EventSequence;
import dev.longshore.road.JobNews.Said;
import dev.longshore.road.JobNews.Token;
import dev.longshore.testing.chance.Seeded;
import dev.longshore.view.Step;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// Whatever is lost, late or told twice, and however often a reader goes and comes back: what it has in the end is
/// right.
class EventReaderTest {
    private static final int LIVES = 4_000;

    private boolean left;

    private static CompletableFuture<Boolean> good() {
        return CompletableFuture.completedFuture(true);
    }

    @Test
    void aReaderIsNeverLeftWithHalfATruth() {
        Seeded.check("a reader is never left with half a truth", LIVES, random -> new Run(random).live());
    }

    /// One job's life and one reader of it.
    private static final class Run {
        private final Random random;
        private final EventMetrics metrics = new EventMetrics(new SimpleMeterRegistry());
        private final Speeches speeches;
        private final List<Step> steps = new ArrayList<>();
        private final Map<Integer, List<String>> spoken = new HashMap<>();
        private final List<Told> all = new ArrayList<>();
        private PaperOutlet outlet = new PaperOutlet();
        private EventReader reader;

        Run(Random random) {
            this.random = random;
            // Now and then there is no room for what was said.
            speeches = new Speeches(random.nextInt(4) == 0 ? 500 : Speeches.MOST, () -> 0);
            steps.add(Lives.step(0, JobStatus.QUEUED, 0));
            reader = reader(-1);
        }

        private EventReader reader(long last) {
            EventReader made = new EventReader(Lives.OWNED, last, EventReaderTest::good, 0, speeches, metrics, _ -> {});
            made.told(Lives.story(steps));
            outlet = new PaperOutlet();
            made.open(outlet);
            return made;
        }

        void live() {
            int claims = 1 + random.nextInt(4);
            for (int epoch = 1; epoch <= claims; epoch++) {
                claim(epoch);
                boolean last = epoch == claims;
                takeOn(epoch, last ? ending() : JobStatus.QUEUED);
                if (last) {
                    look();
                }
            }
            check();
        }

        private JobStatus ending() {
            return switch (random.nextInt(3)) {
                case 0 -> JobStatus.FAILED;
                case 1 -> JobStatus.CANCELLED;
                default -> JobStatus.COMPLETE;
            };
        }

        private void claim(int epoch) {
            takeOn(epoch, JobStatus.PROCESSING);
            List<String> said = spoken.computeIfAbsent(epoch, _ -> new ArrayList<>());
            int pieces = random.nextInt(6);
            for (int count = 1; count <= pieces; count++) {
                String text = epoch + "." + count + " ";
                said.add(text);
                if (random.nextInt(12) > 0) {
                    hear(new Token(Lives.JOB, EventSequence.said(epoch, count), text));
                }
                perhaps();
            }
        }

        private void hear(Said said) {
            int times = random.nextInt(8) == 0 ? 2 : 1;
            for (int i = 0; i < times; i++) {
                speeches.add(said);
                reader.heard(said, Frames.of(said));
            }
        }

        private void takeOn(int epoch, JobStatus status) {
            Step step = Lives.step(epoch, status, epoch);
            steps.add(step);
            if (random.nextBoolean()) {
                speeches.over(Lives.JOB, step.number());
                look();
            }
            perhaps();
        }

        private void perhaps() {
            switch (random.nextInt(10)) {
                case 0, 1 -> look();
                case 2 -> comeBack();
                default -> {}
            }
        }

        private void look() {
            reader.told(Lives.story(steps));
        }

        /// The connection breaks, perhaps before the last events have arrived.
        private void comeBack() {
            if (outlet.ended) {
                return;
            }
            int lost = Math.min(outlet.told.size(), random.nextInt(3));
            all.addAll(outlet.told.subList(0, outlet.told.size() - lost));
            reader.leave();
            reader = reader(all.isEmpty() ? -1 : all.getLast().id());
        }

        private void check() {
            all.addAll(outlet.told);
            assertThat(all).extracting(Told::id).isSorted().doesNotHaveDuplicates();
            assertThat(all.stream().filter(told -> told.name().equals("status")).map(Told::id))
                    .isEqualTo(steps.stream().map(Step::number).toList());
            assertThat(all.subList(all.size() - 2, all.size()))
                    .extracting(Told::name)
                    .containsExactly("result", "done");
            assertThat(outlet.ended).isTrue();
            StringBuilder shown = new StringBuilder();
            for (Told told : all) {
                int epoch = EventSequence.epoch(told.id());
                switch (told.name()) {
                    case "token" -> {
                        shown.append(told.data().split("\"")[3]);
                        assertThat(String.join("", spoken.get(epoch))).startsWith(shown.toString());
                    }
                    case "reset" -> shown.setLength(0);
                    case "status" -> {
                        if (!told.data().contains("\"status\":\"complete\"")) {
                            assertThat(shown).as("shown beside " + told).isEmpty();
                        }
                    }
                    default -> {}
                }
            }
        }
    }

    @Test
    void aJobThatIsThereNoMoreEndsTheStream() {
        PaperOutlet outlet = new PaperOutlet();
        EventReader reader = reading(EventReaderTest::good, outlet);
        reader.missing();

        assertThat(outlet.parting).isEqualTo(Parting.GONE);
        assertThat(left).isTrue();
    }

    @Test
    void whoCannotBeToldHearsThatTheFaultIsOurs() {
        PaperOutlet outlet = new PaperOutlet();
        reading(EventReaderTest::good, outlet).broken(new IllegalStateException("a bug"));

        assertThat(outlet.parting).isEqualTo(Parting.BROKEN);
        assertThat(left).isTrue();

        EventReader notYetFound = reader(EventReaderTest::good);
        notYetFound.broken(new IllegalStateException("a bug"));
        assertThat(notYetFound.found()).isCompletedExceptionally();
        assertThat(notYetFound.found().handle((_, failure) -> failure).join()).hasMessageContaining("a bug");
    }

    @Test
    void whoseKeyIsRevokedIsToldNoMoreAndWhoseKeyCannotBeLookedUpIs() {
        AtomicReference<CompletableFuture<Boolean>> answer = new AtomicReference<>(good());
        PaperOutlet outlet = new PaperOutlet();
        EventReader reader = reading(answer::get, outlet);
        reader.tend(SECONDS.toNanos(6));
        answer.set(CompletableFuture.failedFuture(new SQLException("away")));
        reader.tend(SECONDS.toNanos(12));
        assertThat(outlet.ended).isFalse();

        answer.set(CompletableFuture.completedFuture(false));
        reader.tend(SECONDS.toNanos(13));
        assertThat(outlet.ended).as("asked again within a second").isFalse();
        reader.tend(SECONDS.toNanos(18));
        assertThat(outlet.parting).isEqualTo(Parting.REVOKED);
        assertThat(left).isTrue();
    }

    private EventReader reading(Supplier<CompletableFuture<Boolean>> keyStillGood, PaperOutlet outlet) {
        EventReader reader = reader(keyStillGood);
        reader.told(Lives.story(List.of(Lives.step(0, JobStatus.QUEUED, 0))));
        reader.open(outlet);
        return reader;
    }

    private EventReader reader(Supplier<CompletableFuture<Boolean>> keyStillGood) {
        return new EventReader(
                Lives.OWNED,
                -1,
                keyStillGood,
                0,
                new Speeches(0, () -> 0),
                new EventMetrics(new SimpleMeterRegistry()),
                _ -> left = true);
    }

    @Test
    void lineBreaksInAResultDoNotBreakTheEvent() {
        Step queued = Lives.step(0, JobStatus.QUEUED, 0);
        Step complete = Lives.step(0, JobStatus.COMPLETE, 0);

        assertThat(Lives.story(List.of(queued, complete)).result().toString())
                .contains("{\"said\": \"all\"}")
                .endsWith("\n\n");
    }
}
