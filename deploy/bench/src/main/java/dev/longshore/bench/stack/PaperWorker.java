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
import dev.longshore.lane.Lane;
import dev.longshore.lease.WorkerLease;
import dev.longshore.money.Usd;
import dev.longshore.outbox.Outbox;
import dev.longshore.outbox.TenantNames;
import dev.longshore.road.EventRelay;
import dev.longshore.road.EventSender;
import dev.longshore.road.RoadClients;
import io.agroal.api.AgroalDataSource;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.Producer;

/// Does to jobs what a worker does, by the same doors, and when it is told to: so that it is known to the microsecond
/// when something has happened to a job. For one thread.
public final class PaperWorker implements AutoCloseable {
    private static final Duration LEASE = Duration.ofMinutes(30);
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    /// Its own, and the relay's.
    private static final int CONNECTIONS = 2;

    private static final String RESULT =
            "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"" + "word ".repeat(200) + "\"}}]}";

    private final AgroalDataSource database;
    private final Producer<byte[], byte[]> producer;
    private final EventSender voice;
    private final EventRelay relay;
    private final JobStore store;
    private final WorkerLease lease;
    private final int worker;

    public PaperWorker(RunningStack stack) throws SQLException {
        database = stack.database().pool(CONNECTIONS);
        producer = RoadClients.producer(Map.of("bootstrap.servers", stack.brokers()), "longshore-bench");
        voice = new EventSender(producer);
        relay = new EventRelay(
                new Outbox(database),
                new TenantNames(database),
                voice,
                Thread.ofPlatform().daemon().name("bench-relay").factory());
        relay.start();
        store = new JobStore(database, relay);
        lease = new WorkerLease(database, LEASE);
        worker = lease.join("bench", 1);
    }

    /// Claims the jobs, which must be all of the standard lane.
    ///
    /// @return in the order in which they are named
    public List<ClaimedJob> claim(List<String> jobs) throws SQLException {
        List<JobId> ids = jobs.stream().map(id -> JobId.parse(id).orElseThrow()).toList();
        List<UUID> uuids = ids.stream().map(JobId::uuid).toList();
        // Those that the API did not put on the lane itself.
        store.feed(Lane.STANDARD, jobs.size(), 0);
        Map<JobId, ClaimedJob> claimed = new HashMap<>();
        store.claim(worker, uuids).forEach(job -> claimed.put(job.id(), job));
        if (claimed.size() != jobs.size()) {
            throw new BenchFailed("only " + claimed.size() + " of " + jobs.size() + " jobs were to be claimed");
        }
        return ids.stream().map(claimed::get).toList();
    }

    /// Says something, as the call of a claim.
    ///
    /// @param count which piece it is, from 1
    public void say(ClaimedJob job, int count, String text) {
        voice.token("default", job.id(), job.epoch(), count, text, job.claimedAt());
    }

    /// Completes the job; returns once that is committed.
    public void complete(ClaimedJob job, Instant now) throws SQLException {
        Usage usage = new Usage(200, 0, 200);
        Duration took = Duration.ofMillis(1);
        Answer answer = new Answer(RESULT, usage, "bench", took, new Reply(200, "bench", null, took));
        Verdict.Call call = new Verdict.Call(
                "bench", "bench", job.claimedAt(), now, new AttemptOutcome.Answered(answer), usage, Usd.ZERO, Usd.ZERO);
        store.settle(List.of(new Verdict(job, new Settlement.Complete(answer), call)), 0);
    }

    @Override
    public void close() throws SQLException {
        relay.close();
        producer.close(LAST_WORDS);
        lease.leave(worker);
        database.close();
    }
}
