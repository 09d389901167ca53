package dev.longshore.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Each way in which a file can be wrong, and the words in which it is refused.
class RefusalTest {

    @TempDir
    Path folder;

    @Test
    void aMisspeltKeyIsRefusedWithTheOneThatWasMeant() {
        assertThat(complaints("  worker:\n    slotz: 5\n"))
                .containsExactly("longshore.yaml:7: longshore.worker.slotz:"
                        + " expected a known key, found an unknown key; did you mean slots?");
    }

    @Test
    void aKeyLikeNoOtherIsRefusedWithAllThatThereAre() {
        assertThat(complaints("  worker: {colour: blue}\n"))
                .containsExactly("longshore.yaml:6: longshore.worker.colour:"
                        + " expected one of the keys drain, heartbeat, lease, slots, found an unknown key");
    }

    @Test
    void aKeyBesideTheRootIsRefused() {
        assertThat(complaints("longshoreman:\n  slots: 5\n"))
                .containsExactly("longshore.yaml:6: longshoreman:"
                        + " expected a known key, found an unknown key; did you mean longshore?");
    }

    @Test
    void aKeyThatNoPropertyCanBeNamedAfterIsRefused() {
        for (var key : List.of("'a\"b'", "'a\\b'", "[a]", "''")) {
            assertThat(complaints("    " + key + ": {provider: local}\n"))
                    .containsExactly("longshore.yaml:6: longshore.models: expected keys of plain text without"
                            + " quotation marks and backslashes, found another kind of key");
        }
    }

    @Test
    void aKeyThatIsThereTwiceIsRefused() {
        assertThat(complaints("  worker:\n    slots: 5\n    slots: 6\n"))
                .containsExactly("longshore.yaml:8: longshore.worker.slots:"
                        + " expected a key only once, found it again after line 7");
    }

    @Test
    void anUnknownKeyOfAModelWhoseNameHasDotsIsRefusedAtItsLine() {
        var file = FileUnderTest.in(folder, """
                longshore:
                  providers:
                    local: {dialect: openai, base-url: "http://127.0.0.1:8000/v1"}
                  models:
                    "meta/llama-3.1:8b":
                      provider: local
                      contexttokens: 5
                """);
        assertThat(file.complaints())
                .containsExactly("longshore.yaml:7: longshore.models.\"meta/llama-3.1:8b\".contexttokens:"
                        + " expected a known key, found an unknown key; did you mean context-tokens?");
    }

    static Stream<Arguments> valuesOfTheWrongType() {
        var number = "a whole number";
        var time = "a time such as 200ms, 5s, 5m, 24h or 30d";
        return Stream.of(
                Arguments.of("worker", "slots", "many", number),
                Arguments.of("worker", "slots", "2.5", number),
                Arguments.of("worker", "slots", "99999999999", number),
                Arguments.of("worker", "lease", "20", time),
                Arguments.of("worker", "lease", "soon", time),
                Arguments.of("worker", "lease", "36501d", time),
                Arguments.of("worker", "lease", "PT99999999999999H", time),
                Arguments.of("limits", "body", "large", "a size such as 512KiB or 10MiB"),
                Arguments.of("limits", "body", "9999999999GiB", "a size such as 512KiB or 10MiB"));
    }

    @ParameterizedTest
    @MethodSource("valuesOfTheWrongType")
    void aValueOfTheWrongTypeIsRefused(String section, String key, String value, String expected) {
        assertThat(complaints("  " + section + ":\n    " + key + ": " + value + "\n"))
                .containsExactly("longshore.yaml:7: longshore." + section + "." + key + ": expected " + expected
                        + ", found " + value);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dialect: latin | one of openai, anthropic, gemini, http, prediction, echo | latin",
                "api: completions | one of chat-completions, responses | completions",
                "base-url: localhost | an http or https address without a user name | localhost",
                "base-url: 'ftp://host/v1' | an http or https address without a user name | ftp://host/v1",
                "data-classes: public | a list: [...], each entry text | a single value",
                "data-classes: [] | a list with at least one entry | an empty list",
                "region: | text | nothing",
                "region: [a, b] | text | a list",
                "region: {a: b} | text | keys",
                "limits: 5 | keys: concurrent, input-tokens-per-minute, output-tokens-per-minute, requests-per-minute, tokens-per-minute | a single value",
                "headers: [a] | keys of your own choice with what they stand for | a list",
            })
    void aProvidersValueOfTheWrongTypeIsRefused(String line, String expected, String found) {
        var key = line.substring(0, line.indexOf(':'));
        var file = FileUnderTest.in(
                folder,
                "longshore:\n  providers:\n    local:\n      " + line + "\n"
                        + (key.equals("dialect") ? "" : "      dialect: openai\n")
                        + (key.equals("base-url") ? "" : "      base-url: http://127.0.0.1/v1\n"));
        assertThat(file.complaints())
                .containsExactly("longshore.yaml:4: longshore.providers.local." + key + ": expected " + expected
                        + ", found " + found);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "usd-per-million: {input: cheap} | usd-per-million.input | a number | cheap",
                "capabilities: [chat, dance] | capabilities[1] | one of chat, tools, json-schema, vision, embed | dance",
                "deprecated-from: 2027-13-01 | deprecated-from | a date such as 2027-06-01 | 2027-13-01",
                "context-tokens: 128k | context-tokens | a whole number | 128k",
                "fallbacks: [small, {a: b}] | fallbacks[1] | text | keys",
            })
    void aModelsValueOfTheWrongTypeIsRefused(String line, String key, String expected, String found) {
        assertThat(complaints("    other:\n      provider: local\n      " + line + "\n"))
                .containsExactly("longshore.yaml:8: longshore.models.other." + key + ": expected " + expected
                        + ", found " + found);
    }

    @Test
    void whatIsMissingIsRefusedAtTheLineOfItsParent() {
        var file = FileUnderTest.in(folder, """
                longshore:
                  providers:
                    local:
                      region: us
                  models:
                    small:
                """);
        assertThat(file.complaints())
                .containsExactly(
                        "longshore.yaml:3: longshore.providers.local.dialect:"
                                + " expected one of openai, anthropic, gemini, http, prediction, echo, found nothing",
                        "longshore.yaml:6: longshore.models.small.provider: expected text, found nothing");
    }

    @Test
    void onlyTheDialectOfOpenAiHasAChoiceOfApis() {
        var file = FileUnderTest.in(folder, """
                longshore:
                  providers:
                    local:
                      dialect: anthropic
                      base-url: http://127.0.0.1/v1
                      api: chat-completions
                """);
        assertThat(file.complaints())
                .containsExactly("longshore.yaml:6: longshore.providers.local.api:"
                        + " expected nothing but with the dialect openai, found chat-completions");
    }

    @Test
    void onlyAProviderThatIsNobodyNeedsNoAddress() {
        var file = FileUnderTest.in(folder, """
                longshore:
                  providers:
                    local:
                      dialect: openai
                    nobody:
                      dialect: echo
                """);
        assertThat(file.complaints())
                .containsExactly("longshore.yaml:3: longshore.providers.local.base-url:"
                        + " expected an http or https address without a user name, found nothing");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "provider: locall | provider | a provider that is defined (local) | locall; did you mean local?",
                "provider: openai | provider | a provider that is defined (local) | openai",
                "fallbacks: [small, smoll] | fallbacks[1] | a model that is defined (other, small)"
                        + " | smoll; did you mean small?",
                "successor: gpt-9 | successor | a model that is defined (other, small) | gpt-9",
            })
    void aReferenceToNothingIsRefusedWithWhatThereIs(String line, String key, String expected, String found) {
        var provider = key.equals("provider") ? "" : "      provider: local\n";
        assertThat(complaints("    other:\n      " + line + "\n" + provider))
                .containsExactly("longshore.yaml:7: longshore.models.other." + key + ": expected " + expected
                        + ", found " + found);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lanes: {batch: {weight: 0}} | lanes.batch.weight | a whole number of 1 or more | 0",
                "lanes: {batch: {floor: 1.5}} | lanes.batch.floor | a number from 0 to 1 | 1.5",
                "lanes: {batch: {floor: -0.1}} | lanes.batch.floor | a number from 0 to 1 | -0.1",
                "lanes: {batch: {window: 0}} | lanes.batch.window | a whole number of 1 or more | 0",
                "lanes: {batch: {backlog-limit: 0}} | lanes.batch.backlog-limit | a whole number of 1 or more | 0",
                "lanes: {batch: {deadline: 0s}} | lanes.batch.deadline | a time above 0 | 0s",
                "lanes: {batch: {retry: {max-attempts: 0}}} | lanes.batch.retry.max-attempts"
                        + " | a whole number from 1 to 100 | 0",
                "lanes: {batch: {retry: {max-attempts: 101}}} | lanes.batch.retry.max-attempts"
                        + " | a whole number from 1 to 100 | 101",
                "lanes: {batch: {retry: {initial-delay: 0ms}}} | lanes.batch.retry.initial-delay | a time above 0 | 0s",
                "lanes: {batch: {retry: {multiplier: 0.9}}} | lanes.batch.retry.multiplier | a number of 1 or more | 0.9",
                "lanes: {batch: {retry: {max-delay: 500ms}}} | lanes.batch.retry.max-delay"
                        + " | a time no shorter than initial-delay, 1s | 500ms",
                "lanes: {batch: {retry: {jitter: 1.1}}} | lanes.batch.retry.jitter | a number from 0 to 1 | 1.1",
                "worker: {slots: 0} | worker.slots | a whole number of 1 or more | 0",
                "worker: {lease: 10s} | worker.lease | a time longer than two heartbeats of 5s | 10s",
                "worker: {drain: PT-1S} | worker.drain | a time of 0 or more | -1s",
                "idempotency: {retention: 0s} | idempotency.retention | a time above 0 | 0s",
                "idempotency: {dedupe-window: PT-1S} | idempotency.dedupe-window | a time of 0 or more | -1s",
                "retention: {jobs: 0d} | retention.jobs | a time above 0 | 0s",
                "limits: {body: 0} | limits.body | a size above 0 | 0",
                "events: {heartbeat: 0s} | events.heartbeat | a time above 0 | 0s",
                "events: {heartbeat: 61s} | events.heartbeat | a time of 60s at most | 61s",
                "events: {readers: 0} | events.readers | a whole number of 1 or more | 0",
                "events: {readers-per-tenant: 0} | events.readers-per-tenant | a whole number of 1 or more | 0",
            })
    void aValueOutsideItsBoundsIsRefused(String line, String key, String expected, String found) {
        assertThat(complaints("  " + line + "\n"))
                .containsExactly("longshore.yaml:6: longshore." + key + ": expected " + expected + ", found " + found);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "limits: {concurrent: 0} | limits.concurrent | a whole number of 1 or more | 0",
                "limits: {requests-per-minute: 0} | limits.requests-per-minute | a whole number of 1 or more | 0",
                "limits: {tokens-per-minute: 0} | limits.tokens-per-minute | a whole number of 1 or more | 0",
                "timeouts: {connect: 0s} | timeouts.connect | a time above 0 | 0s",
                "timeouts: {first-byte: 0s} | timeouts.first-byte | a time above 0 | 0s",
                "timeouts: {idle: 0s} | timeouts.idle | a time above 0 | 0s",
                "timeouts: {attempt: 0s} | timeouts.attempt | a time above 0 | 0s",
                "breaker: {consecutive-failures: 0} | breaker.consecutive-failures | a whole number of 1 or more | 0",
                "breaker: {failure-rate: 0} | breaker.failure-rate | a number above 0 and up to 1 | 0.0",
                "breaker: {window: 0s} | breaker.window | a time above 0 | 0s",
                "breaker: {minimum-calls: 0} | breaker.minimum-calls | a whole number of 1 or more | 0",
                "breaker: {slow-call: 0s} | breaker.slow-call | a time above 0 | 0s",
                "breaker: {open-for: 0s} | breaker.open-for | a time above 0 | 0s",
            })
    void aProvidersValueOutsideItsBoundsIsRefused(String line, String key, String expected, String found) {
        var file = FileUnderTest.in(
                folder,
                "longshore:\n  providers:\n    local:\n      dialect: openai\n"
                        + "      base-url: http://127.0.0.1/v1\n      " + line + "\n");
        assertThat(file.complaints())
                .containsExactly("longshore.yaml:6: longshore.providers.local." + key + ": expected " + expected
                        + ", found " + found);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "context-tokens: 0 | context-tokens | a whole number of 1 or more | 0",
                "max-output-tokens: 0 | max-output-tokens | a whole number of 1 or more | 0",
                "limits: {concurrent: 0} | limits.concurrent | a whole number of 1 or more | 0",
                "usd-per-million: {input: -1} | usd-per-million.input | a price from 0 to 1000000 with at most 12 decimals | -1",
                "usd-per-million: {output: 1e99} | usd-per-million.output | a price from 0 to 1000000 with at most 12 decimals | 1E+99",
                "usd-per-million: {output: -1} | usd-per-million.output | a price from 0 to 1000000 with at most 12 decimals | -1",
                "usd-per-million: {cached-input: -1} | usd-per-million.cached-input | a price from 0 to 1000000 with at most 12 decimals | -1",
                "usd-per-million: {batch-input: -1} | usd-per-million.batch-input | a price from 0 to 1000000 with at most 12 decimals | -1",
                "usd-per-million: {batch-output: -1} | usd-per-million.batch-output | a price from 0 to 1000000 with at most 12 decimals | -1",
            })
    void aModelsValueOutsideItsBoundsIsRefused(String line, String key, String expected, String found) {
        assertThat(complaints("    other:\n      provider: local\n      " + line + "\n"))
                .containsExactly("longshore.yaml:8: longshore.models.other." + key + ": expected " + expected
                        + ", found " + found);
    }

    @Test
    void aModelThatIsShutDownBeforeItIsDeprecatedIsRefused() {
        assertThat(complaints("    other: {provider: local, deprecated-from: 2027-06-01, shutdown-at: 2027-01-01}\n"))
                .containsExactly("longshore.yaml:6: longshore.models.other.shutdown-at:"
                        + " expected a day not before deprecated-from, found 2027-01-01");
    }

    @Test
    void aNameThatStandsForTwoModelsIsRefused() {
        assertThat(complaints("""
                    one:
                      provider: local
                      aliases: [fast, small, one]
                    two: {provider: local, aliases: [cheap, fast, cheap]}
                """))
                .containsExactly(
                        "longshore.yaml:8: longshore.models.one.aliases[0]: expected a name that no model and no other"
                                + " alias has, found fast, which is an alias of two too",
                        "longshore.yaml:8: longshore.models.one.aliases[1]: expected a name that no model and no other"
                                + " alias has, found small, which is a model",
                        "longshore.yaml:8: longshore.models.one.aliases[2]: expected a name that no model and no other"
                                + " alias has, found one, which is a model",
                        "longshore.yaml:9: longshore.models.two.aliases[0]: expected a name that no model and no other"
                                + " alias has, found cheap, which is an alias of two too",
                        "longshore.yaml:9: longshore.models.two.aliases[1]: expected a name that no model and no other"
                                + " alias has, found fast, which is an alias of one too",
                        "longshore.yaml:9: longshore.models.two.aliases[2]: expected a name that no model and no other"
                                + " alias has, found cheap, which is an alias of two too");
    }

    @Test
    void successorsThatLeadBackAreRefused() {
        assertThat(complaints("""
                    a: {provider: local, successor: a}
                    b: {provider: local, successor: c}
                    c: {provider: local, successor: d}
                    d: {provider: local, successor: b}
                    e: {provider: local, successor: b}
                """))
                .containsExactly(
                        "longshore.yaml:6: longshore.models.a.successor:"
                                + " expected a model whose own successors do not lead back, found a -> a",
                        "longshore.yaml:7: longshore.models.b.successor:"
                                + " expected a model whose own successors do not lead back, found b -> c -> d -> b",
                        "longshore.yaml:8: longshore.models.c.successor:"
                                + " expected a model whose own successors do not lead back, found c -> d -> b -> c",
                        "longshore.yaml:9: longshore.models.d.successor:"
                                + " expected a model whose own successors do not lead back, found d -> b -> c -> d");
    }

    @Test
    void aSuccessorThatCannotDoTheSameJobsIsRefused() {
        assertThat(complaints("""
                    vectors: {provider: local, capabilities: [embed], successor: small}
                    talks: {provider: local, successor: vectors}
                    both: {provider: local, capabilities: [chat, embed], successor: both-too}
                    both-too: {provider: local, capabilities: [embed, chat, vision]}
                """))
                .containsExactly(
                        "longshore.yaml:6: longshore.models.vectors.successor:"
                                + " expected a model with the capability embed, as this one has, found small",
                        "longshore.yaml:7: longshore.models.talks.successor:"
                                + " expected a model with the capability chat, as this one has, found vectors");
    }

    @Test
    void floorsThatLeaveNothingToShareAreRefused() {
        assertThat(complaints("  lanes:\n    batch: {floor: 0.9}\n"))
                .containsExactly(
                        "longshore.yaml:6: longshore.lanes:" + " expected floors that add up to 1 at most, found 1.1");
    }

    @Test
    void anAddressRangeThatIsNoneIsRefused() {
        assertThat(complaints(
                        "  webhooks:\n    allow-networks:\n      - 10.0.0.0/8\n      - 10.0.0.0/33\n      - host\n"))
                .containsExactly(
                        "longshore.yaml:9: longshore.webhooks.allow-networks[1]:"
                                + " expected an address range such as 10.0.0.0/8, found 10.0.0.0/33",
                        "longshore.yaml:10: longshore.webhooks.allow-networks[2]:"
                                + " expected an address range such as 10.0.0.0/8, found host");
    }

    @Test
    void aNameServerThatIsNoneIsRefused() {
        assertThat(complaints("  webhooks:\n    name-servers:\n      - 10.0.0.2\n      - 10.0.0.2:5353\n"
                        + "      - \"[2001:db8::2]:53\"\n      - 2001:db8::2\n"
                        + "      - 10.0.0.2:0\n      - names.example:53\n"))
                .containsExactly(
                        "longshore.yaml:12: longshore.webhooks.name-servers[4]: expected an address with or without a"
                                + " port, such as 10.0.0.2 or 10.0.0.2:5353, found 10.0.0.2:0",
                        "longshore.yaml:13: longshore.webhooks.name-servers[5]: expected an address with or without a"
                                + " port, such as 10.0.0.2 or 10.0.0.2:5353, found names.example:53");
    }

    @Test
    void everythingThatIsWrongIsSaidAtOnceInTheOrderOfTheFile() {
        assertThat(complaints("  worker:\n    slots: many\n    colour: blue\n    drain: later\n"))
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("longshore.yaml:7: longshore.worker.slots:"),
                        second -> assertThat(second).startsWith("longshore.yaml:8: longshore.worker.colour:"),
                        third -> assertThat(third).startsWith("longshore.yaml:9: longshore.worker.drain:"));
    }

    @Test
    void yamlThatCannotBeReadIsRefusedWithLineAndColumn() {
        assertThat(complaints("  worker: {slots: [1, 2\n  lanes: {}\n"))
                .singleElement()
                .asString()
                .startsWith("longshore.yaml:7: column ")
                .contains("expected valid YAML, found ");
    }

    @Test
    void tagsAreRefused() {
        assertThat(complaints("  worker:\n    slots: !!java.net.URL [\"http://127.0.0.1/\"]\n"))
                .singleElement()
                .asString()
                .startsWith("longshore.yaml:7: column 12: expected valid YAML, found Global tag is not allowed");
        assertThat(complaints("  worker:\n    slots: !mine 5\n"))
                .containsExactly("longshore.yaml:7: longshore.worker.slots: expected plain YAML, found the tag !mine");
    }

    @Test
    void aListThatContainsItselfIsRefused() {
        assertThat(complaints("  worker: &a [*a]\n")).singleElement().asString().contains("contains itself");
    }

    @Test
    void aSmallFileThatStandsForAHugeOneIsRefused() {
        var bomb = new StringBuilder("  a: &a [x, x, x, x, x, x, x, x, x]\n");
        for (var level = 'b'; level <= 'g'; level++) {
            bomb.append("  ").append(level).append(": &").append(level).append(" [");
            bomb.append(("*" + (char) (level - 1) + ", ").repeat(9)).append("]\n");
        }
        assertThat(complaints(bomb.toString())).singleElement().asString().contains("expected valid YAML");
    }

    @Test
    void anEmptyFileIsRefused() {
        assertThat(FileUnderTest.in(folder, "# nothing yet\n").complaints())
                .containsExactly("longshore.yaml:1: longshore: expected this key with everything under it, found none");
    }

    @Test
    void aFileThatIsNotThereIsRefused() {
        assertThat(new FileUnderTest(folder.resolve("nowhere.yaml")).complaints())
                .containsExactly("nowhere.yaml: LONGSHORE_CONFIG: expected a readable YAML file, found no such file");
        assertThat(SettingsCheck.check(Map.of(), Path.of("")))
                .singleElement()
                .asString()
                .isEqualTo("environment: LONGSHORE_CONFIG: expected a readable YAML file, found an empty name");
        assertThat(SettingsCheck.check(Map.of(), folder))
                .singleElement()
                .asString()
                .endsWith("found a directory");
    }

    @Test
    void aFileThatIsNotTextIsRefused() throws Exception {
        var path = Files.write(folder.resolve("longshore.yaml"), new byte[] {(byte) 0xC3, (byte) 0x28});
        assertThat(new FileUnderTest(path).complaints())
                .containsExactly("longshore.yaml: LONGSHORE_CONFIG:"
                        + " expected a readable YAML file, found a file that is not UTF-8");
    }

    private List<String> complaints(String more) {
        return FileUnderTest.in(folder, FileUnderTest.SMALLEST + more).complaints();
    }
}
