package dev.longshore.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.longshore.job.FreshDatabase;
import dev.longshore.provider.TokenCountErrors.Sample;
import dev.longshore.provider.TokenCountErrors.Summary;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TokenCountErrorsTest {
    private FreshDatabase database;
    private TokenCountErrors errors;

    @BeforeAll
    void makeDatabase() throws SQLException {
        database = FreshDatabase.make();
        errors = new TokenCountErrors(database.source());
    }

    @AfterAll
    void closeDatabase() {
        database.close();
    }

    @BeforeEach
    void beginAnew() throws SQLException {
        database.execute("DELETE FROM token_count_error");
    }

    @Test
    void nothingIsKnownAtFirst() throws SQLException {
        errors.add(List.of());

        assertThat(errors.read()).isEmpty();
    }

    @Test
    void aCountThatIsRightHasNoError() throws SQLException {
        errors.add(List.of(new Sample("exact", 100, 100)));

        assertThat(errors.read()).containsOnlyKeys("exact");
        assertThat(of("exact")).isEqualTo(new Summary(1, 0, 0));
    }

    @Test
    void theMeanTellsWhetherWeCountTooManyOrTooFew() throws SQLException {
        errors.add(List.of(new Sample("many", 110, 100), new Sample("many", 130, 100), new Sample("few", 80, 100)));
        errors.add(List.of(new Sample("few", 60, 100)));

        assertThat(of("many").mean()).isCloseTo(0.2, within(1e-9));
        assertThat(of("many").samples()).isEqualTo(2);
        assertThat(of("few").mean()).isCloseTo(-0.3, within(1e-9));
        assertThat(of("few").samples()).isEqualTo(2);
    }

    @Test
    void theRareLargeErrorShowsBeyondTheFifthOfAHundred() throws SQLException {
        errors.add(Collections.nCopies(10, new Sample("rare", 140, 100)));
        errors.add(Collections.nCopies(90, new Sample("rare", 98, 100)));
        assertThat(of("rare").p95()).isEqualTo(0.5);

        errors.add(Collections.nCopies(200, new Sample("rare", 98, 100)));
        assertThat(of("rare").p95()).isEqualTo(0.02);
    }

    @Test
    void whatTheProviderDidNotReportIsLeftOut() throws SQLException {
        errors.add(List.of(new Sample("silent", 100, 0), new Sample("silent", 100, -1)));

        assertThat(errors.read()).isEmpty();
    }

    @Test
    void anAbsurdReportDecidesNothing() throws SQLException {
        errors.add(Collections.nCopies(99, new Sample("odd", 100, 100)));
        errors.add(List.of(new Sample("odd", Integer.MAX_VALUE, 1)));

        assertThat(of("odd").mean()).isCloseTo(0.1, within(1e-9));
        assertThat(of("odd").p95()).isZero();
    }

    @Test
    void workersAddAtTheSameTimeAndNothingIsLost() throws Exception {
        List<Future<?>> adding = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int worker = 0; worker < 8; worker++) {
                // In orders of their own, as they come.
                boolean backwards = worker % 2 == 0;
                adding.add(threads.submit(() -> {
                    for (int round = 0; round < 20; round++) {
                        List<Sample> samples = new ArrayList<>();
                        for (int model = 0; model < 10; model++) {
                            samples.add(new Sample("m" + model, 100 + 3 * model, 100));
                        }
                        errors.add(backwards ? samples.reversed() : samples);
                    }
                    return null;
                }));
            }
        }
        for (Future<?> added : adding) {
            added.get();
        }
        for (int model = 0; model < 10; model++) {
            assertThat(of("m" + model).samples()).isEqualTo(160);
            assertThat(of("m" + model).mean()).isCloseTo(0.03 * model, within(1e-9));
        }
    }

    private Summary of(String model) throws SQLException {
        return Objects.requireNonNull(errors.read().get(model));
    }
}
