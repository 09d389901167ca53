package dev.longshore.api.hostile;

import dev.longshore.api.Api;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// One connection to the service, over which anything can be sent, and whose answers are read by the letter.
final class Wire implements AutoCloseable {
    /// Longer than anything here may take: whoever waits so long has found a fault.
    private static final int PATIENCE_MILLIS = 30_000;

    private final Socket socket;
    private final InputStream in;
    private boolean broken;

    private Wire(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
    }

    static Wire open() {
        try {
            return new Wire(new Socket("127.0.0.1", Api.uri("/").getPort()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Sends one request over a connection of its own.
    ///
    /// @return empty when the server closed the connection without an answer
    static Optional<Reply> exchange(byte[] request) {
        try (Wire wire = open()) {
            wire.send(request);
            return wire.reply();
        }
    }

    static Optional<Reply> exchange(String request) {
        return exchange(request.getBytes(StandardCharsets.ISO_8859_1));
    }

    /// A server that has closed the connection already has said all that it wants to say: what it said
    /// is still there to be read.
    Wire send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        } catch (IOException _) {
            // Read on.
            broken = true;
        }
        return this;
    }

    Wire send(String text) {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /// Whether writing fails, as it does soon after the server has closed the connection.
    boolean isClosedByServer() {
        return broken;
    }

    /// Sends no more, and says so.
    Wire endOfRequest() {
        try {
            socket.shutdownOutput();
        } catch (IOException _) {
            // The server was faster.
        }
        return this;
    }

    /// The next answer; empty when the server has closed the connection instead.
    Optional<Reply> reply() {
        return reply(false);
    }

    /// @param head whether the request was a HEAD, whose answer has no body whatever its headers say
    Optional<Reply> reply(boolean head) {
        try {
            String status = line();
            while (status != null && status.startsWith("HTTP/1.1 100")) {
                while (!"".equals(line())) {
                    // Interim answers have nothing to say.
                }
                status = line();
            }
            if (status == null) {
                return Optional.empty();
            }
            Map<String, List<String>> headers = new TreeMap<>();
            for (String line = line(); line != null && !line.isEmpty(); line = line()) {
                int colon = line.indexOf(':');
                headers.computeIfAbsent(line.substring(0, colon).toLowerCase(Locale.ROOT), _ -> new ArrayList<>(1))
                        .add(line.substring(colon + 1).strip());
            }
            return Optional.of(
                    new Reply(Integer.parseInt(status.split(" ", 3)[1]), headers, head ? new byte[0] : body(headers)));
        } catch (SocketTimeoutException e) {
            throw new AssertionError("the server neither answered nor closed the connection", e);
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    /// Waits until the server closes the connection, and throws away what it still sends.
    ///
    /// @throws AssertionError when it does not
    void awaitClose() {
        try {
            while (in.read() >= 0) {
                // Nobody wants it.
            }
        } catch (SocketTimeoutException e) {
            throw new AssertionError("the server kept the connection", e);
        } catch (IOException _) {
            // Closed, if less politely.
        }
    }

    /// Goes away without a word.
    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException _) {
            // Gone already.
        }
    }

    private byte[] body(Map<String, List<String>> headers) throws IOException {
        if (headers.getOrDefault("transfer-encoding", List.of()).contains("chunked")) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            while (true) {
                int size = Integer.parseInt(String.valueOf(line()), 16);
                body.writeBytes(in.readNBytes(size));
                line();
                if (size == 0) {
                    return body.toByteArray();
                }
            }
        }
        List<String> length = headers.get("content-length");
        return length == null ? in.readAllBytes() : in.readNBytes(Integer.parseInt(length.getFirst()));
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0; b = in.read()) {
            if (b == '\n') {
                return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
            }
            line.write(b);
        }
        return null;
    }
}
