package dev.longshore.webhook;

import dev.longshore.webhook.Clearance.Cleared;
import dev.longshore.webhook.Clearance.Refused;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// Reads a URL and refuses every form of which two readers could think differently.
final class UrlReading {
    static final int LONGEST = 2_048;

    private static final int LOWEST_OPEN_PORT = 1_024;
    private static final int HIGHEST_PORT = 65_535;
    private static final Pattern VISIBLE_ASCII = Pattern.compile("[!-~]+");

    /// What ends in a number is an address to some readers: `127.1`, `0x7f.1`, `2130706433` (WHATWG URL, section 3.5).
    private static final Pattern ENDS_IN_NUMBER = Pattern.compile("(?:.*\\.)?(?:[0-9]+|0[xX][0-9a-fA-F]*)\\.?");

    private static final Pattern PLAIN_IPV4 = Pattern.compile("(?:(?:0|[1-9][0-9]{0,2})\\.){3}(?:0|[1-9][0-9]{0,2})");
    private static final Pattern NAME =
            Pattern.compile("(?=.{1,253}$)(?:[a-z0-9_][a-z0-9_-]{0,62}\\.)*[a-z0-9_][a-z0-9_-]{0,62}");

    private UrlReading() {}

    /// @return [Cleared] without addresses, or [Refused]
    static Clearance read(String text) {
        if (text.length() > LONGEST) {
            return new Refused("The URL is longer than " + LONGEST + " characters.");
        }
        if (!VISIBLE_ASCII.matcher(text).matches()) {
            return new Refused("The URL has characters other than visible ASCII; write names in other scripts in"
                    + " their ASCII form and everything else percent-encoded.");
        }
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException _) {
            return new Refused("The URL cannot be read.");
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !scheme.equals("http")) {
            return new Refused("The URL must start with https:// or http://.");
        }
        String authority = uri.getRawAuthority();
        if (authority == null) {
            return new Refused("The URL names no host.");
        }
        if (authority.indexOf('@') >= 0) {
            return new Refused("The URL must not carry a user name or password.");
        }
        if (uri.getRawFragment() != null) {
            return new Refused("The URL must not have a fragment (#...).");
        }
        return host(scheme.equals("https"), authority.toLowerCase(Locale.ROOT), target(uri));
    }

    private static String target(URI uri) {
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
    }

    private static Clearance host(boolean tls, String authority, String target) {
        int bracket = authority.indexOf(']');
        int colon = authority.indexOf(':', Math.max(0, bracket));
        String host = colon < 0 ? authority : authority.substring(0, colon);
        int port = colon < 0 ? (tls ? 443 : 80) : port(authority.substring(colon + 1));
        if (port != 80 && port != 443 && (port < LOWEST_OPEN_PORT || port > HIGHEST_PORT)) {
            return new Refused("The URL's port must be 80, 443, or from " + LOWEST_OPEN_PORT + " to " + HIGHEST_PORT
                    + "; the others belong to services that are not webhooks.");
        }
        if (host.startsWith("[")) {
            return ipv6(tls, host, port, target);
        }
        if (ENDS_IN_NUMBER.matcher(host).matches()) {
            return ipv4(tls, host, port, target);
        }
        // A dot at the end is no part of the name that certificates and receivers know.
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        if (!NAME.matcher(name).matches()) {
            return new Refused("The URL's host is no name that can be looked up.");
        }
        return new Cleared(new WebhookUrl(tls, name, port, target, null), List.of());
    }

    /// @return -1 for what is no number, and for none behind a colon, which readers take differently
    private static int port(String digits) {
        return digits.matches("[1-9][0-9]{0,4}") ? Integer.parseInt(digits) : -1;
    }

    private static Clearance ipv4(boolean tls, String host, int port, String target) {
        if (PLAIN_IPV4.matcher(host).matches()) {
            try {
                return new Cleared(new WebhookUrl(tls, host, port, target, InetAddress.ofLiteral(host)), List.of());
            } catch (IllegalArgumentException _) {
                // A part above 255.
            }
        }
        return new Refused("The URL's host ends in a number, so it must be an IPv4 address of four decimal numbers"
                + " without leading zeros.");
    }

    private static Clearance ipv6(boolean tls, String host, int port, String target) {
        String inside = host.endsWith("]") ? host.substring(1, host.length() - 1) : "";
        if (inside.indexOf(':') >= 0 && inside.indexOf('%') < 0) {
            try {
                InetAddress address = InetAddress.ofLiteral(inside);
                InetAddress asWritten =
                        address instanceof Inet6Address ? address : ForbiddenRange.writtenAsIpv6(address);
                return new Cleared(new WebhookUrl(tls, asWritten.getHostAddress(), port, target, asWritten), List.of());
            } catch (IllegalArgumentException _) {
                // Falls through.
            }
        }
        return new Refused("The URL's host in brackets is no IPv6 address.");
    }
}
