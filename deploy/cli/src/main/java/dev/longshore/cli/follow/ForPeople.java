package dev.longshore.cli.follow;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.cli.events.Event;
import dev.longshore.cli.events.Frame;
import dev.longshore.cli.job.Job;
import dev.longshore.cli.job.ResultText;
import dev.longshore.cli.show.StatusArea;
import dev.longshore.cli.show.Times;
import dev.longshore.cli.show.TokenArea;
import dev.longshore.cli.show.Voice;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Shows where the job is, the answer as it comes, and at the end the result.
final class ForPeople implements Watcher {
    private final Voice voice;
    private final StatusArea status;
    private final TokenArea tokens;
    private final boolean wantsTokens;
    private @Nullable Job job;

    /// @param wantsTokens whether the answer is shown while it comes, or only when it is whole
    ForPeople(Voice voice, boolean wantsTokens, Instant now) {
        this.voice = voice;
        this.wantsTokens = wantsTokens;
        status = StatusArea.of(voice, now);
        tokens = new TokenArea(voice);
    }

    @Override
    public void happened(Frame frame, Event event, Instant now) {
        switch (event) {
            case Event.Status(var changed) -> show(changed, now);
            case Event.Progress(var share, var message) -> {
                if (job != null) {
                    ObjectNode json = job.json().deepCopy();
                    show(new Job(json.put("progress", share).put("progress_message", message)), now);
                }
            }
            case Event.Token(var text) -> {
                if (wantsTokens) {
                    tokens.add(text);
                }
            }
            case Event.Reset() -> tokens.reset();
            case Event.Result _, Event.Done(), Event.Other() -> {
                // The end is told when it has come.
            }
        }
    }

    @Override
    public void tick(Instant now) {
        status.tick(now);
    }

    @Override
    public void lost(String why, Duration again, Instant now) {
        status.amiss(why + "; trying again in " + Times.words(again), now);
    }

    @Override
    public void back(Instant now) {
        status.fine("connected again", now);
    }

    @Override
    public void over(Job ended, Instant now) {
        if (!tokens.text().isEmpty() && tokens.text().equals(ResultText.of(ended))) {
            voice.endLine();
            Endings.tell(ended, voice);
        } else {
            // Told in part, or not at all: the result is what counts.
            Endings.show(ended, voice);
        }
    }

    private void show(Job changed, Instant now) {
        job = changed;
        status.show(changed, now);
    }
}
