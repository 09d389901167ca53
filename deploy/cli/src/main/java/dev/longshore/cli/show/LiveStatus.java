package dev.longshore.cli.show;

import dev.longshore.cli.job.Job;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One line that is drawn anew in its place.
final class LiveStatus implements StatusArea {
    private final Voice voice;
    private @Nullable Job job;
    private String note = "";

    LiveStatus(Voice voice) {
        this.voice = voice;
    }

    @Override
    public void show(Job now, Instant time) {
        job = now;
        note = "";
        tick(time);
    }

    @Override
    public void tick(Instant now) {
        Job shown = job;
        if (shown == null) {
            return;
        }
        String status = shown.status();
        String line = status + "  " + StatusLine.rest(shown, now);
        String end = "  " + StatusLine.age(shown, now) + (note.isEmpty() ? "" : "  " + note);
        // A line that is as wide as the screen would go on in the next one, and could not be drawn anew.
        int most = voice.terminal().columns() - 1;
        String whole = Table.cut(Table.cut(line, Math.max(status.length(), most - end.length())) + end, most);
        voice.bar(whole.startsWith(status) ? voice.paint().status(status) + whole.substring(status.length()) : whole);
    }

    @Override
    public void amiss(String text, Instant now) {
        note = text;
        tick(now);
    }

    @Override
    public void fine(String text, Instant now) {
        amiss("", now);
    }
}
