package dev.longshore.standalone.child;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NotableTest {
    private final Notable notable = new Notable(false);

    @Test
    void warningsErrorsAndOurOwnLinesAreShown() {
        assertThat(notable.isShown("2026-11-20 14:00:00,000 WARN  [io.agr.pool] (main) slow"))
                .isTrue();
        assertThat(notable.isShown("2026-11-20 14:00:00.000 UTC [1] FATAL:  out of memory"))
                .isTrue();
        assertThat(notable.isShown("2026-11-20 14:00:00,000 INFO  [dev.lon.wor.Intake] (main) taking tickets"))
                .isTrue();
        assertThat(notable.isShown("{\"level\":\"ERROR\",\"message\":\"x\"}")).isTrue();
    }

    @Test
    void theRestIsNot() {
        assertThat(notable.isShown("2026-11-20 14:00:00,000 INFO  [io.quarkus] (main) started"))
                .isFalse();
        assertThat(notable.isShown("2026-11-20 14:00:00.000 UTC [1] LOG:  checkpoint complete"))
                .isFalse();
        assertThat(notable.isShown("__  ____  __  _____   ___  __ ____  ______"))
                .isFalse();
    }

    @Test
    void whatEveryStartBringsIsNot() {
        assertThat(notable.isShown("2026-11-20 14:00:00.000 UTC [1] FATAL:  the database system is starting up"))
                .isFalse();
    }

    @Test
    void aStackTraceFollowsTheLineItExplains() {
        assertThat(notable.isShown("2026-11-20 14:00:00,000 ERROR [dev.lon.Api] (main) failed"))
                .isTrue();
        assertThat(notable.isShown("\tat dev.longshore.Api.run(Api.java:1)")).isTrue();
        assertThat(notable.isShown("2026-11-20 14:00:00,000 INFO  [io.quarkus] (main) started"))
                .isFalse();
        assertThat(notable.isShown("\tat somewhere else")).isFalse();
    }

    @Test
    void everythingIsShownOnRequest() {
        assertThat(new Notable(true).isShown("2026-11-20 14:00:00.000 UTC [1] LOG:  checkpoint"))
                .isTrue();
    }
}
