package dev.longshore.worker.provider;

import java.util.regex.Pattern;

/// Makes a provider's words fit to be stored and shown: no control characters, no broken surrogates, not
/// too long, and nothing that looks like a key, since some providers quote the one they refuse.
public final class CleanText {
    /// Enough for any message that helps; some providers send whole web pages.
    public static final int LONGEST = 1_000;

    /// The usual shapes of keys: a word that says so, a dash or underscore, and what looks random; or whatever
    /// stands behind `Bearer`.
    private static final Pattern KEY =
            Pattern.compile("(?i)\\b((?:sk|pk|rk|gsk|xai|key)[-_]|AIza|Bearer\\s+)[A-Za-z0-9_*.+/=~-]{6,}");

    /// Keys are looked for in this much more than is kept, so that none survives by being cut in two.
    private static final int LONGEST_KEY = 400;

    private CleanText() {}

    /// @param words what somebody else wrote, of any length
    /// @return at most [#LONGEST] code points of it
    public static String of(String words) {
        StringBuilder clean = new StringBuilder(Math.min(words.length(), LONGEST + LONGEST_KEY));
        words.codePoints()
                .limit(LONGEST + LONGEST_KEY)
                .map(point -> Character.isISOControl(point) || isSurrogate(point) ? ' ' : point)
                .forEach(clean::appendCodePoint);
        String masked = KEY.matcher(clean).replaceAll("$1***");
        int kept = masked.codePointCount(0, masked.length()) <= LONGEST
                ? masked.length()
                : masked.offsetByCodePoints(0, LONGEST);
        return masked.substring(0, kept).strip();
    }

    private static boolean isSurrogate(int point) {
        return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
    }
}
