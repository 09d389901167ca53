package dev.longshore.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a program gets that merely has this module on its class path.
class DiscoveryTest {

    @TempDir
    Path folder;

    @Test
    void theFileAndTheDefaultsAreFoundByThemselves() {
        var file = FileUnderTest.in(folder, FileUnderTest.SMALLEST + "  worker: {slots: 5, drain: 7s}\n");
        var settings = discovering(Map.of(
                        "LONGSHORE_CONFIG", file.path().toString(),
                        "LONGSHORE_BOOTSTRAP_KEY", "key",
                        "LONGSHORE_MODELS_SOME_OTHER_NAME", "x",
                        "LONGSHORE_WORKER_SLOTS", "6"))
                .withMapping(LongshoreSettings.class)
                .build()
                .getConfigMapping(LongshoreSettings.class);
        assertThat(settings.models()).containsOnlyKeys("small");
        assertThat(settings.worker().slots()).isEqualTo(6);
        assertThat(settings.worker().drain()).hasSeconds(7);
        assertThat(settings.worker().heartbeat()).hasSeconds(5);
    }

    @Test
    void keysOfOthersBelowTheSameRootDoNotDisturb() {
        var settings = discovering(Map.of())
                .withSources(new PropertiesConfigSource(Map.of("longshore.home", "/somewhere"), "test", 250))
                .withMapping(LongshoreSettings.class)
                .build()
                .getConfigMapping(LongshoreSettings.class);
        assertThat(settings.providers()).containsOnlyKeys("simulator");
    }

    @Test
    void aWrongFileStopsTheStartThoughNobodyAsked() {
        var file = FileUnderTest.in(folder, FileUnderTest.SMALLEST + "  worker: {slotz: 5}\n");
        var builder = discovering(Map.of("LONGSHORE_CONFIG", file.path().toString()));
        assertThatThrownBy(builder::build)
                .isInstanceOf(WrongSettings.class)
                .hasMessageContaining("longshore.yaml:6: longshore.worker.slotz: expected a known key");
    }

    @Test
    void nothingIsReadWhileAProgramIsBuiltSinceItWouldStayInIt() {
        var config = discovering(Map.of())
                .withSources(new PropertiesConfigSource(Map.of("some.key", "some value"), "Build system", 100))
                .build();
        assertThat(config.getPropertyNames()).noneMatch(name -> name.startsWith("longshore."));
    }

    private static SmallRyeConfigBuilder discovering(Map<String, String> env) {
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredInterceptors()
                .addDiscoveredSources()
                .withSources(new EnvConfigSource(env, EnvConfigSource.ORDINAL));
    }
}
