package dev.longshore.cli.commands;

import com.fasterxml.jackson.databind.JsonNode;
import dev.longshore.cli.job.Job;
import dev.longshore.cli.listen.Arrival;
import dev.longshore.cli.listen.Forwarder;
import dev.longshore.cli.listen.Receiver;
import dev.longshore.cli.show.Harmless;
import dev.longshore.cli.show.Voice;
import dev.longshore.webhook.VerifyingKey;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "listen",
        description = {
            "Receives webhooks on the loopback address until Ctrl-C, verifies their signatures (v1 and v1a of Standard"
                    + " Webhooks 1.0.0, at most 5 minutes old), and prints each.",
            "Without --secret and --register it verifies with the secret that the server signs webhooks of single jobs"
                    + " with."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  longshore webhooks listen --register --events job.complete,job.failed",
            "  longshore webhooks listen --port 9000 --forward http://127.0.0.1:3000/hooks",
            "",
            "Secrets may also stand in LONGSHORE_WEBHOOK_SECRET, which other users of the machine do not see."
        })
final class Listen implements Callable<Integer> {
    private static final int NO_CONTENT = 204;
    private static final int NOT_BELIEVED = 401;

    private final Session session;

    @Option(names = "--port", paramLabel = "N", description = "Where to listen. Default: a free port.")
    int port;

    @Option(
            names = "--secret",
            paramLabel = "KEY",
            split = ",",
            description = "whsec_... or whpk_...; several while a secret is being changed.")
    List<String> secrets = new ArrayList<>();

    @Option(
            names = "--register",
            description = "Create an endpoint at the server for the time of the listening, and verify with its secret.")
    boolean register;

    @Option(
            names = "--events",
            paramLabel = "EVENT",
            split = ",",
            description = "What the endpoint is told of. Default: job.complete, job.failed, job.cancelled.")
    List<String> events = new ArrayList<>();

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "Where the server reaches this machine, for --register. Default: the loopback address.")
    @Nullable
    String url;

    @Option(
            names = "--forward",
            paramLabel = "URL",
            description = "Pass each genuine call on, as it came, and answer as this URL does.")
    @Nullable
    URI forward;

    Listen(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (!register && (url != null || !events.isEmpty())) {
            throw new Misuse("--events and --url are for --register");
        }
        try (Forwarder forwarder = forward == null ? null : new Forwarder(forward);
                Receiver receiver =
                        Receiver.start(port, session.surroundings().clock(), arrival -> take(arrival, forwarder))) {
            Registration registration = register
                    ? Registration.at(
                            session,
                            url == null ? receiver.url() : url,
                            events.isEmpty() ? List.of("job.complete", "job.failed", "job.cancelled") : events)
                    : null;
            receiver.believe(keys(registration));
            untilInterrupted(receiver, registration);
            return ExitStatus.DONE.code();
        } catch (IOException e) {
            throw new Misuse("port " + port + " cannot be listened at: " + e.getMessage());
        }
    }

    private void untilInterrupted(Receiver receiver, @Nullable Registration registration) throws InterruptedException {
        CountDownLatch over = new CountDownLatch(1);
        Runnable end = () -> {
            session.voice().lastWords(() -> {
                if (registration != null) {
                    registration.remove(session);
                }
            });
            over.countDown();
        };
        try (var _ = session.surroundings().interrupts().then(end)) {
            session.voice().complain("Listening at " + receiver.url() + "; Ctrl-C ends it.");
            if (registration != null) {
                session.voice().talk("The endpoint " + Harmless.line(registration.id()) + " tells it of events.");
            }
            over.await();
        }
    }

    /// Those that were given, the endpoint's own, or else the tenant's.
    private List<VerifyingKey> keys(@Nullable Registration registration) throws InterruptedException {
        List<String> written = new ArrayList<>(secrets);
        session.surroundings()
                .variable("LONGSHORE_WEBHOOK_SECRET")
                .ifPresent(text -> written.addAll(List.of(text.split(","))));
        if (registration != null) {
            written.add(registration.secret());
        }
        if (written.isEmpty()) {
            written.add(session.server()
                    .get("/v1/webhook-secret")
                    .body()
                    .path("secret")
                    .asText(""));
        }
        try {
            return written.stream().map(String::strip).map(VerifyingKey::read).toList();
        } catch (IllegalArgumentException _) {
            // The message of whoever reads keys does not quote them; neither do we.
            throw new Misuse("a secret is written whsec_... or whpk_..., followed by base64");
        }
    }

    private int take(Arrival arrival, @Nullable Forwarder forwarder) throws InterruptedException {
        Voice voice = session.voice();
        if (!arrival.isGenuine()) {
            voice.complain(voice.paint().bad("not believed: ") + reason(arrival) + "  " + Harmless.line(arrival.id()));
            return NOT_BELIEVED;
        }
        int status = forwarder == null ? NO_CONTENT : forwarder.forward(arrival);
        if (session.json()) {
            voice.json(arrival.json());
        } else {
            voice.say(line(arrival, voice) + (forwarder == null ? "" : "  forwarded: " + status));
        }
        return status;
    }

    private static String reason(Arrival arrival) {
        return switch (arrival.verification()) {
            case GENUINE -> "nothing";
            case MALFORMED -> "a header of Standard Webhooks is missing or cannot be read";
            case WRONG_TIME -> "it was signed more than 5 minutes from now";
            case WRONG_SIGNATURE -> "no signature fits";
        };
    }

    private static String line(Arrival arrival, Voice voice) {
        JsonNode event = arrival.json();
        Job job = new Job(event.path("data"));
        StringBuilder line = new StringBuilder();
        line.append(Harmless.line(event.path("timestamp").asText("")))
                .append("  ")
                .append(voice.paint().heading(Harmless.line(event.path("type").asText("?"))))
                .append("  ")
                .append(Harmless.line(arrival.id()));
        if (!job.id().isEmpty()) {
            line.append("  ")
                    .append(Harmless.line(job.id()))
                    .append(' ')
                    .append(voice.paint().status(Harmless.line(job.status())));
        }
        if (!job.error().code().isEmpty()) {
            line.append(' ').append(Harmless.line(job.error().code()));
        }
        if (event.path("result_omitted").asBoolean()
                || event.path("data").path("result_omitted").asBoolean()) {
            line.append("  without its result");
        }
        return line + (arrival.again() ? "  (again)" : "");
    }
}
