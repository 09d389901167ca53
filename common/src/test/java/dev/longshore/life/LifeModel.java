package dev.longshore.life;

import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.attempt.AttemptOutcome.Interruption;
import dev.longshore.attempt.ErrorCode;
import dev.longshore.attempt.Usage;
import dev.longshore.job.JobStatus;
import dev.longshore.job.JobStore.CancelAnswer;
import dev.longshore.job.Settlement;
import dev.longshore.job.Verdict;
import dev.longshore.lane.Lane;
import dev.longshore.life.Command.Order;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The life of every job of a run as the table of transitions has it, in memory and without SQL. Each
/// method does what a statement must do and returns what the statement must answer.
final class LifeModel {
    static final Duration DEADLINE = Duration.ofDays(1);

    /// When a job's row is looked at next, as far as it can be told without reading the clock.
    enum Wakes {
        DEADLINE,
        OVER,
        LATER
    }

    /// What the model knows of one job.
    static final class Life {
        final Order order;
        final Rank rank;
        JobStatus status;

        @Nullable
        String reason;

        boolean dispatched;
        int epoch;
        int attempt;
        int worker;
        boolean cancelRequested;
        boolean begun;
        /// Past its deadline.
        boolean late;
        Wakes wakes;
        long spent;

        @Nullable
        String error;

        boolean discarded;
        int tokens;
        final List<String> attempts = new ArrayList<>();
        final List<String> notes = new ArrayList<>();
        int ends;
        int replays;

        private Life(Order order, long turn) {
            this.order = order;
            status = order.scheduled() ? JobStatus.WAITING : JobStatus.QUEUED;
            reason = order.scheduled() ? "scheduled" : null;
            wakes = order.scheduled() ? Wakes.LATER : Wakes.DEADLINE;
            rank = new Rank(order.scheduled() ? 3_600 : 0, turn);
        }

        boolean open() {
            return !status.terminal();
        }

        boolean backlog() {
            return status == JobStatus.QUEUED && !dispatched;
        }

        boolean onTheRoad() {
            return status == JobStatus.QUEUED && dispatched;
        }

        private void end(JobStatus how, @Nullable String code) {
            status = how;
            error = code;
            ends++;
            reason = null;
            dispatched = false;
            worker = 0;
            cancelRequested = false;
        }

        /// As the tables tell it.
        private List<String> rows() {
            List<String> rows = new ArrayList<>();
            rows.add(
                    open()
                            ? "%s %s %s epoch %d attempt %d of %d worker %d cancel %s spent %d wakes %s late %s begun %s"
                                    .formatted(
                                            status.word(),
                                            reason == null ? "-" : reason,
                                            dispatched ? "on" : "off",
                                            epoch,
                                            attempt,
                                            order.maxAttempts(),
                                            worker,
                                            t(cancelRequested),
                                            spent,
                                            wakes,
                                            t(late),
                                            t(begun))
                            : "over %s epoch %d attempt %d cost %d error %s discarded %s result %s tokens %d begun %s"
                                    .formatted(
                                            status.word(),
                                            epoch,
                                            attempt,
                                            spent,
                                            error == null ? "-" : error,
                                            t(discarded),
                                            t(status == JobStatus.COMPLETE),
                                            tokens,
                                            t(begun)));
            rows.addAll(attempts);
            notes.forEach(note -> rows.add("note " + note));
            return rows;
        }
    }

    /// The place in a tenant's backlog: seconds since the run began, less the head start; then who
    /// queued first.
    private static final class Rank {
        private long seconds;
        private long turn;

        private Rank(long seconds, long turn) {
            this.seconds = seconds;
            this.turn = seconds == 0 ? turn : 0;
        }
    }

    private record Key(int tenant, String key) {}

    private record Owner(int job, String body, boolean expired) {}

    /// What one tenant has used.
    static final class Totals {
        long attempts;
        long completed;
        long input;
        long cached;
        long output;
        long cost;
    }

    private final Map<Integer, Life> lives = new TreeMap<>();
    private final Map<Key, Owner> keys = new HashMap<>();
    private final Map<Integer, Totals> usage = new TreeMap<>();
    private final Set<Integer> alive = new HashSet<>();
    private long turn;

    Map<Integer, Life> lives() {
        return lives;
    }

    @Nullable
    Life life(int job) {
        return lives.get(job);
    }

    /// The numbers of the jobs that are so.
    Set<Integer> jobs(Predicate<Life> so) {
        Set<Integer> jobs = new HashSet<>();
        lives.forEach((job, life) -> {
            if (so.test(life)) {
                jobs.add(job);
            }
        });
        return jobs;
    }

    void joined(int worker) {
        alive.add(worker);
    }

    void lost(int worker) {
        alive.remove(worker);
    }

    Set<Integer> alive() {
        return Set.copyOf(alive);
    }

    boolean alive(int worker) {
        return alive.contains(worker);
    }

    /// One answer an order.
    List<String> accept(List<Order> orders) {
        turn++;
        Set<Lane> lanes = Set.of(Lane.values());
        Map<Lane, Set<Integer>> busy = new HashMap<>();
        lanes.forEach(lane -> busy.put(lane, new HashSet<>()));
        lives.values().stream()
                .filter(Life::backlog)
                .forEach(life -> busy.get(life.order.lane()).add(life.order.tenant()));
        List<String> answers = new ArrayList<>();
        for (Order order : orders) {
            Owner owner = order.key() == null ? null : keys.get(new Key(order.tenant(), order.key()));
            if (owner != null && !owner.expired() && owner.job() != order.number()) {
                answers.add((owner.body().equals(order.body()) ? "replayed " : "reused ") + owner.job());
            } else if (owner != null && !owner.expired() || lives.containsKey(order.number())) {
                answers.add("fresh, to be sent");
            } else {
                Life life = new Life(order, turn);
                life.rank.seconds -= order.priority();
                life.dispatched = order.direct()
                        && !order.scheduled()
                        && !busy.get(order.lane()).contains(order.tenant());
                lives.put(order.number(), life);
                if (order.key() != null) {
                    keys.put(new Key(order.tenant(), order.key()), new Owner(order.number(), order.body(), false));
                }
                answers.add(life.dispatched ? "fresh, to be sent" : "fresh");
            }
        }
        return answers;
    }

    void expireKey(int tenant, String key) {
        keys.computeIfPresent(new Key(tenant, key), (_, owner) -> new Owner(owner.job(), owner.body(), true));
    }

    Set<Integer> claim(int worker, List<Integer> page) {
        Set<Integer> claimed = new HashSet<>();
        for (int job : page) {
            Life life = lives.get(job);
            if (life != null
                    && alive.contains(worker)
                    && life.onTheRoad()
                    && !life.late
                    && life.attempt < life.order.maxAttempts()) {
                life.status = JobStatus.PROCESSING;
                life.epoch++;
                life.attempt++;
                life.worker = worker;
                life.begun = true;
                claimed.add(job);
            }
        }
        return claimed;
    }

    Set<Integer> settle(Map<Integer, List<Verdict>> verdicts) {
        Set<Integer> applied = new HashSet<>();
        verdicts.forEach((job, spoken) -> spoken.forEach(verdict -> {
            if (settle(lives.get(job), verdict)) {
                applied.add(job);
            }
        }));
        return applied;
    }

    private boolean settle(@Nullable Life life, Verdict verdict) {
        if (life == null
                || life.status != JobStatus.PROCESSING
                || life.epoch != verdict.job().epoch()) {
            return false;
        }
        Settlement settlement = verdict.settlement();
        boolean charged = settlement.charged();
        book(life, verdict, charged);
        life.attempt -= charged ? 0 : 1;
        if (life.cancelRequested) {
            life.end(JobStatus.CANCELLED, null);
            return true;
        }
        switch (settlement) {
            case Settlement.Complete _ -> life.end(JobStatus.COMPLETE, null);
            case Settlement.Bury(var code, var _, var discard) -> {
                life.end(JobStatus.FAILED, code.name());
                life.discarded = discard;
            }
            case Settlement.Cancel _ -> life.end(JobStatus.CANCELLED, null);
            case Settlement.Wait(var reason, var until, var _, var _) -> {
                life.status = JobStatus.WAITING;
                life.reason = reason.word();
                Duration wait = Duration.between(verdict.job().claimedAt(), until);
                life.wakes = !wait.isPositive()
                        ? Wakes.OVER
                        : life.late || wait.compareTo(DEADLINE) > 0 ? Wakes.DEADLINE : Wakes.LATER;
                life.notes.add("waiting");
                leave(life);
            }
            case Settlement.FallBack _ -> {
                life.status = JobStatus.QUEUED;
                life.wakes = Wakes.DEADLINE;
                life.notes.add("fell_back");
                leave(life);
            }
            case Settlement.HandBack _ -> {
                life.status = JobStatus.QUEUED;
                life.wakes = Wakes.DEADLINE;
                life.notes.add(charged ? "rescued" : "handed_back");
                leave(life);
            }
        }
        return true;
    }

    private static void leave(Life life) {
        life.worker = 0;
        life.dispatched = false;
    }

    private void book(Life life, Verdict verdict, boolean charged) {
        Verdict.Call call = verdict.call();
        life.tokens = call == null ? 0 : call.usage().inputTokens();
        if (call == null) {
            return;
        }
        Usage used = call.usage();
        life.spent += call.cost().nanos();
        life.attempts.add("attempt %d epoch %d %s charged %s cost %d held %d tokens %d %d %d by %d error %s"
                .formatted(
                        life.attempt,
                        life.epoch,
                        word(call.outcome()),
                        t(charged),
                        call.cost().nanos(),
                        call.held().nanos(),
                        used.inputTokens(),
                        used.cachedInputTokens(),
                        used.outputTokens(),
                        life.worker,
                        error(verdict, call)));
        Totals totals = usage.computeIfAbsent(life.order.tenant(), _ -> new Totals());
        totals.attempts++;
        totals.completed += verdict.settlement() instanceof Settlement.Complete && !life.cancelRequested ? 1 : 0;
        totals.input += used.inputTokens();
        totals.cached += used.cachedInputTokens();
        totals.output += used.outputTokens();
        totals.cost += call.cost().nanos();
    }

    private static String word(AttemptOutcome outcome) {
        return switch (outcome) {
            case AttemptOutcome.Answered _ -> "answered";
            case AttemptOutcome.Refused _ -> "refused";
            case AttemptOutcome.Throttled _ -> "throttled";
            case AttemptOutcome.Broken _ -> "broken";
            case AttemptOutcome.Unknown _ -> "unknown";
            case AttemptOutcome.Interrupted _ -> "interrupted";
        };
    }

    private static String error(Verdict verdict, Verdict.Call call) {
        if (verdict.settlement() instanceof Settlement.Bury(var code, var _, var _)) {
            return code.name();
        }
        return switch (call.outcome()) {
            case AttemptOutcome.Answered _ -> "-";
            case AttemptOutcome.Refused refused -> refused.code().name();
            case AttemptOutcome.Throttled throttled -> throttled.code().name();
            case AttemptOutcome.Broken broken -> broken.code().name();
            case AttemptOutcome.Unknown unknown -> unknown.code().name();
            case AttemptOutcome.Interrupted(var why, var _) ->
                why == Interruption.CANCEL ? ErrorCode.CANCELLED.name() : "-";
        };
    }

    Set<Integer> orphans() {
        return jobs(life -> life.status == JobStatus.PROCESSING && !alive.contains(life.worker));
    }

    Set<Integer> claimedBy(int worker) {
        return jobs(life -> life.status == JobStatus.PROCESSING && life.worker == worker);
    }

    Set<Integer> toBeCancelled(int worker) {
        return jobs(life -> life.cancelRequested && life.worker == worker);
    }

    int backlog(Lane lane) {
        return jobs(life -> life.backlog() && life.order.lane() == lane).size();
    }

    /// A tenant's backlog on a lane in the order in which it is to be fed.
    List<Integer> backlog(Lane lane, int tenant) {
        return lives.entrySet().stream()
                .filter(entry -> entry.getValue().backlog()
                        && entry.getValue().order.lane() == lane
                        && entry.getValue().order.tenant() == tenant)
                .sorted(Comparator.<Map.Entry<Integer, Life>>comparingLong(entry -> entry.getValue().rank.seconds)
                        .thenComparingLong(entry -> entry.getValue().rank.turn)
                        // Numbers rise with ids, but for the day.
                        .thenComparing(entry -> !entry.getValue().order.yesterday())
                        .thenComparing(Map.Entry::getKey))
                .map(Map.Entry::getKey)
                .toList();
    }

    Set<Integer> tenants(Lane lane) {
        Set<Integer> tenants = new HashSet<>();
        lives.values().stream()
                .filter(life -> life.backlog() && life.order.lane() == lane)
                .forEach(life -> tenants.add(life.order.tenant()));
        return tenants;
    }

    void fed(int job) {
        lives.get(job).dispatched = true;
    }

    int undispatch(List<Integer> jobs) {
        int changed = 0;
        for (int job : new HashSet<>(jobs)) {
            Life life = lives.get(job);
            if (life != null && life.onTheRoad()) {
                life.dispatched = false;
                changed++;
            }
        }
        return changed;
    }

    int reissue(Lane lane) {
        return undispatch(List.copyOf(jobs(life -> life.onTheRoad() && life.order.lane() == lane)));
    }

    void passWait(int job) {
        Life life = lives.get(job);
        life.wakes = Wakes.OVER;
    }

    int wake() {
        int woken = 0;
        for (Life life : lives.values()) {
            if (life.status == JobStatus.WAITING && life.wakes == Wakes.OVER && !life.late) {
                life.status = JobStatus.QUEUED;
                life.reason = null;
                life.wakes = Wakes.DEADLINE;
                life.notes.add("woken");
                woken++;
            }
        }
        return woken;
    }

    void passDeadline(int job) {
        Life life = lives.get(job);
        if (life != null && life.open()) {
            life.late = true;
            life.wakes = Wakes.DEADLINE;
        }
    }

    int expire() {
        int expired = 0;
        for (Life life : lives.values()) {
            if (life.open() && life.status != JobStatus.PROCESSING && life.late) {
                life.tokens = 0;
                life.end(JobStatus.FAILED, ErrorCode.DEADLINE_EXCEEDED.name());
                expired++;
            }
        }
        return expired;
    }

    CancelAnswer cancel(int tenant, int job) {
        Life life = lives.get(job);
        if (life == null || life.order.tenant() != tenant || !life.open()) {
            return CancelAnswer.NOT_OPEN;
        }
        if (life.status == JobStatus.PROCESSING) {
            if (!life.cancelRequested) {
                life.cancelRequested = true;
                life.notes.add("cancel_requested");
            }
            return CancelAnswer.STOPPING;
        }
        life.tokens = 0;
        life.end(JobStatus.CANCELLED, null);
        life.notes.add("cancel_requested");
        return CancelAnswer.ENDED;
    }

    Set<Integer> replay(int tenant, List<Integer> jobs) {
        turn++;
        Set<Integer> replayed = new HashSet<>();
        for (int job : jobs) {
            Life life = lives.get(job);
            if (life != null && life.order.tenant() == tenant && life.status == JobStatus.FAILED) {
                life.status = JobStatus.QUEUED;
                life.attempt = 0;
                life.error = null;
                life.discarded = false;
                life.begun = false;
                life.late = false;
                life.wakes = Wakes.DEADLINE;
                life.rank.seconds = -life.order.priority();
                life.rank.turn = turn;
                life.epoch++;
                life.notes.add("replayed");
                life.replays++;
                replayed.add(job);
            }
        }
        return replayed;
    }

    Set<Integer> discard(int tenant, List<Integer> jobs) {
        Set<Integer> discarded = new HashSet<>();
        for (int job : jobs) {
            Life life = lives.get(job);
            if (life != null && life.order.tenant() == tenant && life.status == JobStatus.FAILED && !life.discarded) {
                life.discarded = true;
                life.notes.add("discarded");
                discarded.add(job);
            }
        }
        return discarded;
    }

    /// @return whether the day could be dropped
    boolean dropYesterday() {
        boolean open = lives.values().stream().anyMatch(life -> life.order.yesterday() && life.open());
        if (!open) {
            lives.values().removeIf(life -> life.order.yesterday());
        }
        return !open;
    }

    /// What the tables must hold, by what each line is about.
    Map<String, List<String>> rows() {
        Map<String, List<String>> rows = new LinkedHashMap<>();
        lives.forEach((job, life) -> rows.put("job " + job, life.rows()));
        keys.forEach((key, owner) -> rows.put(
                "key " + key.tenant() + " " + key.key(),
                List.of("job " + owner.job() + " expired " + t(owner.expired()))));
        usage.forEach((tenant, totals) -> rows.put(
                "usage " + tenant,
                List.of("%d %d %d %d %d %d"
                        .formatted(
                                totals.attempts,
                                totals.completed,
                                totals.input,
                                totals.cached,
                                totals.output,
                                totals.cost))));
        return rows;
    }

    /// As PostgreSQL spells it.
    private static String t(boolean so) {
        return so ? "t" : "f";
    }
}
