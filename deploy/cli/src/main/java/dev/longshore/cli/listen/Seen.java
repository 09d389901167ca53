package dev.longshore.cli.listen;

import java.util.LinkedHashMap;
import java.util.Map;

/// The ids of calls that were taken lately: a call may come again when its answer was lost.
final class Seen {
    private static final int REMEMBERED = 10_000;

    private final Map<String, Boolean> ids = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    };

    /// Whether it was among them.
    synchronized boolean has(String id) {
        return ids.containsKey(id);
    }

    synchronized void add(String id) {
        ids.put(id, true);
    }
}
