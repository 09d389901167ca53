package dev.longshore.rig;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A service is not started with settings that are wrong.
@Timeout(60)
class WrongSettingsTest {
    private static final int EX_CONFIG = 78;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"api", "worker"})
    void theServiceEndsAndSaysWhereAndWhatIsWrong(String service) throws Exception {
        Path file = Files.writeString(folder.resolve("wrong.yaml"), """
                longshore:
                  worker:
                    slots: many
                  lanes:
                    batch: {windw: 50}
                """);
        Packages packages = Packages.found();
        Member member = new Member(service, folder, folder);
        member.begin(
                service.equals("api") ? packages.api() : packages.worker(),
                Map.of("LONGSHORE_CONFIG", file.toString()),
                () -> false);

        assertThat(member.awaitEnd()).isEqualTo(EX_CONFIG);
        assertThat(member.words().lines())
                .anySatisfy(line -> assertThat(line).contains("wrong.yaml:3", "longshore.worker.slots", "many"))
                .anySatisfy(line -> assertThat(line)
                        .contains("wrong.yaml:5", "longshore.lanes.batch.windw", "did you mean window"));
        assertThat(member.words()).doesNotContain("\tat ");
    }
}
