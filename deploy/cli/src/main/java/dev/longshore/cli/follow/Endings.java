package dev.longshore.cli.follow;

import com.fasterxml.jackson.databind.JsonNode;
import dev.longshore.cli.job.Job;
import dev.longshore.cli.job.ResultText;
import dev.longshore.cli.show.Harmless;
import dev.longshore.cli.show.Times;
import dev.longshore.cli.show.Voice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// How a job ended: its result, and beside it a line of figures.
public final class Endings {
    private Endings() {}

    /// Both.
    public static void show(Job job, Voice voice) {
        String text = ResultText.of(job);
        if (!text.isEmpty()) {
            voice.text(text);
        }
        tell(job, voice);
    }

    /// The line alone.
    static void tell(Job job, Voice voice) {
        switch (job.standing()) {
            case COMPLETE -> voice.talk(voice.paint().status("complete") + "  " + figures(job));
            case FAILED ->
                voice.complain(voice.paint().status("failed") + "  "
                        + Harmless.line(job.error().code()) + ": "
                        + Harmless.line(job.error().message()) + "  " + figures(job));
            case CANCELLED -> voice.complain(voice.paint().status("cancelled") + "  " + figures(job));
            case OPEN -> voice.complain(voice.paint().status(job.status()) + "  it is not over yet");
        }
    }

    private static String figures(Job job) {
        List<String> figures = new ArrayList<>();
        job.time("finished_at")
                .flatMap(end -> job.time("created_at").map(begin -> Duration.between(begin, end)))
                .ifPresent(life -> figures.add("after " + Times.words(life)));
        if (job.attempt() > 1) {
            figures.add(job.attempt() + " attempts");
        }
        JsonNode usage = job.json().path("usage");
        if (usage.isObject()) {
            figures.add(usage.path("input_tokens").asText("0") + " tokens in, "
                    + usage.path("output_tokens").asText("0") + " out");
        }
        if (job.json().path("cost_usd").asDouble() > 0) {
            figures.add("$" + job.json().path("cost_usd").decimalValue().toPlainString());
        }
        if (!job.model().isEmpty()) {
            figures.add(Harmless.line(job.model()));
        }
        return String.join(", ", figures);
    }
}
