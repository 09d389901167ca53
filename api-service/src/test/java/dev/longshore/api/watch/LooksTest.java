package dev.longshore.api.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.job.JobId;
import dev.longshore.job.JobStatus;
import dev.longshore.road.JobNews.Said;
import dev.longshore.view.JobTale;
import dev.longshore.view.Owned;
import io.vertx.core.buffer.Buffer;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What followers are told who join while others are being looked at.
@Timeout(60)
class LooksTest {
    private final WatchList list = new WatchList(System::nanoTime);
    private final CompletableFuture<Boolean> waiter = new CompletableFuture<>();
    private final List<String> told = new ArrayList<>();

    /// It is asked only whether waiting is over, and is away.
    private static final DataSource AWAY = (DataSource)
            Proxy.newProxyInstance(LooksTest.class.getClassLoader(), new Class<?>[] {DataSource.class}, (_, _, _) -> {
                throw new SQLException("away");
            });

    /// Stops when it has been told something.
    private final Follower follower = new Follower() {
        @Override
        public Owned job() {
            return Lives.OWNED;
        }

        @Override
        public void told(Story story) {
            told.add(story.last().status().word());
            leave();
        }

        @Override
        public void heard(Said said, Buffer frame) {
            throw new AssertionError("nobody says anything");
        }

        @Override
        public void missing() {
            told.add("missing");
            leave();
        }

        @Override
        public void unreadable(SQLException why) {
            // It is looked at again.
        }

        @Override
        public void broken(RuntimeException why) {
            told.add("broken");
            leave();
        }

        private void leave() {
            list.remove(this);
            list.remove(Lives.JOB, waiter);
        }
    };

    /// A chaos run found that such a reader was told that there is no such job.
    @Test
    void whoJoinsAJobThatSomebodyWaitsForIsNotToldThatThereIsNone() {
        list.add(Lives.JOB, waiter, 1);
        Looks looks = new Looks(list, AWAY, jobs -> {
            if (jobs.isEmpty()) {
                list.add(follower);
            }
            Map<JobId, JobTale> tales = new HashMap<>();
            jobs.forEach(job -> tales.put(job.job(), Lives.tale(List.of(Lives.step(0, JobStatus.QUEUED, 0)))));
            return tales;
        });

        looks.whileSomebodyWatches();

        assertThat(told).containsExactly("queued");
    }
}
