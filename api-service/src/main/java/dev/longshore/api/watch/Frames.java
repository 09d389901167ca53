package dev.longshore.api.watch;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.longshore.road.JobNews.Progress;
import dev.longshore.road.JobNews.Said;
import dev.longshore.road.JobNews.Token;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;

/// How events are spelled on the wire: the format of the HTML standard's chapter on server-sent events.
final class Frames {
    /// A comment, which readers pass over.
    static final Buffer HEARTBEAT = Buffer.buffer(":\n\n");

    /// When a reader whose connection broke should come back.
    private static final Duration RETRY = Duration.ofSeconds(2);

    /// What every stream begins with.
    static final Buffer OPENING = Buffer.buffer("retry: " + RETRY.toMillis() + "\n\n");

    private static final String DONE = "[DONE]";

    private Frames() {}

    /// @param json a JSON value
    static Buffer of(EventKind kind, long number, String json) {
        StringBuilder frame = new StringBuilder(json.length() + 64);
        open(frame, kind, number);
        // What a provider sent may hold line breaks between its values, and a line break would end the data.
        frame.append(
                json.indexOf('\n') < 0 && json.indexOf('\r') < 0
                        ? json
                        : json.replace('\n', ' ').replace('\r', ' '));
        close(frame);
        return Buffer.buffer(frame.toString());
    }

    static Buffer done(long number) {
        StringBuilder frame = new StringBuilder();
        open(frame, EventKind.DONE, number);
        frame.append(DONE);
        close(frame);
        return Buffer.buffer(frame.toString());
    }

    static Buffer of(Said said) {
        StringBuilder frame = new StringBuilder();
        switch (said) {
            case Token(var _, long number, String text) -> token(frame, number, text);
            case Progress progress -> progress(frame, progress);
        }
        return Buffer.buffer(frame.toString());
    }

    static void token(StringBuilder frame, long number, CharSequence text) {
        open(frame, EventKind.TOKEN, number);
        frame.append("{\"token\":\"");
        JsonStringEncoder.getInstance().quoteAsString(text, frame);
        frame.append("\"}");
        close(frame);
    }

    static void progress(StringBuilder frame, Progress progress) {
        open(frame, EventKind.PROGRESS, progress.number());
        frame.append("{\"progress\":").append(progress.progress()).append(",\"message\":");
        String message = progress.message();
        if (message == null) {
            frame.append("null}");
        } else {
            frame.append('"');
            JsonStringEncoder.getInstance().quoteAsString(message, frame);
            frame.append("\"}");
        }
        close(frame);
    }

    private static void open(StringBuilder frame, EventKind kind, long number) {
        frame.append("id: ")
                .append(number)
                .append("\nevent: ")
                .append(kind.word())
                .append("\ndata: ");
    }

    private static void close(StringBuilder frame) {
        frame.append("\n\n");
    }
}
