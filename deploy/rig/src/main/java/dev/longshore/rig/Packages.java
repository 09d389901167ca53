package dev.longshore.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The packaged programs of a checkout and the commands that run them.
///
/// @param home the checkout
record Packages(Path home) {
    /// The checkout that the build names, or the one above the working folder.
    static Packages found() {
        String configured = System.getProperty("longshore.home");
        if (configured != null) {
            return new Packages(Path.of(configured));
        }
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.isDirectory(folder.resolve("deploy/rig"))) {
                return new Packages(folder);
            }
        }
        throw new IllegalStateException("set the system property longshore.home to the checkout");
    }

    List<String> api() {
        return service(quickStart("api"));
    }

    List<String> worker() {
        return service(quickStart("worker"));
    }

    /// @param kind `api` or `worker`
    QuickStart quickStart(String kind) {
        return new QuickStart(
                home.resolve(kind + "-service/target/quarkus-app/quarkus-run.jar"),
                home.resolve("deploy/rig/target/quick-starts/" + kind + ".aot"));
    }

    List<String> broker(String heap) {
        Path target = home.resolve("deploy/standalone/target");
        try (Stream<Path> files = Files.list(target)) {
            Path jar = files.filter(file -> file.getFileName().toString().matches("longshore-standalone-.*\\.jar"))
                    .findFirst()
                    .orElseThrow(() -> missing(target.resolve("longshore-standalone.jar")));
            var command = java(heap);
            command.addAll(List.of(
                    "-cp",
                    jar + System.getProperty("path.separator") + target.resolve("lib/*"),
                    "dev.longshore.standalone.servers.Broker"));
            return command;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> service(QuickStart quick) {
        if (!Files.exists(quick.jar())) {
            throw missing(quick.jar());
        }
        var command = java("256m");
        command.addAll(quick.options());
        command.addAll(List.of("-jar", quick.jar().toString()));
        return command;
    }

    private static List<String> java(String heap) {
        return new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-XX:+UseSerialGC",
                // These processes live for seconds: a quick start is worth more than quick code.
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED"));
    }

    private static IllegalStateException missing(Path file) {
        return new IllegalStateException(file + " is missing: package its module first (scripts/test does)");
    }
}
