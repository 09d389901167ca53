package dev.longshore.standalone.demo;

import dev.longshore.standalone.child.Terminal;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/// Submits a file of jobs and follows them to their end.
public final class SampleRun {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(1);

    private final Terminal terminal;
    private final boolean live;
    private final Map<String, DemoJob> jobs = new LinkedHashMap<>();

    /// @param live whether bars are drawn in place, or plain lines are printed
    public SampleRun(Terminal terminal, boolean live) {
        this.terminal = terminal;
        this.live = live;
    }

    /// Runs every line of the file as a body of `POST /v1/jobs`, and prints what came of it.
    ///
    /// @return whether all of them are complete
    /// @throws IOException when a job is refused or the API does not answer
    public boolean run(URI api, String key, Path file) throws IOException, InterruptedException {
        List<String> bodies = Files.readAllLines(file).stream()
                .filter(line -> !line.isBlank())
                .toList();
        long began = System.nanoTime();
        try (var client = new Client(api, key)) {
            String run = UUID.randomUUID().toString();
            for (int i = 0; i < bodies.size(); i++) {
                DemoJob job = new DemoJob(client.submit(bodies.get(i), "demo-" + run + "-" + i));
                jobs.put(job.id(), job);
            }
            terminal.say("\n" + jobs.size() + " jobs accepted; each is durable before it is answered. On their way:\n");
            follow(client, began);
        }
        terminal.footer(List.of());
        if (live) Progress.bars(jobs.values()).forEach(terminal::say);
        terminal.show(Report.of(jobs.values(), seconds(began)));
        return jobs.values().stream().allMatch(DemoJob::isComplete);
    }

    /// A job that was run, for somebody who wants to look at one.
    public String exampleId() {
        return jobs.keySet().iterator().next();
    }

    private void follow(Client client, long began) throws IOException, InterruptedException {
        long lastLine = began - BETWEEN_LINES.toNanos();
        while (jobs.values().stream().anyMatch(job -> !job.isOver()) && System.nanoTime() - began < LIMIT.toNanos()) {
            for (DemoJob job : List.copyOf(jobs.values())) {
                if (!job.isOver()) jobs.put(job.id(), new DemoJob(client.job(job.id())));
            }
            if (live) {
                terminal.footer(Progress.bars(jobs.values()));
            } else if (System.nanoTime() - lastLine >= BETWEEN_LINES.toNanos()) {
                lastLine = System.nanoTime();
                terminal.say("  " + Progress.line(jobs.values()));
            }
            TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
        }
        if (!live) terminal.say("  " + Progress.line(jobs.values()));
    }

    private static double seconds(long began) {
        return (System.nanoTime() - began) / 1e9;
    }
}
