package dev.longshore.standalone.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/// Finds ports of the loopback address that nobody listens on.
public final class FreePorts {
    private FreePorts() {}

    /// The given number of different ports that are free now; the caller should bind them soon, since nothing reserves
    /// them.
    public static List<Integer> take(int count) {
        var held = new ArrayList<ServerSocket>();
        try {
            // All are held open until the last is found, so that no port is given out twice.
            for (int i = 0; i < count; i++) held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            return held.stream().map(ServerSocket::getLocalPort).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("no free port on the loopback address", e);
        } finally {
            for (var socket : held) {
                try {
                    socket.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    /// One port that is free now.
    public static int take() {
        return take(1).getFirst();
    }

    /// Whether a server could listen on this port of the loopback address now.
    public static boolean isFree(int port) {
        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException _) {
            return false;
        }
    }
}
