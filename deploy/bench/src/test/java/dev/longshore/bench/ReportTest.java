package dev.longshore.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    @Test
    void theFileIsFlatAndHoldsEachRoundBesideTheMedians(@TempDir Path folder) throws IOException {
        Figures first = new Figures().put("L1", 100).put("W1_64.x_L1", 0.25);
        Figures second = new Figures().put("L1", 200).put("W1_64.x_L1", 0.75);
        Path file = folder.resolve("figures.json");

        Report.write(file, Figures.medians(List.of(first, second)), List.of(first, second));

        JsonNode read = new ObjectMapper().readTree(file.toFile());
        assertThat(read.path("L1").asDouble()).isEqualTo(150);
        assertThat(read.path("W1_64.x_L1").asDouble()).isEqualTo(0.5);
        assertThat(read.path("rounds").path(1).path("W1_64.x_L1").asDouble()).isEqualTo(0.75);
    }

    @Test
    void theTableTellsWhichFiguresHold() {
        Figures figures = new Figures()
                .put("L1", 10_000)
                .put("W1_64.rate", 10_100)
                .put("W1_64.x_L1", 1.01)
                .put("W2.x_L3", 0.7)
                .put("W3.p99_ms", 31);

        List<String> lines = Report.table(figures).lines().toList();

        assertThat(lines).anySatisfy(line -> assertThat(line).matches("W1_64\\.x_L1 +10,100 +1\\.010 .* goal .*"));
        assertThat(lines).anySatisfy(line -> assertThat(line).matches("W2\\.x_L3 +0\\.700 .* first .*"));
        assertThat(lines).anySatisfy(line -> assertThat(line).matches("W3\\.p99_ms +31\\.0 .* NO .*"));
    }

    @Test
    void everyFigureThatIsAskedForHasItsPlaceInTheTable() {
        assertThat(Goal.ALL)
                .extracting(Goal::name)
                .contains(
                        "W1_64.x_L1",
                        "W1_512.x_L1",
                        "W2.x_L3",
                        "life.x_L3",
                        "W3.p50_ms",
                        "W3.p99_ms",
                        "W4_1000.x_twin",
                        "W4_4000.x_twin",
                        "W4_10000.x_twin",
                        "W5.x_own",
                        "W5.p99_x_own",
                        "life.wal_bytes_per_job",
                        "life.commits_per_job");
    }
}
