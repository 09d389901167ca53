package dev.longshore.rig;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Callers that race each other with one idempotency key.
@Timeout(120)
class SameKeyTest extends Broken {
    @Test
    void aHundredPostsOverTwoApisMakeOneJob() throws Exception {
        cluster.api(2).start();
        String key = "race-" + UUID.randomUUID();
        List<Callable<Client.Answer>> posts = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Service api = cluster.api(1 + i % 2);
            posts.add(() -> cluster.client().submit(api, Client.chat("standard", "once and only once"), key));
        }
        List<Client.Answer> answers = new ArrayList<>();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Client.Answer> answer : executor.invokeAll(posts)) {
                answers.add(answer.get());
            }
        }

        assertThat(answers).hasSize(100).extracting(Client.Answer::status).containsOnly(200, 202);
        assertThat(answers.stream().filter(answer -> answer.status() == 202)).hasSize(1);
        assertThat(answers.stream().filter(answer -> answer.status() == 200))
                .allSatisfy(answer -> assertThat(answer.headers().firstValue("Idempotency-Replayed"))
                        .contains("true"));
        assertThat(answers.stream().map(Client.Answer::jobId).distinct()).hasSize(1);
        allIsWellInTheEnd();
        assertThat(calls()).isEqualTo(1);
    }
}
