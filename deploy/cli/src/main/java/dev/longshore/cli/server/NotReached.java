package dev.longshore.cli.server;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import org.jspecify.annotations.Nullable;

/// No answer came. It is an expected ending, so it has no stack trace.
public final class NotReached extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String why;
    private final boolean sent;

    private NotReached(String message, boolean sent) {
        super(message, null, false, false);
        why = message;
        this.sent = sent;
    }

    /// @param sent whether the request may have arrived
    public static NotReached because(String message, boolean sent) {
        return new NotReached(message, sent);
    }

    static NotReached of(Address address, IOException failure) {
        if (failure instanceof HttpConnectTimeoutException) {
            return new NotReached(address.base() + " does not answer: nothing took the connection in time", false);
        }
        if (failure instanceof HttpTimeoutException) {
            return new NotReached(address.base() + " took the request and did not answer in time", true);
        }
        if (failure instanceof ConnectException) {
            return new NotReached(
                    hasCause(failure, UnresolvedAddressException.class)
                            ? address.base() + " is not known: its host has no address"
                            : "nothing listens at " + address.base(),
                    false);
        }
        return new NotReached("the connection to " + address.base() + " broke: " + words(failure), true);
    }

    /// In words, without a full stop.
    public String why() {
        return why;
    }

    /// Whether the request may have arrived.
    public boolean sent() {
        return sent;
    }

    private static boolean hasCause(Throwable failure, Class<? extends Throwable> kind) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (kind.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }

    private static String words(IOException failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }
}
