package dev.longshore.rig.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// When what is broken. Drawn from the seed alone, so that a run can be repeated.
///
/// Kinds are dealt like cards: each is played once before any is played again. Some overlap the one
/// before, but none that needs the same thing.
record Schedule(List<Planned> faults) {
    /// The system is given this long to work before the first fault, and at the end without any.
    private static final long QUIET_MS = 4_000;

    /// What was killed needs time to come back before it is struck again.
    private static final long BREATH_MS = 9_000;

    private static final double OVERLAP = 0.4;
    private static final int LONGEST_PAUSE_MS = 4_000;
    private static final int SHORTEST_PAUSE_MS = 500;

    Schedule {
        faults = List.copyOf(faults);
    }

    /// @param length of the whole run
    /// @param groups what may be broken; nothing is if it is empty
    static Schedule draw(long seed, Duration length, Set<FaultGroup> groups) {
        List<FaultKind> kinds = new ArrayList<>();
        for (FaultKind kind : FaultKind.values()) {
            if (groups.contains(kind.group())) {
                kinds.add(kind);
            }
        }
        List<Planned> drawn = new ArrayList<>();
        if (kinds.isEmpty()) {
            return new Schedule(drawn);
        }
        Random random = new Random(seed);
        List<FaultKind> deck = new ArrayList<>();
        long end = length.toMillis() - QUIET_MS;
        long at = QUIET_MS;
        while (true) {
            if (deck.isEmpty()) {
                deck.addAll(kinds);
                Collections.shuffle(deck, random);
            }
            long begin = at;
            Planned next = null;
            for (int i = 0; i < deck.size() && next == null; i++) {
                next = fitting(deck.get(i), begin, drawn, random);
            }
            if (next == null) {
                // All that is left in the hand needs what is broken now.
                at += BREATH_MS / 2;
                if (at >= end) {
                    return numbered(drawn);
                }
                continue;
            }
            if (next.endMs() > end) {
                return numbered(drawn);
            }
            deck.remove(next.kind());
            drawn.add(next);
            boolean overlaps = random.nextDouble() < OVERLAP;
            at = overlaps
                    ? next.beginMs() + 500 + random.nextLong(Math.max(1, next.endMs() - next.beginMs()))
                    : next.endMs() + random.nextInt(SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS);
        }
    }

    private static @Nullable Planned fitting(FaultKind kind, long begin, List<Planned> drawn, Random random) {
        List<String> targets = kind.targets();
        String target = targets.get(random.nextInt(targets.size()));
        long lasts = random.nextLong(kind.leastSeconds() * 1_000L, kind.mostSeconds() * 1_000L + 1);
        Set<String> needs = kind.needs(target);
        boolean free = drawn.stream()
                .filter(other -> other.endMs() + BREATH_MS > begin)
                .allMatch(other -> Collections.disjoint(other.kind().needs(other.target()), needs));
        return free ? new Planned(0, kind, target, begin, begin + lasts) : null;
    }

    private static Schedule numbered(List<Planned> drawn) {
        List<Planned> numbered = new ArrayList<>();
        for (Planned one : drawn) {
            numbered.add(new Planned(numbered.size() + 1, one.kind(), one.target(), one.beginMs(), one.endMs()));
        }
        return new Schedule(numbered);
    }
}
