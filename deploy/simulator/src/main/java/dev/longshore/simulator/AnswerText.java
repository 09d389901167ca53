package dev.longshore.simulator;

/// Writes answers that look as if somebody had thought about them, always the same for the same prompt.
final class AnswerText {

    /// How much of the prompt is quoted, in characters.
    private static final int QUOTED = 160;

    static final int CHARACTERS_PER_TOKEN = 4;

    private static final String[] OPENINGS = {
        "In short: ", "The gist of it: ", "Summed up in one line: ", "What matters here: "
    };

    private static final String[] CLOSINGS = {
        " Nothing in it needs a decision today.",
        " It reads as a single request and can be handled in one step.",
        " The tone is neutral and the intent is clear.",
        " Two follow-up questions may be worth asking before acting on it."
    };

    private static final String[] FILLING = {
        " The first point follows directly from what was said.",
        " A closer look shows that the numbers agree with it.",
        " There is one exception, and it is a small one.",
        " Seen from the other side, the same conclusion holds.",
        " That is worth writing down before it is forgotten.",
        " In practice, the simpler of the two ways is enough."
    };

    private AnswerText() {}

    /// A short answer that quotes the prompt.
    static String echo(String prompt, long hash) {
        String asked = Directives.strip(prompt);
        int pick = (int) (Chance.mix(hash) >>> 60);
        return OPENINGS[pick & 3] + "\u201c" + quote(asked) + "\u201d." + CLOSINGS[pick >> 2];
    }

    /// An answer of about that many tokens that begins like [#echo].
    static String ofTokens(int tokens, String prompt, long hash) {
        int length = tokens * CHARACTERS_PER_TOKEN;
        StringBuilder text = new StringBuilder(length + 100).append(echo(prompt, hash));
        for (int i = 0; text.length() < length; i++) {
            text.append(FILLING[(int) (Chance.mix(hash + i) >>> 33) % FILLING.length]);
        }
        return cut(text.toString(), length);
    }

    /// The beginning of a text, never half a character.
    static String cut(String text, int length) {
        if (text.length() <= length) {
            return text;
        }
        return text.substring(
                0, length > 0 && Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length);
    }

    static int tokens(int characters) {
        return (characters + CHARACTERS_PER_TOKEN - 1) / CHARACTERS_PER_TOKEN;
    }

    private static String quote(String asked) {
        String beginning = cut(asked, QUOTED);
        StringBuilder line = new StringBuilder(beginning.length() + 1);
        for (int i = 0; i < beginning.length(); i++) {
            char character = beginning.charAt(i);
            line.append(character < ' ' ? ' ' : character);
        }
        return beginning.length() < asked.length() ? line.append('\u2026').toString() : line.toString();
    }
}
