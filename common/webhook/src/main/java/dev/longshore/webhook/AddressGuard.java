package dev.longshore.webhook;

import dev.longshore.settings.Network;
import java.net.InetAddress;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Tells which addresses a webhook may go to: those of the open internet, and those that the operator allows.
/// Without it a customer could make our machines call each other, or the server where a cloud keeps their keys.
public final class AddressGuard {
    private final List<Network> allowed;

    /// @param allowed ranges that may be called whatever else is said of them (`webhooks.allow-networks`). Who allows
    ///     the range of a NAT64 allows every IPv4 address behind it.
    public AddressGuard(Collection<Network> allowed) {
        this.allowed = List.copyOf(allowed);
    }

    /// What forbids the address; empty if it may be called.
    public Optional<ForbiddenRange> forbids(InetAddress address) {
        boolean allows = allowed.stream().anyMatch(network -> network.contains(address));
        return allows ? Optional.empty() : ForbiddenRange.of(address);
    }
}
