package dev.longshore.rig.receiver;

import dev.longshore.rig.proof.Heard;
import dev.longshore.rig.proof.Role;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/// All receivers of a run.
public final class Receivers implements AutoCloseable {
    /// One that stays well.
    public static final String STEADY = "receiver-0";

    /// Those that may be struck.
    public static final List<String> FICKLE = List.of("receiver-1", "receiver-2");

    /// One that may go for good.
    public static final String PARTING = "receiver-gone";

    /// One that is called by a name, which may come to stand for something else.
    public static final String MOVING = "receiver-moving";

    private static final String ELSEWHERE = "elsewhere";
    private static final String INSIDE = "inside";
    private static final String MOVING_HOST = MOVING + ".rig.test";

    /// Where webhooks may go, and where they may not.
    private static final InetAddress OPEN = InetAddress.ofLiteral("127.0.0.1");

    private static final InetAddress CLOSED = InetAddress.ofLiteral("127.0.0.2");
    private static final int LOOPS = 2;

    private final Vertx vertx = Vertx.vertx(new VertxOptions()
            .setEventLoopPoolSize(LOOPS)
            .setFileSystemOptions(
                    new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
    private final Ear ear = new Ear();
    private final InstantSource clock;
    private final PaperNameServer names;
    private final Map<String, Receiver> receivers = new TreeMap<>();
    private final Map<String, Role> roles = new TreeMap<>();

    /// Starts them; all are well.
    ///
    /// @param names whoever calls them asks it for addresses
    public Receivers(InstantSource clock, PaperNameServer names) {
        this.clock = clock;
        this.names = names;
        add(STEADY, Role.ALWAYS_WELL);
        FICKLE.forEach(name -> add(name, Role.AT_TIMES_UNWELL));
        add(PARTING, Role.GONE_FOR_GOOD);
        add(ELSEWHERE, Role.ELSEWHERE);
        add(MOVING, OPEN, 0, MOVING_HOST, Role.AT_TIMES_UNWELL);
        add(INSIDE, CLOSED, receiver(MOVING).port(), CLOSED.getHostAddress(), Role.ELSEWHERE);
        receivers.values().forEach(receiver -> receiver.redirectTo(receiver(ELSEWHERE)));
        settle();
    }

    /// From now on the moving receiver's name stands now for it, now for a server of the inside at the same port, now
    /// for both.
    public void rebind() {
        names.answer(MOVING_HOST, List.of(List.of(OPEN), List.of(CLOSED), List.of(OPEN, CLOSED)));
    }

    /// From now on the moving receiver's name stands for nothing.
    public void unname() {
        names.forget(MOVING_HOST);
    }

    /// From now on the moving receiver's name stands for it alone.
    public void settle() {
        names.answer(MOVING_HOST, List.of(List.of(OPEN)));
    }

    private void add(String name, Role role) {
        add(name, OPEN, 0, OPEN.getHostAddress(), role);
    }

    private void add(String name, InetAddress address, int port, String host, Role role) {
        Receiver receiver = new Receiver(vertx, name, address.getHostAddress(), port, host, ear, clock);
        receivers.put(name, receiver);
        roles.put(receiver.origin(), role);
    }

    public Receiver receiver(String name) {
        return Objects.requireNonNull(receivers.get(name), name);
    }

    /// What each is there for, by its origin.
    public Map<String, Role> roles() {
        return Map.copyOf(roles);
    }

    /// Everything that was heard, in the order in which it came.
    public List<Heard> heard() {
        return ear.heard();
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
