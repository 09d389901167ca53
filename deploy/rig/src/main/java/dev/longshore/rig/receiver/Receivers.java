package dev.longshore.rig.receiver;

import dev.longshore.rig.proof.Heard;
import dev.longshore.rig.proof.Role;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
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

    private static final String ELSEWHERE = "elsewhere";
    private static final int LOOPS = 2;

    private final Vertx vertx = Vertx.vertx(new VertxOptions()
            .setEventLoopPoolSize(LOOPS)
            .setFileSystemOptions(
                    new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
    private final Ear ear = new Ear();
    private final Map<String, Receiver> receivers = new TreeMap<>();
    private final Map<String, Role> roles = new TreeMap<>();

    /// Starts them; all are well.
    public Receivers(InstantSource clock) {
        add(STEADY, Role.ALWAYS_WELL, clock);
        FICKLE.forEach(name -> add(name, Role.AT_TIMES_UNWELL, clock));
        add(PARTING, Role.GONE_FOR_GOOD, clock);
        add(ELSEWHERE, Role.ELSEWHERE, clock);
        receivers.values().forEach(receiver -> receiver.redirectTo(receiver(ELSEWHERE)));
    }

    private void add(String name, Role role, InstantSource clock) {
        Receiver receiver = new Receiver(vertx, name, ear, clock);
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
