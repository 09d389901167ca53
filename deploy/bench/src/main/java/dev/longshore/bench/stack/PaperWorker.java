package dev.longshore.bench.stack;

import dev.longshore.attempt.Answer;
import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.attempt.Reply;
import dev.longshore.attempt.Usage;
import dev.longshore.job.ClaimedJob;
import dev.longshore.job.JobId;
import dev.longshore.job.JobStore;
import dev.longshore.job.Settlement;
import dev.longshore.job.Verdict;
import dev.longshore.lease.WorkerLease;
import dev.longshore.money.Usd;
import dev.longshore.outbox.Outbox;
import dev.longshore.outbox.TenantNames;
import dev.longshore.road.EventRelay;
import dev.longshore.road.EventSender;
import dev.longshore.road.RoadClients;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.Producer;

/// Does to jobs what a worker does, by the same doors, and when it is told to: so that it is known to the microsecond
/// when something has happened to a job.
public final class PaperWorker implements AutoCloseable {
    private static final Duration LEASE = Duration.ofMinutes(30);
    private static final int GROUP = 200;
    private static final String ON_ITS_LANE = """
            UPDATE job_run
               SET dispatched_at = coalesce(dispatched_at, now())
             WHERE job_id = ANY (?)
            """;
    private static final String RESULT =
            "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"" + "word ".repeat(200) + "\"}}]}";

    private final OneConnection own;
    private final OneConnection ofRelay;
    private final Producer<byte[], byte[]> producer;
    private final EventSender voice;
    private final EventRelay relay;
    private final JobStore store;
    private final int worker;

    public PaperWorker(RunningStack stack) throws SQLException {
        own = stack.database().single();
        ofRelay = stack.database().single();
        producer = RoadClients.producer(Map.of("bootstrap.servers", stack.brokers()), "longshore-bench");
        voice = new EventSender(producer);
        relay = new EventRelay(
                new Outbox(ofRelay),
                new TenantNames(ofRelay),
                voice,
                Thread.ofPlatform().daemon().name("bench-relay").factory());
        relay.start();
        store = new JobStore(own, relay);
        worker = new WorkerLease(own, LEASE).join("bench", 1);
    }

    /// Claims the jobs, in the order in which they are named.
    public List<ClaimedJob> claim(List<String> jobs) throws SQLException {
        List<ClaimedJob> claimed = new ArrayList<>();
        for (int from = 0; from < jobs.size(); from += GROUP) {
            List<UUID> group = jobs.subList(from, Math.min(jobs.size(), from + GROUP)).stream()
                    .map(id -> JobId.parse(id).orElseThrow().uuid())
                    .toList();
            try (Connection connection = own.getConnection();
                    PreparedStatement statement = connection.prepareStatement(ON_ITS_LANE)) {
                statement.setArray(1, connection.createArrayOf("uuid", group.toArray()));
                statement.executeUpdate();
            }
            claimed.addAll(store.claim(worker, group));
        }
        if (claimed.size() != jobs.size()) {
            throw new BenchFailed("only " + claimed.size() + " of " + jobs.size() + " jobs were to be claimed");
        }
        return claimed;
    }

    /// Says something, as the call of a claim.
    ///
    /// @param count which piece it is, from 1
    public void say(ClaimedJob job, int count, String text) {
        voice.token("default", job.id(), job.epoch(), count, text, job.claimedAt());
    }

    /// Completes the jobs; returns once that is committed.
    public void complete(List<ClaimedJob> jobs, Instant now) throws SQLException {
        Usage usage = new Usage(200, 0, 200);
        Answer answer = new Answer(
                RESULT, usage, "bench", Duration.ofMillis(1), new Reply(200, "bench", null, Duration.ofMillis(1)));
        List<Verdict> verdicts = new ArrayList<>();
        for (ClaimedJob job : jobs) {
            verdicts.add(new Verdict(
                    job,
                    new Settlement.Complete(answer),
                    new Verdict.Call(
                            "bench",
                            "bench",
                            job.claimedAt(),
                            now,
                            new AttemptOutcome.Answered(answer),
                            usage,
                            Usd.ZERO,
                            Usd.ZERO)));
        }
        store.settle(verdicts, 0);
    }

    @Override
    public void close() throws SQLException {
        relay.close();
        producer.close(Duration.ofSeconds(2));
        own.close();
        ofRelay.close();
    }
}
