package dev.longshore.cli.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpHeaders;

/// What the server answered when it did what it was asked.
public record Reply(int status, HttpHeaders headers, JsonNode body) {
    /// A header; empty when it is absent.
    public String header(String name) {
        return headers.firstValue(name).orElse("");
    }
}
