package dev.longshore.simulator;

import io.vertx.core.buffer.Buffer;
import java.util.List;

/// Plays one call to its end: waits as long as the script says, then answers, or fails in the way that the script
/// wants.
final class Player {

    private static final Buffer NOT_JSON = Buffer.buffer("<html><body><h1>It works!</h1></body></html>");

    private final Exchange exchange;
    private final Ask ask;
    private final ModelStage stage;
    private final long number;
    private final Part part;
    private final Holds holds;

    Player(Exchange exchange, Ask ask, ModelStage stage, long number, Part part, Holds holds) {
        this.exchange = exchange;
        this.ask = ask;
        this.stage = stage;
        this.number = number;
        this.part = part;
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
            case STATUS, RETRY_AFTER_MS, QUOTA -> exchange.after(after, () -> refuse(fault, 429));
            case CONTEXT_LENGTH -> exchange.after(after, this::contextLength);
            case CONTENT_FILTER -> {
                if (fault.status() != null || ask instanceof Ask.Embedding) {
                    exchange.after(after, () -> refuse(fault, 400));
                } else {
                    answer(after);
                }
            }
            case HANG -> {}
            case HOLD -> holds.hold(exchange, ask.model(), () -> answer(after));
            case RESET -> exchange.after(after, exchange::reset);
            case CLOSE -> exchange.after(after, exchange::hangUp);
            case HANG_AFTER_HEADERS ->
                exchange.after(after, () -> {
                    exchange.begin(200, streams(), -1);
                    exchange.flushHead();
                });
            case BROKEN_STREAM -> breakOff(fault, after);
            case MALFORMED -> exchange.after(after, this::malformed);
            case TRUNCATED_JSON ->
                exchange.after(after, () -> {
                    Buffer whole = body();
                    exchange.answer(200, whole.slice(0, whole.length() / 2));
                });
            case WRONG_CONTENT_LENGTH ->
                exchange.after(after, () -> {
                    Buffer whole = body();
                    exchange.begin(200, streams(), whole.length() + 1000L);
                    exchange.breakOff(whole);
                });
            case ERROR_IN_200 -> exchange.after(after, () -> errorInside(fault));
            case HUGE -> exchange.after(after, () -> huge(fault.bytes() == null ? Fault.USUAL_HUGE : fault.bytes()));
            case EMPTY_CHOICES, REFUSAL, SLOW -> answer(after);
        }
    }

    private boolean streams() {
        return ask instanceof Ask.Chat chat && chat.stream();
    }

    /// The ordinary answer, as far as the fault, if any, leaves it so.
    private void answer(long latency) {
        switch (ask) {
            case Ask.Embedding embedding ->
                exchange.after(latency, () -> {
                    Buffer body = EmbeddingJson.whole(embedding, part);
                    exchange.entry().tokens(ChatAnswer.inputTokens(ask, part.behaviour()), 0);
                    exchange.answer(200, body);
                });
            case Ask.Chat chat
            when chat.stream() -> {
                ChatAnswer answer = ChatAnswer.to(chat, part);
                List<Buffer> events = events(chat, answer);
                events.add(ChatJson.DONE);
                count(answer);
                long firstByte = stage.firstByteMs(part.behaviour(), number, latency);
                new EventStream(exchange, events, latency - firstByte, false).startAfter(firstByte);
            }
            case Ask.Chat chat ->
                exchange.after(latency, () -> {
                    ChatAnswer answer = ChatAnswer.to(chat, part);
                    count(answer);
                    exchange.answer(
                            200, ChatJson.whole("chatcmpl-" + exchange.id(), exchange.createdSeconds(), answer));
                });
        }
    }

    private void count(ChatAnswer answer) {
        exchange.entry().tokens(answer.promptTokens(), answer.completionTokens());
    }

    private List<Buffer> events(Ask.Chat chat, ChatAnswer answer) {
        String id = "chatcmpl-" + exchange.id();
        return ChatJson.events(id, exchange.createdSeconds(), answer, chat.includeUsage());
    }

    /// The whole answer that a broken one is made of.
    private Buffer body() {
        return switch (ask) {
            case Ask.Embedding embedding -> EmbeddingJson.whole(embedding, part);
            case Ask.Chat chat
            when chat.stream() -> {
                Buffer all = Buffer.buffer();
                events(chat, ChatAnswer.to(chat, part)).forEach(all::appendBuffer);
                yield all;
            }
            case Ask.Chat chat ->
                ChatJson.whole("chatcmpl-" + exchange.id(), exchange.createdSeconds(), ChatAnswer.to(chat, part));
        };
    }

    private void refuse(Fault fault, int usualStatus) {
        int status = fault.status() == null ? usualStatus : fault.status();
        if (fault.retryAfter() != null) {
            exchange.headers().set("retry-after", RetryAfter.render(fault.retryAfter(), exchange.nowMs()));
        }
        if (fault.retryAfterMs() != null || fault.kind() == FaultKind.RETRY_AFTER_MS) {
            long millis = fault.retryAfterMs() == null ? 1_000 : fault.retryAfterMs();
            exchange.headers().set("retry-after-ms", Long.toString(millis));
        }
        exchange.answer(status, ErrorJson.of(fault, status));
    }

    private void contextLength() {
        Integer limit = part.behaviour().contextTokens();
        int tokens = ChatAnswer.inputTokens(ask, part.behaviour());
        exchange.answer(400, ErrorJson.contextLength(tokens, limit == null ? tokens - 1 : limit));
    }

    private void breakOff(Fault fault, long latency) {
        if (ask instanceof Ask.Chat chat && chat.stream()) {
            List<Buffer> events = events(chat, ChatAnswer.to(chat, part));
            int kept = fault.afterChunks() == null ? events.size() / 2 : fault.afterChunks();
            long firstByte = stage.firstByteMs(part.behaviour(), number, latency);
            new EventStream(exchange, events.subList(0, Math.clamp(kept, 1, events.size())), latency - firstByte, true)
                    .startAfter(firstByte);
        } else {
            exchange.after(latency, () -> {
                Buffer whole = body();
                exchange.begin(200, false, -1);
                exchange.breakOff(whole.slice(0, whole.length() / 2));
            });
        }
    }

    private void malformed() {
        if (streams()) {
            exchange.begin(200, true, -1);
            exchange.finish(Buffer.buffer("data: {\"id\": oops\n\n").appendBuffer(ChatJson.DONE));
        } else {
            exchange.answer(200, NOT_JSON);
        }
    }

    private void errorInside(Fault fault) {
        Buffer error = ErrorJson.of(fault, fault.status() == null ? 500 : fault.status());
        if (streams()) {
            exchange.begin(200, true, -1);
            exchange.finish(Buffer.buffer("data: ").appendBuffer(error).appendString("\n\n"));
        } else {
            exchange.answer(200, error);
        }
    }

    private void huge(long bytes) {
        String model = ask.model();
        ChatAnswer hollow = new ChatAnswer(model, HugeBody.MARK, null, "stop", true, 1, 0, (int) (bytes / 4));
        Buffer frame;
        if (ask instanceof Ask.Chat chat && chat.stream()) {
            frame = Buffer.buffer();
            events(chat, hollow).forEach(frame::appendBuffer);
            frame.appendBuffer(ChatJson.DONE);
        } else {
            frame = ChatJson.whole("chatcmpl-" + exchange.id(), exchange.createdSeconds(), hollow);
        }
        HugeBody body = new HugeBody(frame.toString(), bytes);
        exchange.entry().tokens(1, bytes / 4);
        exchange.begin(200, streams(), body.length());
        exchange.pump(body);
    }
}
