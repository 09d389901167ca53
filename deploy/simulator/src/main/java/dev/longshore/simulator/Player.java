package dev.longshore.simulator;

import dev.longshore.simulator.tongue.Answer;
import dev.longshore.simulator.tongue.Ask;
import dev.longshore.simulator.tongue.Finish;
import dev.longshore.simulator.tongue.Flow;
import dev.longshore.simulator.tongue.Promise;
import dev.longshore.simulator.tongue.Sse;
import dev.longshore.simulator.tongue.Tongue;
import dev.longshore.simulator.tongue.Trouble;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/// Plays one call to its end: waits as long as the script says, then answers, or fails in the way that the script
/// wants. In which tongue makes no difference.
final class Player<R extends Answer> {

    /// What is fetched later is kept, so that it cannot be quite as huge.
    private static final long LONGEST_FETCHED = 64 << 20;

    private static final Buffer NOT_JSON = Buffer.buffer("<html><body><h1>It works!</h1></body></html>");
    private static final Buffer NO_EVENT = Buffer.buffer("data: {\"id\": oops\n\n");

    private final Exchange exchange;
    private final Tongue<R> tongue;
    private final Ask<R> ask;
    private final ModelStage stage;
    private final long number;
    private final Part part;
    private final Predictions predictions;
    private final Holds holds;

    Player(
            Exchange exchange,
            Tongue<R> tongue,
            Ask<R> ask,
            ModelStage stage,
            long number,
            Part part,
            Predictions predictions,
            Holds holds) {
        this.exchange = exchange;
        this.tongue = tongue;
        this.ask = ask;
        this.stage = stage;
        this.number = number;
        this.part = part;
        this.predictions = predictions;
        this.holds = holds;
    }

    void play() {
        Fault fault = part.fault();
        long latency = stage.latencyMs(part.behaviour(), number);
        if (fault == null) {
            answer(latency);
            return;
        }
        exchange.struckBy(fault.kind());
        if (fault.headers() != null) {
            fault.headers().forEach(exchange.headers()::set);
        }
        long given = fault.latencyMs() == null ? (fault.kind().atOnce() ? 0 : latency) : fault.latencyMs();
        strike(fault, given);
    }

    private void strike(Fault fault, long after) {
        switch (fault.kind()) {
            case STATUS, RETRY_AFTER_MS, QUOTA, CONTEXT_LENGTH -> exchange.after(after, () -> refuse(fault));
            case CONTENT_FILTER -> tellOrRefuse(Finish.WITHHELD, fault, after);
            case FAILED -> tellOrRefuse(Finish.FAILED, fault, after);
            case HANG -> {}
            case HOLD -> hold(after);
            case ENDLESS -> {
                if (isFetched()) {
                    answer(after);
                } else {
                    hold(after);
                }
            }
            case RESET -> exchange.after(after, exchange::reset);
            case CLOSE -> exchange.after(after, exchange::hangUp);
            case HANG_AFTER_HEADERS ->
                exchange.after(after, () -> {
                    exchange.begin(tongue.status(), ask.stream(), -1);
                    exchange.flushHead();
                });
            case BROKEN_STREAM -> breakOff(fault, after);
            case MALFORMED -> exchange.after(after, this::malformed);
            case TRUNCATED_JSON ->
                exchange.after(after, () -> {
                    Buffer whole = body();
                    exchange.answer(tongue.status(), whole.slice(0, whole.length() / 2));
                });
            case WRONG_CONTENT_LENGTH ->
                exchange.after(after, () -> {
                    Buffer whole = body();
                    exchange.begin(tongue.status(), ask.stream(), whole.length() + 1000L);
                    exchange.breakOff(whole);
                });
            case ERROR_IN_200 -> exchange.after(after, () -> errorInside(fault));
            case HUGE -> {
                if (isFetched()) {
                    answer(after);
                } else {
                    exchange.after(after, () -> huge(fault.hugeBytes()));
                }
            }
            case EMPTY_CHOICES, REFUSAL, SLOW -> answer(after);
        }
    }

    /// Whether the answer comes later, so that it is not the answer to this request which a fault spoils.
    private boolean isFetched() {
        return ask instanceof Ask.Prediction;
    }

    private void hold(long after) {
        exchange.onEnd(holds.hold(ask.model(), exchange::goOn, () -> answer(after)));
    }

    /// Some tongues have an answer that says so; in others, and where a status is scripted, it is an error.
    private void tellOrRefuse(Finish finish, Fault fault, long after) {
        if (fault.status() == null && tongue.tells().contains(finish)) {
            answer(after);
        } else {
            exchange.after(after, () -> refuse(fault));
        }
    }

    /// The ordinary answer, as far as the fault, if any, leaves it so.
    private void answer(long latency) {
        switch (ask) {
            case Ask.Prediction prediction -> predict(prediction, latency);
            case Ask.Chat chat
            when chat.stream() -> {
                Flow flow = tongue.flow(composed(), exchange.stamp());
                List<Buffer> events = new ArrayList<>(flow.pieces());
                events.add(flow.end());
                stream(events, latency, false);
            }
            case Ask.Chat _, Ask.Embedding _ ->
                exchange.after(latency, () -> {
                    R answer = composed();
                    exchange.answer(tongue.status(), tongue.whole(answer, exchange.stamp()));
                });
        }
    }

    private void predict(Ask.Prediction asked, long latency) {
        long startMs = stage.firstByteMs(part.behaviour(), number, latency);
        Fault fault = part.fault();
        Buffer first = tongue.whole(composed(), exchange.stamp());
        Promise promise = Composer.answer(asked, part);
        if (fault != null && fault.kind() == FaultKind.HUGE) {
            promise = promise.with(HugeBody.text(Math.min(fault.hugeBytes(), LONGEST_FETCHED)));
        }
        Prediction prediction = new Prediction(promise, exchange.stamp());
        prediction.atEnd(exchange.keepPlace());
        predictions.begin(prediction, startMs, latency, fault != null && fault.kind() == FaultKind.ENDLESS);
        exchange.answer(tongue.status(), first);
    }

    private void stream(List<Buffer> events, long latency, boolean breaksOff) {
        long firstByte = stage.firstByteMs(part.behaviour(), number, latency);
        new EventStream(exchange, events, latency - firstByte, breaksOff).startAfter(firstByte);
    }

    private R composed() {
        R answer = Composer.answer(ask, part);
        exchange.entry().tokens(answer.inputTokens(), answer.outputTokens());
        return answer;
    }

    private Flow flow() {
        return tongue.flow(Composer.answer(ask, part), exchange.stamp());
    }

    /// What a broken answer is made of; of a stream, all but its end.
    private Buffer body() {
        return ask.stream() ? flow().body() : tongue.whole(Composer.answer(ask, part), exchange.stamp());
    }

    private void refuse(Fault fault) {
        if (fault.retryAfter() != null) {
            exchange.headers().set("retry-after", RetryAfter.render(fault.retryAfter(), exchange.nowMs()));
        }
        if (fault.retryAfterMs() != null || fault.kind() == FaultKind.RETRY_AFTER_MS) {
            exchange.headers().set("retry-after-ms", Long.toString(Troubles.retryAfterMs(fault)));
        }
        exchange.refuse(trouble(fault), fault);
    }

    private Trouble trouble(Fault fault) {
        return Troubles.of(fault, Composer.inputTokens(ask, part.behaviour()), part.behaviour());
    }

    private void breakOff(Fault fault, long latency) {
        if (ask.stream()) {
            List<Buffer> pieces = flow().pieces();
            int kept = fault.afterChunks() == null ? pieces.size() / 2 : fault.afterChunks();
            stream(pieces.subList(0, Math.min(Math.max(kept, 1), pieces.size())), latency, true);
        } else {
            exchange.after(latency, () -> {
                Buffer whole = body();
                exchange.begin(tongue.status(), false, -1);
                exchange.breakOff(whole.slice(0, whole.length() / 2));
            });
        }
    }

    private void malformed() {
        if (ask.stream()) {
            Buffer end = flow().end();
            exchange.begin(tongue.status(), true, -1);
            exchange.finish(NO_EVENT.copy().appendBuffer(end));
        } else {
            exchange.answer(tongue.status(), NOT_JSON);
        }
    }

    private void errorInside(Fault fault) {
        Trouble trouble = trouble(fault);
        if (ask.stream()) {
            Buffer own = Troubles.body(fault);
            exchange.begin(200, true, -1);
            exchange.finish(
                    own == null
                            ? tongue.interruption(
                                    trouble, Troubles.complaint(tongue.house(), trouble, fault), exchange.stamp())
                            : Sse.data(own));
        } else {
            exchange.answer(200, Troubles.write(tongue.house(), trouble, fault, exchange.stamp()));
        }
    }

    private void huge(long bytes) {
        Buffer frame = ask.stream() ? flow().body().appendBuffer(flow().end()) : body();
        HugeBody body = new HugeBody(frame.toString(), bytes);
        // What the log says is what the answer says.
        composed();
        exchange.begin(tongue.status(), ask.stream(), body.length());
        exchange.pump(body);
    }
}
