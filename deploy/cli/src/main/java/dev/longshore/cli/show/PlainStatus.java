package dev.longshore.cli.show;

import dev.longshore.cli.job.Job;
import java.time.Instant;

/// A line for each change that is worth one.
final class PlainStatus implements StatusArea {
    /// Progress in steps that make a handful of lines of a whole job.
    private static final int STEPS = 10;

    private final Voice voice;
    private final Instant began;
    private String last = "";

    PlainStatus(Voice voice, Instant began) {
        this.voice = voice;
        this.began = began;
    }

    @Override
    public void show(Job job, Instant now) {
        String gist = String.join(
                "\n",
                job.status(),
                Integer.toString(job.attempt()),
                job.waiting().map(Job.Waiting::reason).orElse(""),
                Integer.toString((int) (job.progress() * STEPS)),
                job.progressMessage());
        if (!gist.equals(last)) {
            last = gist;
            say(job.status() + "  " + StatusLine.rest(job, now), now);
        }
    }

    @Override
    public void tick(Instant now) {
        // Nothing has changed but the time.
    }

    @Override
    public void amiss(String text, Instant now) {
        say(text, now);
    }

    @Override
    public void fine(String text, Instant now) {
        say(text, now);
    }

    private void say(String text, Instant now) {
        voice.talk("[%s] %s".formatted(Times.between(began, now), text.stripTrailing()));
    }
}
