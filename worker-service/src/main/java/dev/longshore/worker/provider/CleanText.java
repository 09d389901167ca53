package dev.longshore.worker.provider;

import java.util.regex.Pattern;

/// Makes a provider's words fit to be stored and shown: no control characters, no broken surrogates, not
/// too long, and nothing that looks like a key, since some providers quote the one they refuse.
public final class CleanText {
    /// Enough for any message that helps; some providers send whole web pages.
    public static final int LONGEST = 1_000;

    private static final Pattern KEY = Pattern.compile("\\b(sk|key|pk|Bearer)[-_ ][A-Za-z0-9_*.-]{8,}");

    private CleanText() {}

    public static String of(String words) {
        StringBuilder clean = new StringBuilder(Math.min(words.length(), LONGEST));
        words.codePoints()
                .limit(LONGEST)
                .map(point -> Character.isISOControl(point) || isSurrogate(point) ? ' ' : point)
                .forEach(clean::appendCodePoint);
        return KEY.matcher(clean.toString().strip()).replaceAll("$1-***");
    }

    private static boolean isSurrogate(int point) {
        return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
    }
}
