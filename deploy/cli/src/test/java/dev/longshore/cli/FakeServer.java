package dev.longshore.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.longshore.cli.job.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A server that answers as the HTTP contract says, with what it was told to answer, and remembers what it was asked.
final class FakeServer implements AutoCloseable {
    static final String KEY = "sk-longshore-not-to-be-shown";

    /// A call as it came in.
    record Call(String method, String path, String query, Map<String, String> headers, String body) {
        JsonNode json() {
            return Json.read(body).orElseThrow(() -> new AssertionError("no JSON: " + body));
        }

        String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    /// What is answered.
    @FunctionalInterface
    interface Answer {
        void to(HttpExchange exchange) throws IOException, InterruptedException;
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Deque<Answer>> answers = new ConcurrentHashMap<>();
    private final List<Call> calls = new CopyOnWriteArrayList<>();

    FakeServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /// The next answer to such a call; the last one that was given is repeated.
    FakeServer on(String methodAndPath, Answer answer) {
        answers.computeIfAbsent(methodAndPath, _ -> new ArrayDeque<>()).add(answer);
        return this;
    }

    FakeServer on(String methodAndPath, int status, String json) {
        return on(methodAndPath, json(status, json, Map.of()));
    }

    static Answer json(int status, String json, Map<String, String> headers) {
        return exchange -> {
            headers.forEach(exchange.getResponseHeaders()::set);
            send(exchange, status, "application/json", json);
        };
    }

    /// The one error shape of the contract.
    static Answer error(int status, String code, String message, String more) {
        return json(status, """
                {"error":{"code":"%s","type":"t","message":"%s","param":null,"details":{},"retryable":false,"trace_id":"trace-1"%s}}""".formatted(code, message, more), Map.of("X-Request-Id", "req_1"));
    }

    static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
    }

    List<Call> calls() {
        return List.copyOf(calls);
    }

    List<Call> calls(String methodAndPath) {
        return calls.stream()
                .filter(call -> (call.method() + " " + call.path()).equals(methodAndPath))
                .toList();
    }

    Call onlyCall() {
        if (calls.size() != 1) {
            throw new AssertionError("one call was expected: " + calls);
        }
        return calls.getFirst();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try {
            Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.getFirst()));
            String path = exchange.getRequestURI().getRawPath();
            String query = exchange.getRequestURI().getQuery();
            calls.add(new Call(
                    exchange.getRequestMethod(),
                    path,
                    query == null ? "" : query,
                    headers,
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
            // Who throws wants the connection to end as it is, in the middle of an answer if need be.
            answerTo(exchange, headers, exchange.getRequestMethod() + " " + path);
            exchange.close();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void answerTo(HttpExchange exchange, Map<String, String> headers, String what)
            throws IOException, InterruptedException {
        if (!("Bearer " + KEY).equals(headers.get("Authorization"))) {
            error(401, "UNAUTHENTICATED", "This call needs an API key.", "").to(exchange);
            return;
        }
        Deque<Answer> ready = answers.get(what);
        if (ready == null) {
            error(404, "NOT_FOUND", "There is nothing at this path.", "").to(exchange);
            return;
        }
        Answer answer;
        synchronized (ready) {
            answer = ready.size() > 1 ? ready.removeFirst() : ready.getFirst();
        }
        answer.to(exchange);
    }
}
