package dev.longshore.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Where values come from: the file, the environment, secret files, the demo that is bundled.
class SourcesTest {

    private static final String KEY = "sk-live-0123456789";

    @TempDir
    Path folder;

    @Test
    void everyKeyThatThereIsIsRead() {
        var settings = SettingsCheck.load(Map.of("OPENAI_API_KEY", KEY), file("every-key.yaml"));

        var provider = settings.providers().get("openai");
        assertThat(provider.apiKeys())
                .hasValueSatisfying(keys -> assertThat(keys).containsExactly(new Secret(KEY)));
        assertThat(provider.headers()).containsExactly(Map.entry("OpenAI-Organization", new Secret("org_1")));
        assertThat(provider.api()).hasValue(OpenAiApi.RESPONSES);
        assertThat(provider.region()).hasValue("us");
        assertThat(provider.limits().concurrent()).hasValue(200);
        assertThat(provider.limits().requestsPerMinute()).hasValue(5000);
        assertThat(provider.limits().tokensPerMinute()).hasValue(2_000_000);
        var model = settings.models().get("gpt-4o-mini");
        assertThat(model.name()).hasValue("gpt-4o-mini-2024-07-18");
        assertThat(model.contextTokens()).hasValue(128_000);
        assertThat(model.maxOutputTokens()).hasValue(16_384);
        assertThat(model.usdPerMillion().cachedInput()).hasValue(new BigDecimal("0.075"));
        assertThat(model.usdPerMillion().batchOutput()).hasValue(new BigDecimal("0.30"));
        assertThat(model.capabilities())
                .containsExactlyInAnyOrder(
                        Capability.CHAT, Capability.TOOLS, Capability.JSON_SCHEMA, Capability.VISION);
        assertThat(model.aliases())
                .hasValueSatisfying(names -> assertThat(names).containsExactly("mini"));
        assertThat(model.fallbacks())
                .hasValueSatisfying(names -> assertThat(names).containsExactly("claude-haiku"));
        assertThat(model.limits().concurrent()).hasValue(100);
        assertThat(model.deprecatedFrom()).hasValue(LocalDate.of(2027, 1, 1));
        assertThat(model.shutdownAt()).hasValue(LocalDate.of(2027, 6, 1));
        assertThat(model.successor()).hasValue("gpt-5-mini");
    }

    @Test
    void theDemoHoldsWithoutAFile() {
        var settings = SettingsCheck.load(Map.of(), null);
        assertThat(settings.providers()).containsOnlyKeys("simulator");
        assertThat(settings.providers().get("simulator").baseUrl()).contains(URI.create("http://127.0.0.1:9100/v1"));
        assertThat(settings.models()).containsOnlyKeys("sim-small", "sim-large", "sim-embed");
        assertThat(settings.models().get("sim-small").contextTokens()).hasValue(128_000);
        assertThat(settings.models().get("sim-large").contextTokens()).hasValue(400_000);
        assertThat(settings.models().get("sim-embed").capabilities()).containsExactly(Capability.EMBED);
    }

    @Test
    void theDemoFindsTheSimulatorAtItsPort() {
        var settings = SettingsCheck.load(Map.of("SIMULATOR_PORT", "4711"), null);
        assertThat(settings.providers().get("simulator").baseUrl()).contains(URI.create("http://127.0.0.1:4711/v1"));
    }

    @Test
    void modelsMayHaveAnyName() {
        var file = FileUnderTest.in(folder, """
                longshore:
                  providers:
                    my.own: {dialect: openai, base-url: "http://127.0.0.1:8000/v1"}
                  models:
                    gpt-4.1: {provider: my.own, fallbacks: ["meta/llama-3.1:8b[q4]"]}
                    "meta/llama-3.1:8b[q4]": {provider: my.own, context-tokens: 8192}
                    Größe: {provider: my.own}
                """);
        var models = file.load().models();
        assertThat(models).containsOnlyKeys("gpt-4.1", "meta/llama-3.1:8b[q4]", "Größe");
        assertThat(models.get("meta/llama-3.1:8b[q4]").contextTokens()).hasValue(8192);
    }

    @Test
    void theEnvironmentOverridesTheFile() {
        var file = FileUnderTest.in(folder, FileUnderTest.SMALLEST + """
                    gpt-4.1-mini: {provider: local, context-tokens: 1000}
                  worker: {slots: 5, drain: 7s}
                """);
        var settings = SettingsCheck.load(
                Map.of(
                        "LONGSHORE_WORKER_SLOTS", "6",
                        "LONGSHORE_LANES_BATCH_RETRY_MAX_ATTEMPTS", "9",
                        "LONGSHORE_PROVIDERS_LOCAL_API_KEYS", "one,two",
                        "LONGSHORE_PROVIDERS_LOCAL_BASE_URL", "http://127.0.0.1:9/v1",
                        "LONGSHORE_MODELS__GPT_4_1_MINI__CONTEXT_TOKENS", "2000"),
                file.path());
        assertThat(settings.worker().slots()).isEqualTo(6);
        assertThat(settings.worker().drain()).isEqualTo(Duration.ofSeconds(7));
        assertThat(settings.lanes().batch().retry().maxAttempts()).isEqualTo(9);
        assertThat(settings.providers()).containsOnlyKeys("local");
        assertThat(settings.providers().get("local").apiKeys())
                .hasValueSatisfying(keys -> assertThat(keys).containsExactly(new Secret("one"), new Secret("two")));
        assertThat(settings.providers().get("local").baseUrl()).contains(URI.create("http://127.0.0.1:9/v1"));
        assertThat(settings.models()).containsOnlyKeys("small", "gpt-4.1-mini");
        assertThat(settings.models().get("gpt-4.1-mini").contextTokens()).hasValue(2000);
    }

    @Test
    void aNameWithHyphensIsOverriddenToo() {
        var file = FileUnderTest.in(folder, FileUnderTest.SMALLEST + "    gpt-4o-mini: {provider: local}\n");
        var settings = SettingsCheck.load(Map.of("LONGSHORE_MODELS_GPT_4O_MINI_CONTEXT_TOKENS", "2000"), file.path());
        assertThat(settings.models()).containsOnlyKeys("small", "gpt-4o-mini");
        assertThat(settings.models().get("gpt-4o-mini").contextTokens()).hasValue(2000);
    }

    @Test
    void aProviderMayComeFromTheEnvironmentAlone() {
        var file = FileUnderTest.in(folder, FileUnderTest.SMALLEST);
        var settings = SettingsCheck.load(
                Map.of(
                        "LONGSHORE_PROVIDERS_OTHER_DIALECT", "anthropic",
                        "LONGSHORE_PROVIDERS_OTHER_BASE_URL", "http://127.0.0.1:9/v1"),
                file.path());
        assertThat(settings.providers()).containsOnlyKeys("local", "other");
        assertThat(settings.providers().get("other").dialect()).isEqualTo(Dialect.ANTHROPIC);
    }

    @Test
    void variablesThatMeanSomethingElseAreLeftAlone() {
        var file = FileUnderTest.in(folder, FileUnderTest.SMALLEST);
        assertThat(file.complaints(Map.of(
                        "LONGSHORE_CONFIG", "/etc/longshore.yaml",
                        "LONGSHORE_BOOTSTRAP_KEY", KEY,
                        "LONGSHORE_WORKER_SERVICE_HOST", "10.0.0.1",
                        "LONGSHORE_API_PORT", "tcp://10.0.0.1:80")))
                .isEmpty();
    }

    @Test
    void aWrongVariableIsRefusedByItsName() {
        var file = FileUnderTest.in(folder, FileUnderTest.SMALLEST);
        assertThat(file.complaints(Map.of("LONGSHORE_WORKER_SLOTS", "many")))
                .containsExactly("environment variable LONGSHORE_WORKER_SLOTS: longshore.worker.slots:"
                        + " expected a whole number, found many");
        assertThat(file.complaints(Map.of("LONGSHORE_WORKER_SLOTS", "0")))
                .containsExactly("environment variable LONGSHORE_WORKER_SLOTS: longshore.worker.slots:"
                        + " expected a whole number of 1 or more, found 0");
        assertThat(file.complaints(Map.of("LONGSHORE_PROVIDERS_LOCAL_BASE_URL", "nowhere")))
                .containsExactly("environment variable LONGSHORE_PROVIDERS_LOCAL_BASE_URL:"
                        + " longshore.providers.local.base-url:"
                        + " expected an http or https address without a user name, found nowhere");
    }

    @Test
    void aVariableThatIsNotSetIsRefusedWithItsNameAndLine() {
        var complaints = SettingsCheck.check(Map.of(), file("every-key.yaml"));
        assertThat(complaints)
                .singleElement()
                .asString()
                .endsWith("every-key.yaml:8: longshore.providers.openai.api-keys[0]:"
                        + " expected the environment variable OPENAI_API_KEY to be set, found it is not");
    }

    @Test
    void aSecretIsReadFromItsFileWithoutTheLineEnd() throws Exception {
        var secret = Files.writeString(folder.resolve("key"), KEY + "\n");
        var file = FileUnderTest.in(folder, withKey("file:" + secret));
        assertThat(file.load().providers().get("local").apiKeys())
                .hasValueSatisfying(keys -> assertThat(keys).containsExactly(new Secret(KEY)));
    }

    @Test
    void aDollarSignIsWrittenTwiceWhereItWouldStartAVariable() {
        var file = FileUnderTest.in(folder, withKey("a$b$${C}"));
        assertThat(file.load().providers().get("local").apiKeys())
                .hasValueSatisfying(keys -> assertThat(keys).containsExactly(new Secret("a$b${C}")));
    }

    @Test
    void timesAndSizesAreWrittenInEachOfTheseWays() {
        assertThat(DurationConverter.read("200ms")).isEqualTo(Duration.ofMillis(200));
        assertThat(DurationConverter.read("5s")).isEqualTo(Duration.ofSeconds(5));
        assertThat(DurationConverter.read("5m")).isEqualTo(Duration.ofMinutes(5));
        assertThat(DurationConverter.read("24h")).isEqualTo(Duration.ofHours(24));
        assertThat(DurationConverter.read("30d")).isEqualTo(Duration.ofDays(30));
        assertThat(DurationConverter.read("PT1H30M")).isEqualTo(Duration.ofMinutes(90));
        assertThat(ByteSize.read("12")).isEqualTo(new ByteSize(12));
        assertThat(ByteSize.read("512KiB")).isEqualTo(new ByteSize(512 * 1024));
        assertThat(ByteSize.read("10 MiB")).isEqualTo(new ByteSize(10 * 1024 * 1024));
        assertThat(ByteSize.read("2GiB")).isEqualTo(new ByteSize(2L << 30));
        assertThat(ByteSize.read("3KB")).isEqualTo(new ByteSize(3_000));
        assertThat(ByteSize.read("3MB")).isEqualTo(new ByteSize(3_000_000));
        assertThat(ByteSize.read("3GB")).isEqualTo(new ByteSize(3_000_000_000L));
    }

    @Test
    void aSecretFileThatIsMissingOrEmptyIsRefused() throws Exception {
        var missing = folder.resolve("missing");
        assertThat(FileUnderTest.in(folder, withKey("file:" + missing)).complaints())
                .containsExactly("longshore.yaml:6: longshore.providers.local.api-keys[0]:"
                        + " expected a secret as text, as ${VARIABLE} or as file:/path,"
                        + " found the secret file missing cannot be read");
        var empty = Files.writeString(folder.resolve("empty"), " \n");
        assertThat(FileUnderTest.in(folder, withKey("file:" + empty)).complaints())
                .singleElement()
                .asString()
                .endsWith("found the secret file empty is empty");
    }

    @Test
    void secretsAreNeverShownWithTheSettings() {
        var settings = SettingsCheck.load(Map.of("OPENAI_API_KEY", KEY), file("every-key.yaml"));
        assertThat(settings.toString()).contains("apiKeys=Optional[[***]]").doesNotContain(KEY, "org_1");
    }

    @Test
    void secretsAreNeverShownInComplaints() {
        var file = FileUnderTest.in(folder, """
                longshore:
                  providers:
                    local:
                      dialect: ${SECRET}
                      base-url: https://user:sk-live-0123456789@host/v1
                      api-keys: sk-live-0123456789
                      api-key: sk-live-0123456789
                      headers: {Authorization: [sk-live-0123456789]}
                """);
        assertThat(file.complaints(Map.of("SECRET", KEY))).hasSize(5).noneMatch(line -> line.contains(KEY));
        var address = Map.of("SECRET", "openai", "LONGSHORE_PROVIDERS_LOCAL_BASE_URL", "http://user:" + KEY + "@host");
        assertThat(file.complaints(address)).anyMatch(line -> line.endsWith("found http://***@host"));
        assertThat(file.complaints(address)).noneMatch(line -> line.contains(KEY));
        assertThat(OperatorFile.read(file.path()).toString()).doesNotContain(KEY);
    }

    @Test
    void loadingWrongSettingsThrowsAllComplaints() {
        var file = FileUnderTest.in(folder, FileUnderTest.SMALLEST + "  worker: {slots: many, lease: long}\n");
        assertThatThrownBy(file::load)
                .isInstanceOfSatisfying(
                        WrongSettings.class, e -> assertThat(e.complaints()).hasSize(2))
                .hasMessageContainingAll("longshore.worker.slots", "longshore.worker.lease");
    }

    @Test
    void aProcessWithWrongSettingsSaysSoAndWhatToDo() {
        var file = FileUnderTest.in(folder, FileUnderTest.SMALLEST + "  worker: {slots: many}\n");
        System.setProperty(OperatorFile.VARIABLE, file.path().toString());
        try {
            var printed = new ByteArrayOutputStream();
            assertThat(SettingsCheck.isInOrder(new PrintStream(printed, true, StandardCharsets.UTF_8)))
                    .isFalse();
            assertThat(printed.toString(StandardCharsets.UTF_8).lines())
                    .satisfiesExactly(
                            first -> assertThat(first)
                                    .endsWith("longshore.yaml:6: longshore.worker.slots:"
                                            + " expected a whole number, found many"),
                            last -> assertThat(last).startsWith("Longshore was not started: "));
        } finally {
            System.clearProperty(OperatorFile.VARIABLE);
        }
    }

    @Test
    void aNetworkHoldsItsAddressesOnly() {
        var network = Network.read("10.1.128.0/17");
        assertThat(network.contains(InetAddress.ofLiteral("10.1.200.7"))).isTrue();
        assertThat(network.contains(InetAddress.ofLiteral("10.1.127.255"))).isFalse();
        assertThat(network.contains(InetAddress.ofLiteral("::1"))).isFalse();
        assertThat(Network.read("fd00::/8").contains(InetAddress.ofLiteral("fd12::1")))
                .isTrue();
        assertThat(Network.read("127.0.0.1").contains(InetAddress.ofLiteral("127.0.0.1")))
                .isTrue();
        assertThat(Network.read("127.0.0.1").contains(InetAddress.ofLiteral("127.0.0.2")))
                .isFalse();
    }

    private static String withKey(String key) {
        return """
                longshore:
                  providers:
                    local:
                      dialect: openai
                      base-url: http://127.0.0.1:8000/v1
                      api-keys: ["KEY"]
                """.replace("KEY", key);
    }

    private static Path file(String resource) {
        return Path.of("src", "test", "resources", resource);
    }
}
