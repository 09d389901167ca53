package dev.longshore.bench.load;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/// What is posted, and where.
///
/// @param port on the loopback address
/// @param request head and body, made once
public record Target(int port, Buffer request) {
    /// A request with a JSON body.
    ///
    /// @param key the API key
    public static Target post(int port, String path, String key, String json) {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        Buffer request = Buffer.buffer("POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + key
                        + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length + "\r\n\r\n")
                .appendBytes(body);
        return new Target(port, request);
    }

    // The request holds a key.
    @Override
    public String toString() {
        return "port " + port;
    }
}
