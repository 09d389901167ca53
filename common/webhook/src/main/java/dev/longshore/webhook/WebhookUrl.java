package dev.longshore.webhook;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/// A URL that has the form of a webhook's. Whether its address may be called is for [UrlCheck] to say.
///
/// @param tls whether the scheme is `https`
/// @param host a name in lower case, or an address without brackets
/// @param port 80, 443, or 1024 and above
/// @param target path and query as they are sent
/// @param literal the address, if the host is one
public record WebhookUrl(
        boolean tls,
        String host,
        int port,
        String target,
        @Nullable InetAddress literal) {
    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    /// The value of the `Host` header.
    String authority() {
        String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return port == (tls ? HTTPS : HTTP) ? name : name + ":" + port;
    }

    /// Scheme, host and port: calls that share it go to one receiver.
    public String origin() {
        return (tls ? "https://" : "http://") + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
