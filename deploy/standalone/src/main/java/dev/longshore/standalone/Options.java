package dev.longshore.standalone;

import dev.longshore.standalone.arguments.Arguments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What was asked for on the command line.
///
/// @param data where everything is kept
/// @param port of the first API; the next ones count up from it
/// @param fresh whether what an earlier run left is deleted first
/// @param verbose whether every line of the children is shown
/// @param apis how many API processes
/// @param workers how many worker processes
/// @param apiJar the API's `quarkus-run.jar`
/// @param workerJar the worker's `quarkus-run.jar`
/// @param simulatorClasspath what the simulator runs from
/// @param simulatorScript what the simulator is told at start, if anything
/// @param sharedBuffers memory that PostgreSQL keeps pages in
/// @param apiHeap, workerHeap heap of each such process, as `-Xmx` takes it
public record Options(
        Path data,
        int port,
        boolean fresh,
        boolean verbose,
        int apis,
        int workers,
        Path apiJar,
        Path workerJar,
        String simulatorClasspath,
        @Nullable Path simulatorScript,
        String sharedBuffers,
        String apiHeap,
        String workerHeap) {
    /// What the options are, for people.
    public static final String USAGE = """
            usage: scripts/start [options]
              --data DIR           where everything is kept (default: .longshore in the checkout)
              --port N             port of the API on the loopback address (default: 8080)
              --fresh              delete what an earlier run left there first
              --verbose            show every line of every process, not only warnings and Longshore's own
              --apis N             number of API processes, on ports counting up from --port (default: 1)
              --workers N          number of worker processes (default: 1)
              --shared-buffers S   PostgreSQL's page memory (default: 256MB)
              --api-heap S         heap of each API process (default: 256m)
              --worker-heap S      heap of each worker process (default: 512m)
              --simulator-script F what the simulated provider does (JSON; default: it answers at once)
            LONGSHORE_CONFIG names the operator's file; without it the only provider is the simulator.
            LONGSHORE_BOOTSTRAP_KEY sets the API key instead of a random one.""";

    /// Options that take a value.
    public static final Set<String> VALUED = Set.of(
            "home",
            "data",
            "port",
            "apis",
            "workers",
            "api-jar",
            "worker-jar",
            "simulator-classpath",
            "simulator-script",
            "shared-buffers",
            "api-heap",
            "worker-heap");
    /// Options that take none.
    public static final Set<String> FLAGS = Set.of("fresh", "verbose");

    private static final int MOST_PROCESSES = 64;
    private static final int LARGEST_PORT = 65_535;

    /// Reads them; what is left out is found in the checkout that `--home` names.
    ///
    /// @throws Arguments.Refused when they do not fit together; the message says how
    public static Options of(Arguments arguments) {
        Path home = arguments.path("home").orElse(Path.of("").toAbsolutePath());
        int apis = arguments.number("apis", 1, 1, MOST_PROCESSES);
        return new Options(
                arguments.path("data").orElse(home.resolve(".longshore")),
                arguments.number("port", 8080, 1, LARGEST_PORT - apis + 1),
                arguments.has("fresh"),
                arguments.has("verbose"),
                apis,
                arguments.number("workers", 1, 0, MOST_PROCESSES),
                arguments.path("api-jar").orElse(home.resolve("api-service/target/quarkus-app/quarkus-run.jar")),
                arguments.path("worker-jar").orElse(home.resolve("worker-service/target/quarkus-app/quarkus-run.jar")),
                arguments
                        .text("simulator-classpath")
                        .orElseGet(() -> packaged(home.resolve("deploy/simulator/target"))),
                arguments.path("simulator-script").orElse(null),
                arguments.text("shared-buffers").orElse("256MB"),
                arguments.text("api-heap").orElse("256m"),
                arguments.text("worker-heap").orElse("512m"));
    }

    private static String packaged(Path target) {
        if (!Files.isDirectory(target)) return "";
        try (Stream<Path> files = Files.list(target)) {
            return files.filter(file ->
                            file.getFileName().toString().matches("longshore-simulator-[^-]*(-SNAPSHOT)?\\.jar"))
                    .findFirst()
                    .map(jar -> jar + System.getProperty("path.separator") + target.resolve("lib") + "/*")
                    .orElse("");
        } catch (IOException e) {
            throw new Arguments.Refused(target + " cannot be read: " + e.getMessage());
        }
    }
}
