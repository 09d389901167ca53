package dev.longshore.cli.show;

/// Text of others on a terminal: an answer of a model may hold characters that move the cursor, retitle the window or
/// turn the direction of writing, and so make people see what is not there. They are shown instead of obeyed.
public final class Harmless {
    private static final int PICTURES = 0x2400;
    private static final int DELETE = 0x7f;
    private static final int PICTURE_OF_DELETE = 0x2421;
    private static final int REPLACEMENT = 0xfffd;

    private Harmless() {}

    /// Text of several lines.
    public static String text(String text) {
        StringBuilder harmless = new StringBuilder(text.length());
        text.codePoints().forEach(c -> harmless.appendCodePoint(c == '\n' || c == '\t' ? c : shown(c)));
        return harmless.toString();
    }

    /// Text on one line: all white space becomes single blanks.
    public static String line(String text) {
        return text(text.strip().replaceAll("\\s+", " "));
    }

    private static int shown(int c) {
        if (c < ' ') {
            return PICTURES + c;
        }
        if (c == DELETE) {
            return PICTURE_OF_DELETE;
        }
        return c > DELETE && c < 0xa0 || turns(c) ? REPLACEMENT : c;
    }

    private static boolean turns(int c) {
        return c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069;
    }
}
