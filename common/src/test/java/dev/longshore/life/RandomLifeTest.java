package dev.longshore.life;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.FreshDatabase;
import dev.longshore.life.Command.Said;
import dev.longshore.testing.chance.Seeded;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Random lives of some twenty jobs at a time in the hands of three workers that die, sleep and speak
/// out of turn, against a model in memory. After each command every row must be as the model has it, and
/// when faults stop every job comes to its one end.
///
/// `-Dlongshore.seed=N` repeats the run that printed N.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RandomLifeTest {
    private static final int COMMANDS = 180;

    /// Sequences that are tried to make a failing one shorter.
    private static final int TRIES = 300;

    private FreshDatabase database;

    @BeforeAll
    void makeDatabase() throws SQLException {
        database = FreshDatabase.make();
    }

    @AfterAll
    void closeDatabase() {
        database.close();
    }

    @RepeatedTest(20)
    void everyJobIsAlwaysWhereTheModelHasIt() throws SQLException {
        long seed = Seeded.seed("RandomLifeTest");
        List<Command> commands = new ArrayList<>();
        SideBySide both = new SideBySide(database);
        Commands chance = new Commands(new Random(seed), both.model());
        try {
            for (int i = 0; i < COMMANDS; i++) {
                commands.add(chance.next());
                both.run(commands.getLast());
            }
            finish(both);
        } catch (SQLException | RuntimeException | AssertionError e) {
            throw shortened(seed, commands, e);
        }
    }

    @Test
    void aFailingSequenceIsMadeAsShortAsItCanBe() {
        List<Integer> sequence = IntStream.range(0, 100).boxed().toList();

        assertThat(Shortest.failing(sequence, TRIES, some -> some.contains(13) && some.contains(77)))
                .containsExactly(13, 77);
    }

    private static void finish(SideBySide both) throws SQLException {
        for (Command last : Commands.lastOrders(both.model(), 0)) {
            both.run(last);
        }
        both.run(new Command.Settle(both.model().claimedBy(both.worker(0)).stream()
                .map(job -> new Said(job, both.model().life(job).epoch, Ending.COMPLETE))
                .toList()));
        // Some have no attempt left, some have missed their deadline: the alarm clock ends them.
        both.run(new Command.PassEveryDeadline());
        both.run(new Command.Expire());
        assertThat(both.model().jobs(LifeModel.Life::open))
                .as("open when all is done")
                .isEmpty();
    }

    private AssertionError shortened(long seed, List<Command> commands, Throwable first) {
        AtomicReference<Throwable> why = new AtomicReference<>(first);
        List<Command> shortest = Shortest.failing(commands, TRIES, some -> fails(some, why));
        return new AssertionError(
                "-Dlongshore.seed=" + seed + " fails after " + commands.size() + " commands; the shortest that fails:\n"
                        + shortest.stream().map(Command::toString).collect(Collectors.joining("\n")) + "\n"
                        + why.get().getMessage(),
                why.get());
    }

    private boolean fails(List<Command> commands, AtomicReference<Throwable> why) {
        try {
            SideBySide both = new SideBySide(database);
            for (Command command : commands) {
                both.run(command);
            }
            finish(both);
            return false;
        } catch (SQLException | RuntimeException | AssertionError e) {
            why.set(e);
            return true;
        }
    }
}
