package dev.longshore.bench;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What can be measured.
enum Workload {
    /// Accepting over HTTP.
    W1("W1"),
    /// Draining a backlog.
    W2("W2"),
    /// Both at once.
    LIFE("life"),
    /// From the caller to the provider, with little to do.
    W3("W3"),
    /// A slow provider with thousands of calls in flight.
    W4("W4"),
    /// The same speed whatever waits and whatever was.
    W5("W5"),
    /// Telling readers of events while jobs run.
    SSE("SSE");

    private final String word;

    Workload(String word) {
        this.word = word;
    }

    /// What is measured when nobody says what.
    ///
    /// @param quick whether it must be done in five minutes
    static Set<Workload> usual(boolean quick) {
        return quick ? EnumSet.complementOf(EnumSet.of(SSE)) : EnumSet.allOf(Workload.class);
    }

    static Optional<Workload> of(String word) {
        return Arrays.stream(values())
                .filter(workload -> workload.word.equals(word))
                .findFirst();
    }

    /// All names, for people.
    static String words() {
        return Arrays.stream(values()).map(workload -> workload.word).collect(Collectors.joining(", "));
    }
}
