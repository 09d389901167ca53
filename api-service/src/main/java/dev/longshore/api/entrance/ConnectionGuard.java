package dev.longshore.api.entrance;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Bounds what one connection can make the process hold: requests that were sent ahead, answers that
/// nobody reads, and bodies that never end. An answer that is a stream of events may go on for hours, and nobody has a
/// reason to send another request behind it: whoever does is cut off, as those would be held all that time. Each
/// belongs to one connection and runs on its event loop.
final class ConnectionGuard extends ChannelDuplexHandler {
    /// How many requests a caller may send ahead of their answers. The server would keep any number.
    static final int MOST_AHEAD = 32;

    private static final String EVENT_STREAM = "text/event-stream";

    private final Duration patience;
    private final Consumer<HttpServerRequest> late;
    private int open = 1;
    private boolean refusing;
    private boolean over;
    private boolean receiving = true;
    private boolean streaming;
    private @Nullable HttpServerRequest current;
    private @Nullable Future<?> deadline;

    /// Made while the connection's first request is being handed on, which therefore counts already.
    ///
    /// @param patience how long a body may take
    /// @param late is told of the request whose body took longer
    ConnectionGuard(Duration patience, Consumer<HttpServerRequest> late) {
        this.patience = patience;
        this.late = late;
    }

    /// It is this request's turn to be answered.
    void begun(HttpServerRequest request) {
        current = request;
    }

    void refusing(boolean yes) {
        refusing = yes;
    }

    /// Whether the connection's requests are being refused as they come.
    boolean refusing() {
        return refusing;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (over) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (message instanceof HttpRequest) {
            receiving = true;
            open++;
            if (open > MOST_AHEAD || streaming) {
                over = true;
                ReferenceCountUtil.release(message);
                context.close();
                return;
            }
            if (!context.channel().isWritable()) {
                // More answers would pile up behind those that nobody reads.
                context.channel().config().setAutoRead(false);
            }
        }
        if (message instanceof LastHttpContent) {
            receiving = false;
            forget();
        }
        context.fireChannelRead(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (receiving && deadline == null && !over) {
            // Nearly all bodies come with their heads and never get here.
            deadline = context.executor().schedule(this::tooLate, patience.toMillis(), TimeUnit.MILLISECONDS);
        }
        context.fireChannelReadComplete();
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof LastHttpContent && !interim(message)) {
            open--;
            streaming = false;
        } else if (message instanceof HttpResponse head && isStream(head)) {
            streaming = true;
            if (open > 1) {
                over = true;
                context.close();
            }
        }
        context.write(message, promise);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (context.channel().isWritable() && !context.channel().config().isAutoRead()) {
            context.channel().config().setAutoRead(true);
        }
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        forget();
        context.fireChannelInactive();
    }

    private static boolean isStream(HttpResponse head) {
        String type = head.headers().get(HttpHeaderNames.CONTENT_TYPE);
        return type != null && type.startsWith(EVENT_STREAM);
    }

    private static boolean interim(Object message) {
        return message instanceof HttpResponse response
                && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    }

    private void tooLate() {
        over = true;
        HttpServerRequest request = current;
        if (request != null) {
            late.accept(request);
        }
    }

    private void forget() {
        Future<?> pending = deadline;
        if (pending != null) {
            pending.cancel(false);
            deadline = null;
        }
    }
}
