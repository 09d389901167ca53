package dev.longshore.rig;

import dev.longshore.standalone.servers.FreePorts;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/// Ports for servers that go away and come back. They lie below the range that the system takes ports
/// for outgoing connections from: otherwise a client that knocks at a dead server may be given the very
/// port it knocks at, and the server could not come back to it.
final class Ports {
    private static final int LOWEST = 15_000;
    private static final int HIGHEST = 32_000;

    // Ports that were given out and are not listened on yet look free.
    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    private Ports() {}

    static int steady() {
        int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
        while (!FreePorts.isFree(port) || !GIVEN.add(port)) {
            port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
        }
        return port;
    }
}
