package dev.longshore.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Spells out what holds when the operator says as little as possible.
class DefaultsTest {

    @TempDir
    Path folder;

    private LongshoreSettings settings;

    @BeforeEach
    void readTheSmallestFile() throws Exception {
        var file = Files.writeString(folder.resolve("longshore.yaml"), """
                longshore:
                  providers:
                    local: {dialect: openai, base-url: "http://127.0.0.1:8000/v1"}
                  models:
                    small: {provider: local}
                """);
        settings = SettingsCheck.load(Map.of(), file);
    }

    @Test
    void aProviderHasNoKeysNoHeadersAndNoRegion() {
        var provider = settings.providers().get("local");
        assertThat(provider.dialect()).isEqualTo(Dialect.OPENAI);
        assertThat(provider.api()).isEmpty();
        assertThat(provider.baseUrl()).contains(URI.create("http://127.0.0.1:8000/v1"));
        assertThat(provider.apiKeys()).isEmpty();
        assertThat(provider.headers()).isEmpty();
        assertThat(provider.region()).isEmpty();
        assertThat(provider.dataClasses()).containsExactly("public", "internal");
    }

    @Test
    void aProviderIsUnlimited() {
        var limits = settings.providers().get("local").limits();
        assertThat(limits.concurrent()).isEmpty();
        assertThat(limits.requestsPerMinute()).isEmpty();
        assertThat(limits.tokensPerMinute()).isEmpty();
        assertThat(limits.inputTokensPerMinute()).isEmpty();
        assertThat(limits.outputTokensPerMinute()).isEmpty();
        assertThat(settings.providers().get("local").limitsPerKey().requestsPerMinute())
                .isEmpty();
    }

    @Test
    void aProviderIsWaitedForThisLong() {
        var timeouts = settings.providers().get("local").timeouts();
        assertThat(timeouts.connect()).isEqualTo(Duration.ofSeconds(5));
        assertThat(timeouts.firstByte()).isEqualTo(Duration.ofSeconds(60));
        assertThat(timeouts.idle()).isEqualTo(Duration.ofSeconds(30));
        assertThat(timeouts.attempt()).isEqualTo(Duration.ofSeconds(300));
        assertThat(timeouts.least()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void aProviderIsTakenForBrokenThen() {
        var breaker = settings.providers().get("local").breaker();
        assertThat(breaker.consecutiveFailures()).isEqualTo(5);
        assertThat(breaker.failureRate()).isEqualTo(0.5);
        assertThat(breaker.window()).isEqualTo(Duration.ofSeconds(60));
        assertThat(breaker.minimumCalls()).isEqualTo(20);
        assertThat(breaker.slowCall()).isEqualTo(Duration.ofSeconds(60));
        assertThat(breaker.openFor()).isEqualTo(Duration.ofSeconds(15));
    }

    @Test
    void aModelIsFreeChatsAndIsUnlimited() {
        var model = settings.models().get("small");
        assertThat(model.provider()).isEqualTo("local");
        assertThat(model.name()).isEmpty();
        assertThat(model.aliases()).isEmpty();
        assertThat(model.contextTokens()).isEmpty();
        assertThat(model.maxOutputTokens()).isEmpty();
        assertThat(model.usdPerMillion().input()).isEqualTo(BigDecimal.ZERO);
        assertThat(model.usdPerMillion().cachedInput()).isEmpty();
        assertThat(model.usdPerMillion().output()).isEqualTo(BigDecimal.ZERO);
        assertThat(model.usdPerMillion().batchInput()).isEmpty();
        assertThat(model.usdPerMillion().batchOutput()).isEmpty();
        assertThat(model.capabilities()).containsExactly(Capability.CHAT);
        assertThat(model.fallbacks()).isEmpty();
        assertThat(model.limits().concurrent()).isEmpty();
        assertThat(model.limits().requestsPerMinute()).isEmpty();
        assertThat(model.deprecatedFrom()).isEmpty();
        assertThat(model.shutdownAt()).isEmpty();
        assertThat(model.successor()).isEmpty();
    }

    @Test
    void theInteractiveLaneIsQuick() {
        var lane = settings.lanes().interactive();
        assertThat(lane.weight()).isEqualTo(6);
        assertThat(lane.floor()).isEqualTo(0.1);
        assertThat(lane.window()).isEqualTo(2000);
        assertThat(lane.backlogLimit()).isEqualTo(100_000);
        assertThat(lane.deadline()).isEqualTo(Duration.ofMinutes(5));
        assertThat(lane.retry().maxAttempts()).isEqualTo(3);
        assertThat(lane.retry().initialDelay()).isEqualTo(Duration.ofMillis(200));
        assertThat(lane.retry().multiplier()).isEqualTo(2);
        assertThat(lane.retry().maxDelay()).isEqualTo(Duration.ofSeconds(10));
        assertThat(lane.retry().jitter()).isEqualTo(0.5);
    }

    @Test
    void theStandardLaneIsPatient() {
        var lane = settings.lanes().standard();
        assertThat(lane.weight()).isEqualTo(3);
        assertThat(lane.floor()).isEqualTo(0.1);
        assertThat(lane.window()).isEqualTo(2000);
        assertThat(lane.backlogLimit()).isEqualTo(1_000_000);
        assertThat(lane.deadline()).isEqualTo(Duration.ofHours(1));
        assertRetriesPatiently(lane);
    }

    @Test
    void theBatchLaneHasADay() {
        var lane = settings.lanes().batch();
        assertThat(lane.weight()).isEqualTo(1);
        assertThat(lane.floor()).isEqualTo(0.05);
        assertThat(lane.window()).isEqualTo(2000);
        assertThat(lane.backlogLimit()).isEqualTo(10_000_000);
        assertThat(lane.deadline()).isEqualTo(Duration.ofHours(24));
        assertRetriesPatiently(lane);
    }

    @Test
    void aWorkerHasTheseSlotsAndSignsOfLife() {
        assertThat(settings.worker().slots()).isEqualTo(2000);
        assertThat(settings.worker().heartbeat()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.worker().lease()).isEqualTo(Duration.ofSeconds(20));
        assertThat(settings.worker().drain()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void theRestIsKeptAndBoundedSo() {
        assertThat(settings.idempotency().retention()).isEqualTo(Duration.ofHours(24));
        assertThat(settings.idempotency().dedupeWindow()).isZero();
        assertThat(settings.retention().jobs()).isEqualTo(Duration.ofDays(30));
        assertThat(settings.webhooks().allowNetworks().orElse(List.of())).isEmpty();
        assertThat(settings.webhooks().nameServers().orElse(List.of())).isEmpty();
        assertThat(settings.limits().body()).isEqualTo(new ByteSize(10 * 1024 * 1024));
    }

    @Test
    void readersOfEventsAreKeptSo() {
        assertThat(settings.events().heartbeat()).isEqualTo(Duration.ofSeconds(15));
        assertThat(settings.events().readers()).isEqualTo(10_000);
        assertThat(settings.events().readersPerTenant()).isEqualTo(8_000);
    }

    private static void assertRetriesPatiently(LaneSettings lane) {
        assertThat(lane.retry().maxAttempts()).isEqualTo(5);
        assertThat(lane.retry().initialDelay()).isEqualTo(Duration.ofSeconds(1));
        assertThat(lane.retry().multiplier()).isEqualTo(2);
        assertThat(lane.retry().maxDelay()).isEqualTo(Duration.ofSeconds(60));
        assertThat(lane.retry().jitter()).isEqualTo(0.5);
    }
}
