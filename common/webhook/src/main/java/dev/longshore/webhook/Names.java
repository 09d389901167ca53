package dev.longshore.webhook;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/// Looks names up.
@FunctionalInterface
public interface Names {
    /// All addresses of a name, those to be tried first in front. Waits for the answer; made for virtual threads.
    ///
    /// @param name never an address
    /// @throws UnknownHostException if it has none, or nobody could be asked in time
    List<InetAddress> addressesOf(String name) throws UnknownHostException, InterruptedException;
}
