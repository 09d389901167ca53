package dev.longshore.settings;

import java.net.InetAddress;

/// A range of IP addresses in CIDR form, `10.0.0.0/8` for example.
///
/// @param address any address of the range
/// @param prefix how many leading bits all addresses of the range share
public record Network(InetAddress address, int prefix) {

    /// @throws IllegalArgumentException if the address has fewer bits than the prefix
    public Network {
        if (prefix < 0 || prefix > address.getAddress().length * Byte.SIZE) {
            throw new IllegalArgumentException("not an address range such as 10.0.0.0/8");
        }
    }

    /// Whether the address belongs to the range. An IPv4 address never belongs to an IPv6 range.
    public boolean contains(InetAddress candidate) {
        var ours = address.getAddress();
        var theirs = candidate.getAddress();
        if (ours.length != theirs.length) {
            return false;
        }
        for (var bit = 0; bit < prefix; bit++) {
            var mask = 0x80 >> bit % Byte.SIZE;
            if (((ours[bit / Byte.SIZE] ^ theirs[bit / Byte.SIZE]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    /// Reads the CIDR form; an address alone is the range of that address. Names are never looked up.
    ///
    /// @throws IllegalArgumentException if the text is no address range
    static Network read(String text) {
        var slash = text.indexOf('/');
        try {
            var address = InetAddress.ofLiteral(
                    slash < 0 ? text.strip() : text.substring(0, slash).strip());
            var prefix = slash < 0
                    ? address.getAddress().length * Byte.SIZE
                    : Integer.parseInt(text.substring(slash + 1).strip());
            return new Network(address, prefix);
        } catch (IllegalArgumentException _) {
            throw new IllegalArgumentException("not an address range such as 10.0.0.0/8");
        }
    }

    @Override
    public String toString() {
        return address.getHostAddress() + "/" + prefix;
    }
}
