package dev.longshore.settings;

import java.net.InetAddress;

/// A server that is asked for the addresses of names.
///
/// @param port of UDP and TCP alike
public record NameServer(InetAddress address, int port) {
    static final String EXPECTED = "an address with or without a port, such as 10.0.0.2 or 10.0.0.2:5353";

    private static final int USUAL_PORT = 53;
    private static final int LAST_PORT = 65_535;

    /// @throws IllegalArgumentException if there is no such port
    public NameServer {
        if (port < 1 || port > LAST_PORT) {
            throw new IllegalArgumentException("not " + EXPECTED);
        }
    }

    /// Reads `10.0.0.2`, `10.0.0.2:5353`, `2001:db8::2` or `[2001:db8::2]:5353`. Names are never looked up.
    ///
    /// @throws IllegalArgumentException if the text is none of these
    static NameServer read(String text) {
        String written = text.strip();
        int colon = written.lastIndexOf(':');
        boolean hasPort = colon > 0 && (written.charAt(colon - 1) == ']' || written.indexOf(':') == colon);
        String address = hasPort ? written.substring(0, colon) : written;
        boolean inBrackets = address.startsWith("[") && address.endsWith("]");
        try {
            return new NameServer(
                    InetAddress.ofLiteral(inBrackets ? address.substring(1, address.length() - 1) : address),
                    hasPort ? Integer.parseInt(written.substring(colon + 1)) : USUAL_PORT);
        } catch (IllegalArgumentException _) {
            throw new IllegalArgumentException("not " + EXPECTED);
        }
    }

    @Override
    public String toString() {
        String host = address.getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
