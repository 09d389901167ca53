package dev.longshore.cli.show;

/// The answer of a job while it comes, printed as it comes.
public final class TokenArea {
    private static final String VOID = "--- the attempt broke off; its text above does not count ---";

    private final Voice voice;
    private final StringBuilder text = new StringBuilder();
    private Footprint footprint;

    public TokenArea(Voice voice) {
        this.voice = voice;
        footprint = fresh(voice);
    }

    /// The next piece.
    public void add(String token) {
        text.append(token);
        footprint.add(voice.shown(token));
        voice.part(token);
    }

    /// What came so far does not count: it is wiped off a terminal where that can be done, and marked otherwise.
    public void reset() {
        if (text.isEmpty()) {
            return;
        }
        if (voice.terminal().out() && footprint.isWipeable()) {
            voice.control(footprint.wiping());
        } else {
            voice.say(voice.paint().aside(VOID));
        }
        text.setLength(0);
        footprint = fresh(voice);
    }

    /// The text of the attempt that counts, as far as it came.
    public String text() {
        return text.toString();
    }

    private static Footprint fresh(Voice voice) {
        return new Footprint(voice.terminal().columns(), voice.terminal().rows());
    }
}
