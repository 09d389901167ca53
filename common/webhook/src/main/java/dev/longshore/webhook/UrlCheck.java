package dev.longshore.webhook;

import dev.longshore.webhook.Clearance.Cleared;
import dev.longshore.webhook.Clearance.Refused;
import dev.longshore.webhook.Clearance.Unresolved;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;

/// Says whether a URL may be called: when it is registered, and again for every call, since what a name stands for
/// can change between the two.
///
/// What is asked of a URL: `https` or `http`; port 80, 443 or above 1023, so that no mail or name server can be
/// talked to; no user name, no fragment; an address only in its plain spelling; at most 2,048 characters. Of its
/// addresses, none may be forbidden by the [AddressGuard]: one that is makes the whole name suspect.
public final class UrlCheck {
    private final AddressGuard guard;
    private final Names names;

    public UrlCheck(AddressGuard guard, Names names) {
        this.guard = guard;
        this.names = names;
    }

    /// Looks at the URL only. A name is taken as it is.
    public Clearance form(String url) {
        return switch (UrlReading.read(url)) {
            case Cleared(var read, var _) ->
                read.literal() == null ? new Cleared(read, List.of()) : literal(read, read.literal());
            case Refused refused -> refused;
            case Unresolved unresolved -> unresolved;
        };
    }

    /// Looks its name up as well, and checks every address that it stands for.
    public Clearance addresses(String url) throws InterruptedException {
        return switch (form(url)) {
            case Cleared(var read, var addresses) -> addresses.isEmpty() ? named(read) : new Cleared(read, addresses);
            case Refused refused -> refused;
            case Unresolved unresolved -> unresolved;
        };
    }

    private Clearance literal(WebhookUrl read, InetAddress address) {
        Optional<ForbiddenRange> forbidding = guard.forbids(address);
        if (forbidding.isPresent()) {
            return new Refused("The URL's address is " + forbidding.get() + ", which webhooks may not call.");
        }
        return new Cleared(read, List.of(address));
    }

    private Clearance named(WebhookUrl url) throws InterruptedException {
        List<InetAddress> addresses;
        try {
            addresses = names.addressesOf(url.host());
        } catch (UnknownHostException _) {
            addresses = List.of();
        }
        if (addresses.isEmpty()) {
            return new Unresolved("The name " + url.host() + " has no address.");
        }
        for (InetAddress address : addresses) {
            Optional<ForbiddenRange> forbidding = guard.forbids(address);
            if (forbidding.isPresent()) {
                // Not which one: names of the inside would tell their addresses to whoever asks.
                return new Refused("The name " + url.host() + " stands for " + forbidding.get()
                        + ", which webhooks may not call.");
            }
        }
        return new Cleared(url, List.copyOf(addresses));
    }
}
