package dev.longshore.cli.commands;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.cli.job.Job;
import dev.longshore.cli.server.Reply;
import dev.longshore.cli.show.Harmless;
import dev.longshore.cli.show.Voice;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "submit",
        description = "Submits a job and prints its id; with --wait or --watch its result.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  longshore submit --model sim-small --stream \"Write a limerick\"",
            "  id=$(longshore submit -q --lane batch --label team=search -f request.json)",
            "  jq -n '{operation:\"embed\",input:{model:\"sim-embed\",input:\"tea\"}}' | longshore submit --wait=60",
            "",
            "An answer that is lost on the way does not make a second job: each submission has an idempotency key."
        })
final class Submit implements Callable<Integer> {
    private static final int KEY_BYTES = 16;
    private static final String KEY_FIELD = "idempotency_key";

    private final Session session;

    @Mixin
    InputOptions input = new InputOptions();

    @Mixin
    JobOptions options = new JobOptions();

    @Option(
            names = "--idempotency-key",
            paramLabel = "KEY",
            description = "The same key and request make one job, however often they are sent.")
    @Nullable
    String idempotencyKey;

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            arity = "0..1",
            preprocessor = WaitOption.class,
            converter = Span.Converter.class,
            description = "Wait for the result, at most so long (--wait=60); also bounds --watch and --stream.")
    @Nullable
    Span wait;

    @Option(names = "--watch", description = "Show what happens until the job is over.")
    boolean watch;

    @Option(
            names = "--stream",
            description = "Have the answer streamed, and show it while it comes: --watch and tokens.")
    boolean stream;

    Submit(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws InterruptedException {
        ObjectNode request = input.request(session.surroundings());
        options.into(request, session.surroundings().clock().instant());
        if (stream) {
            request.withObjectProperty("input").put("stream", true);
        }
        Reply reply = new Submission(session.server(), session.surroundings().pause()).send(request, headers(request));
        Job job = new Job(reply.body());
        Notes.of(reply).forEach(session.voice()::talk);
        if (watch || stream) {
            tell(job, session.voice());
            return new Stay(session).watching(job.id(), stream, wait == null ? null : wait.duration());
        }
        if (wait != null) {
            tell(job, session.voice());
            return new Stay(session).waiting(job.id(), wait.duration());
        }
        if (session.json()) {
            session.voice().json(reply.body());
        } else {
            session.voice().say(Harmless.line(job.id()));
            session.voice().talk(where(job) + "; to watch it: " + session.hint("watch " + job.id()));
        }
        return ExitStatus.DONE.code();
    }

    private Map<String, String> headers(ObjectNode request) {
        if (idempotencyKey == null && request.hasNonNull(KEY_FIELD)) {
            return Map.of();
        }
        byte[] random = new byte[KEY_BYTES];
        session.surroundings().chance().nextBytes(random);
        return Map.of(
                "Idempotency-Key",
                idempotencyKey == null ? "cli-" + HexFormat.of().formatHex(random) : idempotencyKey);
    }

    private static void tell(Job job, Voice voice) {
        voice.talk(Harmless.line(job.id()) + " " + where(job));
    }

    private static String where(Job job) {
        String waiting = job.waiting()
                .map(reason -> " (" + reason.reason() + ")")
                .orElse(job.queuePosition() > 0 ? ", place " + job.queuePosition() : "");
        return Harmless.line(job.status() + " on lane " + job.lane() + waiting);
    }
}
