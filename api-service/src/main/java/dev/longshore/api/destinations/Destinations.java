package dev.longshore.api.destinations;

import dev.longshore.settings.Network;
import dev.longshore.webhook.AddressGuard;
import dev.longshore.webhook.Clearance;
import dev.longshore.webhook.Clearance.Cleared;
import dev.longshore.webhook.Clearance.Refused;
import dev.longshore.webhook.Clearance.Unresolved;
import dev.longshore.webhook.Names;
import dev.longshore.webhook.UrlCheck;
import dev.longshore.webhook.WebhookUrl;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutorService;

/// Which URLs may be given to us to call. Whether one may be called is asked again for every call, so what cannot be
/// known now, because a name has no address at this moment, is let pass.
///
/// Plain `http` shows to everybody on the way what a job holds, so it is for networks that the operator has opened
/// (`webhooks.allow-networks`) and for nothing else.
public final class Destinations {
    private static final String HTTPS_ONLY = "The URL must start with https://; http:// is only for addresses in the"
            + " networks that the operator has opened (webhooks.allow-networks).";

    private final List<Network> opened;
    private final UrlCheck check;

    /// @param opened private networks that may be called, and without TLS
    /// @param threads on which names are looked up
    public Destinations(Collection<Network> opened, Names names, ExecutorService threads, InstantSource clock) {
        this.opened = List.copyOf(opened);
        check = new UrlCheck(new AddressGuard(opened), new HastyNames(names, threads, clock));
    }

    /// Looks at the URL alone and waits for nothing.
    ///
    /// @return [Cleared] or [Refused]
    public Clearance form(String url) {
        return switch (check.form(url)) {
            case Cleared(var read, var addresses) -> {
                boolean right = read.tls() || !opened.isEmpty() && (addresses.isEmpty() || open(addresses));
                yield right ? new Cleared(read, addresses) : new Refused(HTTPS_ONLY);
            }
            case Refused refused -> refused;
            case Unresolved(var why) -> new Refused(why);
        };
    }

    /// Looks up where the URL leads, too.
    ///
    /// @return [Cleared], with the addresses if there are any now, or [Refused]
    public Clearance addresses(String url) throws InterruptedException {
        return switch (form(url)) {
            case Cleared(var read, var _) -> addresses(url, read);
            case Refused refused -> refused;
            case Unresolved(var why) -> new Refused(why);
        };
    }

    private Clearance addresses(String url, WebhookUrl read) throws InterruptedException {
        return switch (check.addresses(url)) {
            case Cleared cleared ->
                cleared.url().tls() || open(cleared.addresses()) ? cleared : new Refused(HTTPS_ONLY);
            case Refused refused -> refused;
            case Unresolved(var why) -> read.tls() ? new Cleared(read, List.of()) : new Refused(why);
        };
    }

    private boolean open(List<InetAddress> addresses) {
        return addresses.stream().allMatch(address -> opened.stream().anyMatch(network -> network.contains(address)));
    }
}
