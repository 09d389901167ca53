package dev.longshore.simulator;

import java.util.LinkedHashMap;
import java.util.Map;

/// How often each prompt was seen, of those whose directives count. Safe for use by several threads.
final class RepeatCounts {

    /// How many prompts are remembered; the one seen longest ago is forgotten first.
    private static final int MOST_PROMPTS = 100_000;

    private final Map<Long, Integer> counts = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Integer> eldest) {
            return size() > MOST_PROMPTS;
        }
    };

    synchronized int next(long prompt) {
        return counts.merge(prompt, 1, Integer::sum);
    }

    synchronized void reset() {
        counts.clear();
    }
}
