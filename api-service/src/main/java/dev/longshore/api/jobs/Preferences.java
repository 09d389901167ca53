package dev.longshore.api.jobs;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What the caller would like (RFC 7240): to be answered at once, or only once the result is there.
///
/// @param waiting how long the answer may be held back; zero when it should not be
/// @param respondAsync whether the caller asked for an answer at once
record Preferences(Duration waiting, boolean respondAsync) {
    /// No answer is held back for longer: proxies in between give up on slower ones.
    static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

    private static final Preferences NONE = new Preferences(Duration.ZERO, false);
    private static final String WAIT = "wait=";

    /// Preferences that are not understood are ignored, as the standard asks.
    static Preferences of(List<String> headers) {
        if (headers.isEmpty()) {
            return NONE;
        }
        Duration waiting = Duration.ZERO;
        boolean respondAsync = false;
        for (String header : headers) {
            for (String part : header.split(",", -1)) {
                String preference = part.strip().toLowerCase(Locale.ROOT);
                if (preference.equals("respond-async")) {
                    respondAsync = true;
                } else if (preference.startsWith(WAIT)) {
                    waiting = seconds(preference.substring(WAIT.length()).replace("\"", ""));
                }
            }
        }
        return new Preferences(waiting, respondAsync);
    }

    /// What was heeded, for the answer's header; null when nothing was asked.
    @Nullable
    String applied() {
        if (!waiting.isZero()) {
            String wait = WAIT + waiting.toSeconds();
            return respondAsync ? "respond-async, " + wait : wait;
        }
        return respondAsync ? "respond-async" : null;
    }

    private static Duration seconds(String text) {
        if (text.isEmpty() || text.length() > 9 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Duration.ZERO;
        }
        Duration asked = Duration.ofSeconds(Long.parseLong(text));
        return asked.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : asked;
    }
}
