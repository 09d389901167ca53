package dev.longshore.settings;

import org.jspecify.annotations.Nullable;

/// Guesses which word was meant.
final class Spelling {

    private Spelling() {}

    /// The known word that is fewest letters away, or null if none is near enough to be a slip of the hand.
    static @Nullable String nearest(String word, Iterable<String> known) {
        String nearest = null;
        var best = Math.max(2, word.length() / 3) + 1;
        for (var candidate : known) {
            var distance = distance(word, candidate);
            if (distance < best) {
                best = distance;
                nearest = candidate;
            }
        }
        return nearest;
    }

    /// Letters to be added, removed or changed to make one word the other.
    static int distance(String one, String other) {
        var row = new int[other.length() + 1];
        for (var j = 0; j <= other.length(); j++) {
            row[j] = j;
        }
        for (var i = 1; i <= one.length(); i++) {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.length(); j++) {
                var changed = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[other.length()];
    }
}
