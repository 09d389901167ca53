package dev.longshore.api.watch;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Writes down what a reader is sent, as events.
final class PaperOutlet implements Outlet {
    private static final Pattern EVENT = Pattern.compile("id: (\\d+)\nevent: (\\w+)\ndata: ([^\n]*)\n\n");

    final List<Told> told = new ArrayList<>();
    boolean ended;

    @Nullable
    Parting parting;

    /// One event.
    record Told(long id, String name, String data) {}

    @Override
    public void send(Buffer event) {
        if (ended) {
            throw new AssertionError("told after the end: " + event);
        }
        Matcher events = EVENT.matcher(event.toString());
        int end = 0;
        while (events.find()) {
            if (events.start() != end) {
                throw new AssertionError("not an event: " + event);
            }
            end = events.end();
            told.add(new Told(Long.parseLong(events.group(1)), events.group(2), events.group(3)));
        }
        if (end != event.length() && event != Frames.OPENING) {
            throw new AssertionError("not an event: " + event);
        }
    }

    @Override
    public void end() {
        ended = true;
    }

    @Override
    public void part(Parting why) {
        ended = true;
        parting = why;
    }

    @Override
    public void tend(long now) {}
}
