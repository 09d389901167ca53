package dev.longshore.standalone.child;

import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// The one writer to standard output. A terminal that is held (Ctrl-S, a full pipe) must not hold the children
/// whose lines it shows: past its limit, lines are dropped and counted; the log files have them all.
public final class Terminal {
    private static final int WAITING_LINES = 2_000;

    /// Marks a text as a footer; no line of a child begins so.
    private static final String FOOTER = "\u0000footer\u0000";

    private final PrintStream out;
    private final BlockingQueue<String> waiting = new ArrayBlockingQueue<>(WAITING_LINES);
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong unwritten = new AtomicLong();

    /// Starts to write to the stream.
    public Terminal(PrintStream out) {
        this.out = out;
        Thread.ofPlatform().daemon().name("terminal").start(this::write);
    }

    /// Shows a line of our own.
    public void say(String line) {
        show(line + System.lineSeparator());
    }

    /// Shows a line of a child.
    void say(String child, String line) {
        show("%-9s| %s%n".formatted(child, line));
    }

    /// Writes the text as it is, without a line end.
    public void show(String text) {
        unwritten.incrementAndGet();
        if (!waiting.offer(text)) {
            unwritten.decrementAndGet();
            dropped.incrementAndGet();
        }
    }

    /// Waits until everything is written, at most two seconds.
    public void flush() {
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
        try {
            while (unwritten.get() > 0 && System.nanoTime() < giveUp) TimeUnit.MILLISECONDS.sleep(5);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Keeps these lines below everything else, drawn anew each time; for a real terminal only. An empty list removes
    /// them.
    public void footer(List<String> lines) {
        String text = lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
        show(FOOTER + text);
    }

    private void write() {
        String footer = "";
        try {
            while (true) {
                String text = waiting.take();
                if (!footer.isEmpty()) out.print(up(footer));
                if (text.startsWith(FOOTER)) {
                    footer = text.substring(FOOTER.length());
                } else {
                    out.print(text);
                }
                long missing = dropped.getAndSet(0);
                if (missing > 0) out.println("... " + missing + " lines not shown; the log files have them");
                out.print(footer);
                out.flush();
                unwritten.decrementAndGet();
            }
        } catch (InterruptedException _) {
            out.flush();
        }
    }

    /// Moves to the beginning of the footer and clears from there.
    private static String up(String footer) {
        return "\u001b[" + footer.lines().count() + "A\u001b[J";
    }
}
