package dev.longshore.cli.server;

import java.net.URI;
import java.net.URISyntaxException;

/// Where a server is.
///
/// @param base scheme, host, port and perhaps a path, without a slash at the end
public record Address(String base) {

    /// Reads what was typed.
    ///
    /// @throws IllegalArgumentException when no server can be there; the message says why
    public static Address of(String text) {
        String base = text.strip().replaceAll("/+$", "");
        try {
            URI uri = new URI(base);
            if (!"http".equalsIgnoreCase(uri.getScheme()) && !"https".equalsIgnoreCase(uri.getScheme())
                    || uri.getHost() == null) {
                throw new IllegalArgumentException("a base URL looks like http://127.0.0.1:8080 or https://host/path");
            }
            if (uri.getRawUserInfo() != null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
                throw new IllegalArgumentException("a base URL has neither user, query nor fragment");
            }
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("that is no URL: " + e.getReason());
        }
        return new Address(base);
    }

    /// A path of the API there, with its query.
    URI at(String path) {
        return URI.create(base + path);
    }

    /// Whether the server is on this very machine, judged by its name.
    boolean isLoopback() {
        String host = URI.create(base).getHost();
        return host.equals("localhost") || host.equals("[::1]") || host.matches("127(\\.[0-9]{1,3}){3}");
    }
}
