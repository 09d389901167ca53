package dev.longshore.standalone;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/// Takes a service's place in tests of the supervisor: says that it is ready, tells its environment to whoever
/// asks, and ends in an orderly way on `SIGTERM`.
public final class StandIn {
    private StandIn() {}

    public static void main(String[] args) throws IOException {
        var address = new InetSocketAddress(
                InetAddress.getLoopbackAddress(), Integer.parseInt(System.getenv("QUARKUS_HTTP_PORT")));
        HttpServer server = HttpServer.create(address, 0);
        server.createContext("/q/health/ready", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.createContext("/environment", exchange -> {
            byte[] names = String.join("\n", environment()).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, names.length);
            exchange.getResponseBody().write(names);
            exchange.close();
        });
        server.start();
        System.out.println("2026-01-01 00:00:00,000 INFO  [dev.longshore.StandIn] (main) stands in");
    }

    /// Packs this class as a program of its own, as the services are packed.
    static Path pack(Path folder) throws IOException {
        Path jar = folder.resolve("stand-in.jar");
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, StandIn.class.getName());
        String entry = StandIn.class.getName().replace('.', '/') + ".class";
        try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest);
                var code = StandIn.class.getResourceAsStream("/" + entry)) {
            out.putNextEntry(new JarEntry(entry));
            code.transferTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return jar;
    }

    private static List<String> environment() {
        return System.getenv().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(variable -> variable.getKey() + "=" + variable.getValue())
                .toList();
    }
}
