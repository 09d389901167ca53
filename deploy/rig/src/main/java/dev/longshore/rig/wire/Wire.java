package dev.longshore.rig.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// A port of the loopback address behind which a server seems to be: every connection to it goes on to
/// the server, on ways that can be broken.
///
/// Safe for use by many threads.
public final class Wire implements AutoCloseable {
    private static final int PIECE_BYTES = 32 * 1024;
    private static final int WAITING = 512;

    private final int port;
    private final int target;
    private final Way toServer = new Way();
    private final Way toClient = new Way();
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private @Nullable ServerSocketChannel door;
    private @Nullable Thread porter;

    private Wire(int port, int target) {
        this.port = port;
        this.target = target;
    }

    /// Listens on a port for connections to a server on another, both on the loopback address. The
    /// server need not be there: a connection to one that is away is reset.
    public static Wire between(int port, int target) {
        Wire wire = new Wire(port, target);
        wire.accept();
        return wire;
    }

    /// Where it listens.
    public int port() {
        return port;
    }

    /// What clients say.
    public Way toServer() {
        return toServer;
    }

    /// What the server answers.
    public Way toClient() {
        return toClient;
    }

    /// How many connections there are.
    public int connections() {
        return links.size();
    }

    /// New connections are refused, as by a machine on which nobody listens; those that are there live on.
    public synchronized void refuse() {
        if (door == null || porter == null) {
            return;
        }
        close(door);
        door = null;
        try {
            // The port is given up when the last thread that waits at it has left.
            porter.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Takes new connections again.
    public synchronized void accept() {
        if (door != null) {
            return;
        }
        try {
            ServerSocketChannel opened = ServerSocketChannel.open();
            opened.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            opened.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), WAITING);
            door = opened;
            porter = Thread.ofVirtual().name("wire-" + port).start(() -> takeFrom(opened));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on " + port, e);
        }
    }

    /// Nothing passes in either direction, and nobody is told.
    public void hold() {
        toServer.hold();
        toClient.hold();
    }

    /// Ends all connections in an orderly way.
    public void cut() {
        links.forEach(link -> link.end(false));
    }

    /// Ends all connections with a reset, on both sides.
    public void reset() {
        links.forEach(link -> link.end(true));
    }

    /// Everything passes again.
    public void heal() {
        toServer.heal();
        toClient.heal();
        accept();
    }

    @Override
    public void close() {
        refuse();
        cut();
    }

    private void takeFrom(ServerSocketChannel opened) {
        while (opened.isOpen()) {
            try {
                SocketChannel client = opened.accept();
                client.setOption(StandardSocketOptions.TCP_NODELAY, true);
                Thread.ofVirtual().start(() -> connect(client));
            } catch (IOException _) {
                // Closed by us, or by a client that left before it was greeted.
            }
        }
    }

    private void connect(SocketChannel client) {
        try {
            // A new connection does not come about either where nothing passes.
            toServer.awaitOpen(() -> !client.isOpen());
            SocketChannel server = SocketChannel.open();
            Link link = new Link(client, server);
            links.add(link);
            try {
                server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
                server.setOption(StandardSocketOptions.TCP_NODELAY, true);
            } catch (IOException _) {
                link.end(true);
                return;
            }
            Thread.ofVirtual().start(() -> pump(link, client, server, toServer));
            Thread.ofVirtual().start(() -> pump(link, server, client, toClient));
        } catch (IOException e) {
            close(client);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void pump(Link link, SocketChannel from, SocketChannel to, Way way) {
        ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
        try {
            while (from.read(piece) >= 0) {
                if (!way.pass(piece.position(), link::isOver)) {
                    link.end(true);
                    return;
                }
                piece.flip();
                while (piece.hasRemaining()) {
                    to.write(piece);
                }
                piece.clear();
            }
            // Nobody hears the end of a connection either where nothing passes.
            way.awaitOpen(link::isOver);
            to.shutdownOutput();
            link.oneSideDone();
        } catch (IOException _) {
            endLater(link, way);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void endLater(Link link, Way way) {
        try {
            way.awaitOpen(link::isOver);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        link.end(true);
    }

    private static void close(AutoCloseable channel) {
        try {
            channel.close();
        } catch (Exception _) {
            // It is gone, which is what was wanted.
        }
    }

    /// Two connections that are one to those at its ends.
    private final class Link {
        private final SocketChannel client;
        private final SocketChannel server;
        private boolean half;
        private volatile boolean over;

        Link(SocketChannel client, SocketChannel server) {
            this.client = client;
            this.server = server;
        }

        boolean isOver() {
            return over;
        }

        synchronized void oneSideDone() {
            if (half) {
                end(false);
            }
            half = true;
        }

        synchronized void end(boolean rudely) {
            if (over) {
                return;
            }
            over = true;
            links.remove(this);
            for (SocketChannel side : new SocketChannel[] {client, server}) {
                if (rudely) {
                    try {
                        side.setOption(StandardSocketOptions.SO_LINGER, 0);
                    } catch (IOException _) {
                        // Closed already, so there is nothing left to reset.
                    }
                }
                close(side);
            }
        }
    }
}
