package dev.longshore.rig;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// One API or worker process. Each start takes a fresh port.
///
/// For one thread at a time, but for [#address].
public final class Service {
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(2);
    private static final Duration LEARNING_LIMIT = Duration.ofMinutes(2);

    private final Member member;
    private final Supplier<List<String>> command;
    private final QuickStart quickStart;
    private final Map<String, String> environment;
    private final HttpClient http;
    private boolean asUsual = true;
    private volatile URI address = URI.create("http://127.0.0.1:1");

    /// @param command as it is at each start
    Service(
            Member member,
            Supplier<List<String>> command,
            QuickStart quickStart,
            Map<String, String> environment,
            HttpClient http) {
        this.member = member;
        this.command = command;
        this.quickStart = quickStart;
        this.environment = Map.copyOf(environment);
        this.http = http;
    }

    /// Its process.
    public Member process() {
        return member;
    }

    /// Where it listens, without a slash at the end.
    public URI address() {
        return address;
    }

    /// Starts it and returns at once.
    ///
    /// @param more environment variables for this start alone
    public Member begin(Map<String, String> more) {
        return begin(command.get(), more);
    }

    /// Whether it was last started without environment variables of its own.
    boolean isAsUsual() {
        return asUsual;
    }

    private Member begin(List<String> words, Map<String, String> more) {
        asUsual = more.isEmpty();
        int port = Ports.steady();
        address = URI.create("http://127.0.0.1:" + port);
        var all = new HashMap<>(environment);
        all.put("QUARKUS_HTTP_PORT", Integer.toString(port));
        all.putAll(more);
        member.begin(words, all, this::saysReady);
        return member;
    }

    /// Starts it for the sake of later starts, ends it, and returns when the JVM has written down what it remembers. A
    /// machine on which that takes too long goes without.
    void learnToStart() {
        List<String> words = new ArrayList<>(command.get());
        words.addAll(1, quickStart.learning());
        begin(words, Map.of()).awaitReady().askToEnd();
        if (!member.ended(LEARNING_LIMIT)) {
            member.kill();
            quickStart.forget();
        }
    }

    /// Starts it and returns when it is ready.
    public Service start() {
        begin(Map.of()).awaitReady();
        return this;
    }

    /// The sum of a Prometheus counter over all its labels, 0 if it was never counted.
    ///
    /// @param name as it is scraped: `longshore_attempt_fenced_total`
    public double counter(String name) {
        try {
            String text = http.send(
                            HttpRequest.newBuilder(URI.create(address + "/q/metrics"))
                                    .timeout(ANSWER_LIMIT)
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
            return text.lines()
                    .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        } catch (IOException _) {
            // It is just not to be asked now.
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// Whether its readiness check is answered with a yes.
    public boolean saysReady() {
        return health().map(answer -> answer.statusCode() == 200).orElse(false);
    }

    /// Whether an API knows how full the lanes are, without which it puts no ticket on them.
    public boolean seesTheLanes() {
        return health().map(answer -> answer.body().contains("\"kafka\": \"up\""))
                .orElse(false);
    }

    private Optional<HttpResponse<String>> health() {
        var request = HttpRequest.newBuilder(URI.create(address + "/q/health/ready"))
                .timeout(ANSWER_LIMIT)
                .build();
        try {
            return Optional.of(http.send(request, HttpResponse.BodyHandlers.ofString()));
        } catch (IOException _) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
