package dev.longshore.cli.commands;

import dev.longshore.cli.server.Reply;
import dev.longshore.cli.show.Harmless;
import java.util.ArrayList;
import java.util.List;

/// What an accepting answer says beside the job.
final class Notes {
    private Notes() {}

    static List<String> of(Reply reply) {
        List<String> notes = new ArrayList<>();
        if (reply.header("Idempotency-Replayed").equals("true")) {
            notes.add("this request was made before; here is its job");
        }
        String replaced = reply.header("Longshore-Model-Replaced");
        String sunset = reply.header("Sunset");
        if (!replaced.isEmpty()) {
            notes.add("note: the model is shut down, another one takes its jobs: " + Harmless.line(replaced));
        } else if (!reply.header("Deprecation").isEmpty()) {
            String link = reply.header("Link");
            notes.add("note: the model is deprecated"
                    + (sunset.isEmpty() ? "" : " and ends on " + Harmless.line(sunset))
                    + (link.isEmpty() ? "" : "; after it comes " + Harmless.line(link)));
        }
        return notes;
    }
}
