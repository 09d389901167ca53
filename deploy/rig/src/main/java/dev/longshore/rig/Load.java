package dev.longshore.rig;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/// Callers who submit jobs and do not take no for an answer: each job has an idempotency key and is
/// submitted again until somebody promises to do it. Every answer that was no promise is counted.
public final class Load {
    private static final long PAUSE_AFTER_REFUSAL_MS = 100;
    private static final int ACCEPTED = 202;

    private final Client client;
    private final Supplier<Service> api;
    private final IntFunction<JsonNode> job;
    private final String keys = UUID.randomUUID().toString();
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger promised = new AtomicInteger();
    private final Map<String, Integer> refusals = new ConcurrentHashMap<>();
    private final CountDownLatch never = new CountDownLatch(1);

    /// @param api asked for each try
    /// @param job the job of each number, from 0
    public Load(Client client, Supplier<Service> api, IntFunction<JsonNode> job) {
        this.client = client;
        this.api = api;
        this.job = job;
    }

    /// Submits jobs from several threads.
    ///
    /// @return completes when all of them are promised
    public CompletableFuture<Void> submit(int jobs, int threads) {
        var executor = Executors.newVirtualThreadPerTaskExecutor();
        var callers = new CompletableFuture<?>[threads];
        for (int i = 0; i < threads; i++) {
            callers[i] = CompletableFuture.runAsync(() -> submitUntil(jobs), executor);
        }
        return CompletableFuture.allOf(callers).whenComplete((_, _) -> executor.shutdown());
    }

    /// Jobs promised so far.
    public int promised() {
        return promised.get();
    }

    /// How often each answer came that was no promise: an error code with its status, or `no answer`.
    public Map<String, Integer> refusals() {
        return Map.copyOf(refusals);
    }

    private void submitUntil(int jobs) {
        for (int number = next.getAndIncrement(); number < jobs; number = next.getAndIncrement()) {
            JsonNode body = job.apply(number);
            while (!isPromised(body, keys + "-" + number)) {
                pause();
            }
            promised.incrementAndGet();
        }
    }

    private boolean isPromised(JsonNode body, String key) {
        try {
            Client.Answer answer = client.submit(api.get(), body, key);
            if (answer.status() == ACCEPTED || answer.status() == 200) {
                return true;
            }
            refusals.merge(answer.status() + " " + answer.errorCode(), 1, Integer::sum);
        } catch (IOException _) {
            refusals.merge("no answer", 1, Integer::sum);
        }
        return false;
    }

    private void pause() {
        try {
            never.await(PAUSE_AFTER_REFUSAL_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
