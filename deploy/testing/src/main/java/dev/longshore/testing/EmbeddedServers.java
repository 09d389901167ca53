package dev.longshore.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The servers as one child process with a class path of its own: Kafka's libraries and Quarkus's must not meet in one
/// JVM.
final class EmbeddedServers {
    private static final int START_SECONDS = 120;
    private static final int STOP_SECONDS = 20;

    private EmbeddedServers() {}

    /// Starts them and returns when they answer. They end with this JVM, however it ends.
    static ServerAddresses start() {
        try {
            Path errors = Files.createTempFile("longshore-test-servers-", ".log");
            errors.toFile().deleteOnExit();
            Process process =
                    new ProcessBuilder(command()).redirectError(errors.toFile()).start();
            // The child stops when it can read no more from us; waiting for its end leaves no server behind after the
            // tests.
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(process), "stop the test servers"));
            return ServerAddresses.parse(firstLine(process, errors));
        } catch (IOException e) {
            throw new UncheckedIOException("the test servers could not be started", e);
        }
    }

    private static String firstLine(Process process, Path errors) throws IOException {
        var ready = CompletableFuture.supplyAsync(() -> readLine(process)).orTimeout(START_SECONDS, TimeUnit.SECONDS);
        String line;
        try {
            line = ready.join();
        } catch (CompletionException e) {
            process.destroyForcibly();
            throw new IOException("the test servers did not answer: " + Files.readString(errors), e.getCause());
        }
        if (line == null) throw new IOException("the test servers ended: " + Files.readString(errors));
        return line;
    }

    private static @Nullable String readLine(Process process) {
        try {
            BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
            return reader.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void stop(Process process) {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) process.destroyForcibly();
        } catch (IOException _) {
            process.destroy();
        } catch (InterruptedException _) {
            process.destroy();
            Thread.currentThread().interrupt();
        }
    }

    private static List<String> command() throws IOException {
        Path target = home().resolve("deploy/standalone/target");
        Path jar = jar(target);
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx320m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                jar
                        + System.getProperty("path.separator")
                        + target.resolve("lib").resolve("*"),
                "dev.longshore.standalone.servers.TestServers");
    }

    private static Path jar(Path target) throws IOException {
        if (Files.isDirectory(target.resolve("lib"))) {
            try (Stream<Path> files = Files.list(target)) {
                var jar = files.filter(file -> file.getFileName().toString().matches("longshore-standalone-.*\\.jar"))
                        .filter(file -> !file.toString().endsWith("-sources.jar"))
                        .findFirst();
                if (jar.isPresent()) return jar.get();
            }
        }
        throw new IOException(
                "the servers are not built: package the module deploy/standalone first (looked into " + target + ")");
    }

    private static Path home() throws IOException {
        String configured = System.getProperty("longshore.home");
        if (configured != null) return Path.of(configured);
        // Started from an editor instead of the build: the checkout is somewhere above.
        Path here = Path.of("").toAbsolutePath();
        for (Path folder = here; folder != null; folder = folder.getParent()) {
            if (Files.isDirectory(folder.resolve("deploy/standalone"))) return folder;
        }
        throw new IOException("set the system property longshore.home to the checkout: it is not above " + here);
    }
}
