package dev.longshore.api.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.api.catalogue.Choice.Open;
import dev.longshore.api.catalogue.Lifetime.Stage;
import dev.longshore.settings.Capability;
import dev.longshore.settings.SettingsCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a name stands for, moment by moment.
class CatalogueTest {
    private static Catalogue catalogue;

    @BeforeAll
    static void read(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("longshore.yaml"), """
                longshore:
                  providers:
                    local: {dialect: echo}
                  models:
                    one: {provider: local, aliases: [first], deprecated-from: 2027-01-01, shutdown-at: 2027-06-01, successor: two}
                    two: {provider: local, deprecated-from: 2027-07-01, shutdown-at: 2028-01-01, successor: three}
                    three: {provider: local, shutdown-at: 2029-01-01}
                    old one: {provider: local, shutdown-at: 2027-01-01, successor: '100 % äöü'}
                    '100 % äöü': {provider: local}
                """);
        catalogue = new Catalogue(SettingsCheck.load(Map.of(), file).models());
    }

    @ParameterizedTest
    @CsvSource({
        "2026-12-31T23:59:59.999Z, one, AVAILABLE, null",
        "2027-01-01T00:00:00.000Z, one, DEPRECATED, two",
        // It is the day in Greenwich that counts.
        "2026-12-31T23:59:59.999-01:00, one, DEPRECATED, two",
        "2027-05-31T23:59:59.999Z, one, DEPRECATED, two",
        "2027-06-01T00:00:00.000Z, two, SHUT_DOWN, two",
        // The successor is on its way out itself: its jobs are still its own.
        "2027-12-31T23:59:59.999Z, two, SHUT_DOWN, two",
        "2028-01-01T00:00:00.000Z, three, SHUT_DOWN, three",
        "2028-12-31T23:59:59.999Z, three, SHUT_DOWN, three",
    })
    void aModelGoesThroughItsStagesAtMidnight(String now, String model, Stage stage, String next) {
        for (String word : new String[] {"one", "first"}) {
            Open open = open(word, now);

            assertThat(open.named().name()).isEqualTo("one");
            assertThat(open.model().name()).isEqualTo(model);
            assertThat(open.stage()).isEqualTo(stage);
            assertThat(open.next() == null ? "null" : open.next().name()).isEqualTo(next);
            assertThat(open.headers().isEmpty()).isEqualTo(stage == Stage.AVAILABLE);
            assertThat(open.headers().containsKey("Longshore-Model-Replaced")).isEqualTo(stage == Stage.SHUT_DOWN);
        }
    }

    @Test
    void aLineThatHasEndedLeadsNowhere() {
        var end = Instant.parse("2029-01-01T00:00:00Z");

        assertThat(catalogue.choose("one", end)).isInstanceOf(Choice.Gone.class);
        assertThat(catalogue.choose("three", end)).isInstanceOf(Choice.Gone.class);
        assertThat(catalogue.choose("four", end)).isInstanceOf(Choice.Unknown.class);
    }

    @Test
    void onlyWhatStaysIsRecommended() {
        assertThat(catalogue.able(Capability.CHAT, Instant.parse("2026-12-31T00:00:00Z")))
                .containsExactly("100 % \u00e4\u00f6\u00fc", "old one", "one", "three", "two");
        assertThat(catalogue.able(Capability.CHAT, Instant.parse("2027-06-30T00:00:00Z")))
                .containsExactly("100 % \u00e4\u00f6\u00fc", "three", "two");
        assertThat(catalogue.able(Capability.EMBED, Instant.parse("2026-12-31T00:00:00Z")))
                .isEmpty();
    }

    @Test
    void headersAreSpelledAsTheirStandardsSay() {
        assertThat(open("one", "2027-06-01T00:00:00Z").headers())
                .isEqualTo(Map.of(
                        "Deprecation", "@1798761600",
                        "Sunset", "Tue, 01 Jun 2027 00:00:00 GMT",
                        "Link", "</v1/models/two>; rel=\"successor-version\"",
                        "Longshore-Model-Replaced", "\"one\";successor=\"two\""));
        assertThat(open("old one", "2027-01-01T00:00:00Z").headers())
                .isEqualTo(Map.of(
                        "Sunset", "Fri, 01 Jan 2027 00:00:00 GMT",
                        "Link", "</v1/models/100%20%25%20%C3%A4%C3%B6%C3%BC>; rel=\"successor-version\"",
                        "Longshore-Model-Replaced", "\"old one\";successor=%\"100 %25 %c3%a4%c3%b6%c3%bc\""));
    }

    private static Open open(String word, String now) {
        return (Open) catalogue.choose(word, OffsetDateTime.parse(now).toInstant());
    }
}
