package dev.longshore.webhook;

import java.net.InetAddress;
import java.util.List;

/// Whether a URL may be called. Reasons are whole sentences for whoever gave the URL.
public sealed interface Clearance {
    /// It may.
    ///
    /// @param addresses where to, each of them checked; none if the host is a name that was not looked up
    record Cleared(WebhookUrl url, List<InetAddress> addresses) implements Clearance {}

    /// It may not.
    record Refused(String why) implements Clearance {}

    /// Its name has no address now. It may have one later.
    record Unresolved(String why) implements Clearance {}
}
