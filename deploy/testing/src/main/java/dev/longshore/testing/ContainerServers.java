package dev.longshore.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/// The servers as containers, removed by Testcontainers when this JVM ends.
final class ContainerServers {
    private ContainerServers() {}

    /// Whether a Docker engine answers. Looks for its address first: Testcontainers, once touched, complains loudly
    /// when there is none.
    static boolean available() {
        return engineIsLikely() && DockerClientFactory.instance().isDockerAvailable();
    }

    /// Starts them and returns when they answer. The images are named by the system properties
    /// `longshore.postgres.image` and
    /// `longshore.kafka.image`.
    @SuppressWarnings("resource") // They live as long as this JVM.
    static ServerAddresses start() {
        var postgres = new PostgreSQLContainer(image("longshore.postgres.image", "postgres:18-alpine", "postgres"))
                .withDatabaseName("longshore")
                .withUsername("postgres")
                .withPassword("postgres")
                .withCommand("postgres", "-c", "fsync=off", "-c", "max_connections=200");
        var kafka = new KafkaContainer(
                        image("longshore.kafka.image", "apache/kafka-native:4.3.1", "apache/kafka-native"))
                .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false");
        postgres.start();
        kafka.start();
        return new ServerAddresses(
                postgres.getJdbcUrl(), postgres.getUsername(), postgres.getPassword(), kafka.getBootstrapServers());
    }

    private static DockerImageName image(String property, String standard, String compatible) {
        return DockerImageName.parse(System.getProperty(property, standard)).asCompatibleSubstituteFor(compatible);
    }

    private static boolean engineIsLikely() {
        return Optional.ofNullable(System.getenv("DOCKER_HOST"))
                        .filter(host -> !host.isBlank())
                        .isPresent()
                || Stream.of(
                                "/var/run/docker.sock",
                                System.getProperty("user.home") + "/.docker/run/docker.sock",
                                System.getenv().getOrDefault("XDG_RUNTIME_DIR", "/nowhere") + "/docker.sock")
                        .map(Path::of)
                        .anyMatch(Files::exists);
    }
}
