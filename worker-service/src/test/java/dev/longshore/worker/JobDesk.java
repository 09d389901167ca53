package dev.longshore.worker;

import static dev.longshore.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.Accepted;
import dev.longshore.job.JobId;
import dev.longshore.job.JobStore;
import dev.longshore.job.NewJob;
import dev.longshore.lane.Lane;
import dev.longshore.road.TicketSender;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;

/// Stands in for the API in tests: accepts jobs, sends their tickets, and looks up what became of them.
@ApplicationScoped
public class JobDesk {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final AtomicLong NUMBER = new AtomicLong();

    private final JobStore store;
    private final DataSource database;
    private final TicketSender sender;

    JobDesk(JobStore store, DataSource database, Producer<byte[], byte[]> producer) {
        this.store = store;
        this.database = database;
        this.sender = new TicketSender(producer);
    }

    /// What is asked of a job beyond its prompt.
    record Wish(
            Lane lane,
            int maxAttempts,
            Duration deadline,
            @Nullable Instant runAt,
            boolean failOnUnknown,
            boolean direct,
            @Nullable String options,
            boolean streamed) {
        static final Wish ORDINARY = new Wish(Lane.STANDARD, 3, Duration.ofMinutes(5), null, false, true, null, false);

        Wish on(Lane other) {
            return new Wish(other, maxAttempts, deadline, runAt, failOnUnknown, direct, options, streamed);
        }

        Wish within(Duration other) {
            return new Wish(lane, maxAttempts, other, runAt, failOnUnknown, direct, options, streamed);
        }

        Wish attempts(int other) {
            return new Wish(lane, other, deadline, runAt, failOnUnknown, direct, options, streamed);
        }

        Wish at(Instant other) {
            return new Wish(lane, maxAttempts, deadline, other, failOnUnknown, direct, options, streamed);
        }

        Wish neverTwice() {
            return new Wish(lane, maxAttempts, deadline, runAt, true, direct, options, streamed);
        }

        Wish withOptions(String other) {
            return new Wish(lane, maxAttempts, deadline, runAt, failOnUnknown, direct, other, streamed);
        }

        Wish throughTheBacklog() {
            return new Wish(lane, maxAttempts, deadline, runAt, failOnUnknown, false, options, streamed);
        }

        Wish asAStream() {
            return new Wish(lane, maxAttempts, deadline, runAt, failOnUnknown, direct, options, true);
        }
    }

    DataSource database() {
        return database;
    }

    JobId submit(String prompt) throws SQLException {
        return submit(prompt, Wish.ORDINARY);
    }

    JobId submit(String prompt, Wish wish) throws SQLException {
        return submit(prompt, wish, 1, true).getFirst();
    }

    /// A job that is on the road for the database, but whose ticket the caller has to play.
    public JobId submitWithoutTicket(String prompt) throws SQLException {
        return submit(prompt, Wish.ORDINARY, 1, false).getFirst();
    }

    JobId submitWithoutTicketFor(String model, Wish wish) throws SQLException {
        return submit(model, "hello", wish, 1, false).getFirst();
    }

    /// An ordinary job with its ticket.
    public JobId submitWithTicket(String prompt) throws SQLException {
        return submit(prompt);
    }

    JobId submitFor(String model, Wish wish) throws SQLException {
        return submitFor(model, wish, 1).getFirst();
    }

    List<JobId> submitFor(String model, Wish wish, int count) throws SQLException {
        return submit(model, "hello", wish, count, true);
    }

    List<JobId> submit(String prompt, Wish wish, int count, boolean withTickets) throws SQLException {
        return submit("sim-small", prompt, wish, count, withTickets);
    }

    private List<JobId> submit(String model, String prompt, Wish wish, int count, boolean withTickets)
            throws SQLException {
        List<NewJob> jobs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            JobId id = new JobId(new UUID(
                    Instant.now().toEpochMilli() << 16 | 0x7000, 0x8000_0000_0000_0000L | NUMBER.incrementAndGet()));
            String input = "{\"model\":\"" + model + "\"," + (wish.streamed() ? "\"stream\":true," : "")
                    + "\"messages\":[{\"role\":\"user\",\"content\":\"" + prompt + "\"}]}";
            jobs.add(new NewJob(
                    id,
                    1,
                    "chat",
                    1,
                    wish.lane(),
                    0,
                    model,
                    input,
                    wish.options(),
                    null,
                    wish.maxAttempts(),
                    wish.deadline(),
                    wish.runAt(),
                    wish.failOnUnknown(),
                    null,
                    null,
                    wish.direct(),
                    null));
        }
        List<UUID> dispatched = new ArrayList<>();
        for (Accepted accepted : store.accept(jobs)) {
            assertThat(accepted).isInstanceOf(Accepted.Fresh.class);
            if (((Accepted.Fresh) accepted).dispatched()) {
                dispatched.add(((Accepted.Fresh) accepted).id().uuid());
            }
        }
        if (withTickets) {
            assertThat(sender.send(wish.lane(), dispatched)
                            .toCompletableFuture()
                            .join())
                    .isEmpty();
        }
        return jobs.stream().map(NewJob::id).toList();
    }

    /// The job's status and error code, `complete` or `failed MODEL_TIMEOUT` for example.
    String state(JobId job) {
        return one("""
                SELECT status::text || coalesce(' ' || wait_reason, '') FROM job_run WHERE job_id = ?
                 UNION ALL
                SELECT status::text || coalesce(' ' || error_code, '') FROM job_outcome WHERE job_id = ?
                """, job, job);
    }

    public void awaitState(JobId job, String state) {
        await().atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(state(job)).isEqualTo(state));
    }

    /// How the job's calls ended, in order, `broken answered` for example.
    String attempts(JobId job) {
        return one(
                "SELECT coalesce(string_agg(outcome::text, ' ' ORDER BY epoch), '') FROM attempt WHERE job_id = ?",
                job);
    }

    /// The worker's lease is over, as if it had not been heard of for long.
    void lapse(int worker) {
        execute("UPDATE worker SET lease_until = now() WHERE worker_id = " + worker);
    }

    void execute(String sql) {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public String one(String sql, JobId... jobs) {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < jobs.length; i++) {
                statement.setObject(i + 1, jobs[i].uuid());
            }
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? String.valueOf(row.getString(1)) : "no such job";
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
