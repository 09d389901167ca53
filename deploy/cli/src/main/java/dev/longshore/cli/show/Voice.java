package dev.longshore.cli.show;

import com.fasterxml.jackson.databind.JsonNode;
import dev.longshore.cli.job.Json;
import dev.longshore.cli.surroundings.Terminal;
import java.io.PrintStream;

/// The one who prints. What was asked for goes to the output, so that it can be piped; all talk beside it goes to the
/// error stream.
///
/// Safe for use by the thread that works and the one that Ctrl-C brings.
public final class Voice {
    private static final String START_OF_LINE_AND_CLEAR = "\r\u001b[K";

    private final PrintStream out;
    private final PrintStream err;
    private final Terminal terminal;
    private final Paint paint;
    private final boolean quiet;
    private boolean atLineStart = true;
    private boolean barShown;
    private boolean over;

    /// @param quiet whether all talk is left out but complaints
    public Voice(PrintStream out, PrintStream err, Terminal terminal, Paint paint, boolean quiet) {
        this.out = out;
        this.err = err;
        this.terminal = terminal;
        this.paint = paint;
        this.quiet = quiet;
    }

    public Paint paint() {
        return paint;
    }

    public Terminal terminal() {
        return terminal;
    }

    /// A line of what was asked for.
    public synchronized void say(String line) {
        piece(line + "\n", true);
    }

    /// A JSON value of what was asked for, on a line.
    public void json(JsonNode value) {
        say(Json.line(value));
    }

    /// The rows of a table; their last column is cut to fit on a terminal.
    public void table(Table table) {
        table.lines(paint, terminal.out() ? terminal.columns() : 0).forEach(this::say);
    }

    /// Text of others that was asked for, with a line end behind it.
    public synchronized void text(String text) {
        String shown = shown(text);
        piece(shown.endsWith("\n") ? shown : shown + "\n", true);
    }

    /// A part of a text of others, which goes on later.
    public void part(String text) {
        piece(shown(text), false);
    }

    /// Ends the line of the last part, if it needs that.
    public synchronized void endLine() {
        if (!atLineStart) {
            piece("\n", false);
        }
    }

    /// What the terminal is to do, where the output is one.
    void control(String sequence) {
        piece(sequence, false);
        synchronized (this) {
            atLineStart = true;
        }
    }

    /// As [#part] prints it.
    String shown(String text) {
        return terminal.out() ? Harmless.text(text) : text;
    }

    /// A line beside what was asked for.
    public void talk(String line) {
        if (!quiet) {
            complain(line);
        }
    }

    /// A line that is never left out.
    public synchronized void complain(String line) {
        if (over) {
            return;
        }
        clearBar();
        endLineOnTheSameScreen();
        err.print(line + "\n");
        err.flush();
    }

    /// Shows a line that the next one replaces, where people look.
    synchronized void bar(String line) {
        if (over || quiet || !atLineStart && terminal.out()) {
            return;
        }
        err.print(START_OF_LINE_AND_CLEAR + line);
        err.flush();
        barShown = true;
    }

    /// Takes the line away.
    synchronized void clearBar() {
        if (barShown) {
            err.print(START_OF_LINE_AND_CLEAR);
            err.flush();
            barShown = false;
        }
    }

    /// The last words: nothing is printed after them.
    public synchronized void lastWords(Runnable words) {
        if (!over) {
            words.run();
            clearBar();
            over = true;
        }
    }

    private synchronized void piece(String text, boolean ownLine) {
        if (over || text.isEmpty()) {
            return;
        }
        clearBar();
        if (ownLine && !atLineStart) {
            out.print("\n");
        }
        out.print(text);
        atLineStart = text.endsWith("\n");
        if (out.checkError()) {
            throw new OutputClosed();
        }
    }

    private void endLineOnTheSameScreen() {
        if (!atLineStart && terminal.out() && terminal.err()) {
            out.print("\n");
            out.flush();
            atLineStart = true;
        }
    }
}
