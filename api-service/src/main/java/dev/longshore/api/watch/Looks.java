package dev.longshore.api.watch;

import dev.longshore.api.watch.WatchList.Round;
import dev.longshore.job.JobId;
import dev.longshore.view.JobTale;
import dev.longshore.view.Owned;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/// Looks at what is watched, on one thread for all of an instance. Whatever has come up while the last look was under
/// way is looked at in the next: there is no timer, and alone, a job waits for nobody.
final class Looks {
    private static final Logger LOG = Logger.getLogger(Looks.class);

    /// After a look that failed, so that a database that is away is not asked in a circle.
    private static final Duration REST = Duration.ofMillis(500);

    private final WatchList list;
    private final Tales tales;
    private final Glances glances;

    /// Reads the tales of those of the jobs that there are and whose tenants are named rightly, see [JobTales].
    interface Tales {
        Map<JobId, JobTale> read(List<Owned> jobs) throws SQLException;
    }

    Looks(WatchList list, DataSource database, Tales tales) {
        this.list = list;
        this.tales = tales;
        this.glances = new Glances(database);
    }

    /// Returns when nobody wants to know anything any more.
    void whileSomebodyWatches() {
        try {
            for (Optional<Round> round = list.next(); round.isPresent(); round = list.next()) {
                look(round.get());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void look(Round round) throws InterruptedException {
        try {
            switch (round) {
                case Round.Wanted(var jobs) -> read(jobs);
                case Round.Due(var jobs) -> glance(jobs);
            }
        } catch (SQLException e) {
            LOG.debugf(e, "The watched jobs could not be looked at; looking again soon.");
            if (round instanceof Round.Wanted(var jobs)) {
                again(jobs, e);
            }
            Thread.sleep(REST);
        } catch (RuntimeException e) {
            LOG.error("A look at watched jobs failed; looking again soon.", e);
            Thread.sleep(REST);
        }
    }

    private void again(List<Watched> jobs, SQLException why) {
        for (Watched watched : jobs) {
            watched.followers.forEach(follower -> follower.unreadable(why));
            list.want(watched);
        }
    }

    /// Reads those that are followed, and glances at those that are only waited for. Whoever joins meanwhile is for the
    /// next look: what was read need not hold what they ask for.
    private void read(List<Watched> jobs) throws SQLException {
        List<Watched> waitedFor = new ArrayList<>();
        Map<Watched, List<Follower>> followed = new LinkedHashMap<>();
        for (Watched watched : jobs) {
            List<Follower> followers = List.copyOf(watched.followers);
            if (followers.isEmpty()) {
                waitedFor.add(watched);
            } else {
                followed.put(watched, followers);
            }
        }
        Map<JobId, JobTale> read = tales.read(followed.values().stream()
                .flatMap(List::stream)
                .map(Follower::job)
                .distinct()
                .toList());
        followed.forEach((watched, followers) -> {
            JobTale tale = read.get(watched.job);
            Optional<Story> story = tale == null ? Optional.empty() : Optional.of(new Story(tale));
            tell(watched, followers, story);
            if (story.isEmpty() || story.get().isOver()) {
                // A tale is missing too where nobody who follows may know it.
                waitedFor.add(watched);
            }
        });
        glance(waitedFor.stream()
                .filter(watched -> !list.waitersFor(watched).isEmpty())
                .toList());
    }

    private static void tell(Watched watched, List<Follower> followers, Optional<Story> story) {
        for (Follower follower : followers) {
            try {
                // Somebody may have asked for another tenant's job.
                if (story.isPresent()
                        && story.get().tenantId() == follower.job().tenantId()) {
                    follower.told(story.get());
                } else {
                    follower.missing();
                }
            } catch (RuntimeException e) {
                LOG.errorf(e, "A reader of events could not be told; it is given up. job=%s", watched.job);
                follower.broken(e);
            }
        }
        story.ifPresent(told -> watched.known = told.last().number());
    }

    private void glance(List<Watched> jobs) throws SQLException {
        if (jobs.isEmpty()) {
            return;
        }
        Map<JobId, Long> open = glances.of(jobs);
        for (Watched watched : jobs) {
            long number = open.getOrDefault(watched.job, Glances.OVER);
            if (number == Glances.OVER) {
                list.waitersFor(watched).forEach((CompletableFuture<Boolean> waiter) -> waiter.complete(true));
            }
            // A step that is in the row and in no tale must not be looked for every second.
            if (number > watched.known && number != watched.glimpsed && !watched.followers.isEmpty()) {
                list.want(watched);
            }
            watched.glimpsed = number;
        }
    }
}
