package dev.longshore.cli.follow;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.longshore.cli.events.Event;
import dev.longshore.cli.events.Frame;
import dev.longshore.cli.job.Job;
import dev.longshore.cli.job.Json;
import dev.longshore.cli.show.Voice;
import java.time.Duration;
import java.time.Instant;

/// One JSON object a line: each event with its data as the server sent it.
final class ForPrograms implements Watcher {
    private final Voice voice;

    ForPrograms(Voice voice) {
        this.voice = voice;
    }

    @Override
    public void happened(Frame frame, Event event, Instant now) {
        ObjectNode line = Json.object().put("event", frame.name());
        if (!frame.id().isEmpty()) {
            line.put("id", frame.id());
        }
        line.set("data", Json.read(frame.data()).orElseGet(() -> TextNode.valueOf(frame.data())));
        voice.json(line);
    }

    @Override
    public void tick(Instant now) {
        // Programs have clocks of their own.
    }

    @Override
    public void lost(String why, Duration again, Instant now) {
        // That is the business of whoever carries the events, not theirs.
    }

    @Override
    public void back(Instant now) {
        // As above.
    }

    @Override
    public void over(Job job, Instant now) {
        // The result was one of the events.
    }
}
