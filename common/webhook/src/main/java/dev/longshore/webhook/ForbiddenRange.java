package dev.longshore.webhook;

import dev.longshore.settings.Network;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;

/// A range of addresses that no webhook may go to unless the operator allows it.
///
/// @param written the range as people write it
/// @param network the same, to be compared with
/// @param what what its addresses are for, fit to follow "is"
/// @param source where that is laid down
public record ForbiddenRange(String written, Network network, String what, String source) {
    /// Every range that IANA's registries of special-purpose addresses name as not globally reachable, those that
    /// carry an IPv4 address inside an IPv6 one, and those of clouds' own servers. The first that fits is named.
    public static final List<ForbiddenRange> ALL = List.of(
            range("0.0.0.0/8", "an address of this network", "RFC 791"),
            range("10.0.0.0/8", "a private address", "RFC 1918"),
            range("100.64.0.0/10", "an address behind a carrier's NAT", "RFC 6598"),
            range("127.0.0.0/8", "a loopback address", "RFC 1122"),
            // Among them 169.254.169.254, where clouds tell a machine its credentials.
            range("169.254.0.0/16", "a link-local address", "RFC 3927"),
            range("172.16.0.0/12", "a private address", "RFC 1918"),
            range("192.0.0.0/24", "an address for protocols", "RFC 6890"),
            range("192.0.2.0/24", "an address for documentation", "RFC 5737"),
            range("192.31.196.0/24", "an address of AS112", "RFC 7535"),
            range("192.52.193.0/24", "an address for multicast relays", "RFC 7450"),
            range("192.88.99.0/24", "an address of 6to4 relays", "RFC 7526"),
            range("192.168.0.0/16", "a private address", "RFC 1918"),
            range("192.175.48.0/24", "an address of AS112", "RFC 7534"),
            range("198.18.0.0/15", "an address for benchmarks", "RFC 2544"),
            range("198.51.100.0/24", "an address for documentation", "RFC 5737"),
            range("203.0.113.0/24", "an address for documentation", "RFC 5737"),
            range("224.0.0.0/4", "a multicast address", "RFC 5771"),
            range("240.0.0.0/4", "a reserved or broadcast address", "RFC 1112, RFC 919"),
            // A public address that every machine in that cloud reaches, and only they.
            range("168.63.129.16/32", "the address of Azure's own server", "Azure's documentation"),
            range("::/128", "the unspecified address", "RFC 4291"),
            range("::1/128", "the loopback address", "RFC 4291"),
            range("::ffff:0.0.0.0/96", "an IPv4 address written as IPv6", "RFC 4291"),
            range("::/96", "an IPv4 address written as IPv6", "RFC 4291"),
            range("64:ff9b::/96", "an IPv4 address behind NAT64", "RFC 6052"),
            range("64:ff9b:1::/48", "an IPv4 address behind NAT64", "RFC 8215"),
            range("100::/64", "an address that discards", "RFC 6666"),
            range("100:0:0:1::/64", "a dummy address", "RFC 9780"),
            range("2001::/32", "an IPv4 address behind Teredo", "RFC 4380"),
            range("2001:2::/48", "an address for benchmarks", "RFC 5180"),
            range("2001::/23", "an address for protocols", "RFC 2928"),
            range("2001:db8::/32", "an address for documentation", "RFC 3849"),
            range("2002::/16", "an IPv4 address behind 6to4", "RFC 3056"),
            range("2620:4f:8000::/48", "an address of AS112", "RFC 7534"),
            range("3fff::/20", "an address for documentation", "RFC 9637"),
            range("5f00::/16", "an address for segment routing", "RFC 9602"),
            range("fc00::/7", "a private address", "RFC 4193"),
            range("fe80::/10", "a link-local address", "RFC 4291"),
            range("fec0::/10", "a site-local address", "RFC 3879"),
            range("ff00::/8", "a multicast address", "RFC 4291"));

    /// All unicast addresses that IANA has given out lie in here, so what is new outside is refused too.
    private static final Network GLOBAL_UNICAST = new Network(InetAddress.ofLiteral("2000::"), 3);

    private static final ForbiddenRange OUTSIDE =
            range("::/0", "outside the global unicast addresses", "RFC 4291, section 2.4");

    /// The range that forbids the address.
    static Optional<ForbiddenRange> of(InetAddress address) {
        Optional<ForbiddenRange> named =
                ALL.stream().filter(range -> range.network.contains(address)).findFirst();
        boolean outside = address instanceof Inet6Address && !GLOBAL_UNICAST.contains(address);
        return named.isEmpty() && outside ? Optional.of(OUTSIDE) : named;
    }

    private static ForbiddenRange range(String cidr, String what, String source) {
        int slash = cidr.indexOf('/');
        String start = cidr.substring(0, slash);
        // The JDK turns the literal of this one into an IPv4 address.
        InetAddress address = InetAddress.ofLiteral(start);
        address = start.startsWith("::ffff:") ? writtenAsIpv6(address) : address;
        return new ForbiddenRange(
                cidr, new Network(address, Integer.parseInt(cidr.substring(slash + 1))), what, source);
    }

    /// An IPv4 address in the IPv6 form that the JDK always undoes.
    static InetAddress writtenAsIpv6(InetAddress ipv4) {
        byte[] bytes = new byte[16];
        bytes[10] = -1;
        bytes[11] = -1;
        System.arraycopy(ipv4.getAddress(), 0, bytes, 12, 4);
        try {
            return Inet6Address.getByAddress(null, bytes, -1);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("Sixteen bytes are an address.", e);
        }
    }

    @Override
    public String toString() {
        return what + " (" + source + ")";
    }
}
