package dev.longshore.webhook;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import javax.net.ssl.SSLException;

/// Says failures and answers in words that may be stored and shown. The words of exceptions are not passed on where
/// they name addresses.
final class Reasons {
    private static final int LONGEST = 300;

    private Reasons() {}

    static String of(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && !(cause instanceof SSLException)) {
            cause = cause.getCause();
        }
        String message = cause.getMessage() == null ? "" : cause.getMessage();
        return switch (cause) {
            case SSLException _ -> shortened("TLS: " + root(cause));
            case NoRouteToHostException _ -> "no route to the receiver";
            case ConnectException _ -> timedOut(message) ? "no connection in time" : "the connection was refused";
            case Exception _ when timedOut(message) -> "no connection in time";
            case Exception _
            when message.contains("onnection was closed") -> "the connection was closed before an answer";
            case Exception _ when message.contains("onnection reset") -> "the connection was broken";
            default -> "the call failed: " + cause.getClass().getSimpleName();
        };
    }

    private static boolean timedOut(String message) {
        return message.toLowerCase(Locale.ROOT).contains("timed out");
    }

    /// The innermost message, which says what was wrong with the certificate.
    private static String root(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    private static String shortened(String words) {
        String clean = clean(words.getBytes(StandardCharsets.UTF_8));
        return clean.length() <= LONGEST ? clean : clean.substring(0, LONGEST);
    }

    /// Text as a database and a page can take it: no control characters but line ends, nothing that is no UTF-8.
    static String clean(byte[] bytes) {
        StringBuilder clean = new StringBuilder(bytes.length);
        new String(bytes, StandardCharsets.UTF_8)
                .codePoints()
                .map(point -> Character.isISOControl(point) && point != '\n' ? ' ' : point)
                .forEach(clean::appendCodePoint);
        return clean.toString().strip();
    }
}
