package dev.longshore.life;

import dev.longshore.job.JobStatus;
import dev.longshore.lane.Lane;
import dev.longshore.life.Command.Order;
import dev.longshore.life.Command.Said;
import dev.longshore.life.LifeModel.Life;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;

/// Makes up commands, with an eye on the model so that most of them find work, and a hand that slips
/// often enough: double tickets, late verdicts, strangers' jobs, calls made again.
final class Commands {
    /// Open at one time; those that are over make room for new ones.
    private static final int OPEN_JOBS = 20;

    private static final int TENANTS = 3;
    private static final List<String> KEYS = List.of("k1", "k2");

    private final Random random;
    private final LifeModel model;
    private final List<Order> orders = new ArrayList<>();

    Commands(Random random, LifeModel model) {
        this.random = random;
        this.model = model;
    }

    Command next() {
        return switch (random.nextInt(32)) {
            case 0, 1, 2, 3 -> new Command.Accept(orders());
            case 4 -> new Command.ExpireKey(tenant(), KEYS.get(random.nextInt(KEYS.size())));
            case 5, 6, 7, 8, 9 -> new Command.Claim(worker(), page());
            case 10, 11, 12, 13, 14, 15 -> new Command.Settle(verdicts());
            case 16 -> new Command.Beat(worker());
            case 17 -> loss();
            case 18 -> random.nextBoolean() ? new Command.Rescue() : new Command.Recall(worker());
            case 19, 20 -> new Command.Feed(lane(), 1 + random.nextInt(8), random.nextInt(TENANTS + 2));
            case 21 -> random.nextBoolean() ? new Command.Undispatch(page()) : new Command.Reissue(lane());
            case 22 -> random.nextInt(3) == 0 ? new Command.CountBacklog(lane()) : cancel();
            case 23 -> new Command.PassWait(job(life -> life.status == JobStatus.WAITING));
            case 24 -> new Command.Wake();
            case 25 -> new Command.PassDeadline(job(Life::open));
            case 26 -> new Command.Expire();
            case 27, 28 -> cancel();
            case 29 -> new Command.Replay(tenant(), some(life -> life.status == JobStatus.FAILED));
            case 30 -> new Command.Discard(tenant(), some(life -> life.status == JobStatus.FAILED));
            default -> random.nextInt(4) == 0 ? new Command.DropYesterday() : new Command.Wake();
        };
    }

    /// What brings every open job to its end once faults have stopped.
    ///
    /// @param worker the place of a worker that then is alive
    static List<Command> lastOrders(LifeModel model, int worker) {
        List<Command> orders = new ArrayList<>();
        orders.add(new Command.LoseEveryLease());
        orders.add(new Command.Rescue());
        orders.add(new Command.Rejoin(worker));
        orders.add(new Command.PassEveryWait());
        orders.add(new Command.Wake());
        for (Lane lane : Lane.values()) {
            orders.add(new Command.Reissue(lane));
            orders.add(new Command.Feed(lane, 1_000, 0));
        }
        orders.add(new Command.Claim(worker, List.copyOf(model.lives().keySet())));
        return orders;
    }

    private List<Order> orders() {
        List<Order> group = new ArrayList<>();
        long open = model.jobs(Life::open).size();
        for (int i = random.nextInt(5); i > 0 && open + group.size() < OPEN_JOBS; i--) {
            Order order = order(orders.size());
            orders.add(order);
            group.add(order);
        }
        if (!orders.isEmpty() && random.nextInt(2) == 0) {
            // Somebody was not told of our commit and asks again. A call is made again soon or not at
            // all, so what retention has dropped since is not asked for.
            Order again = orders.get(random.nextInt(orders.size()));
            if (!group.contains(again) && !again.yesterday()) {
                group.add(random.nextInt(group.size() + 1), again);
            }
        }
        return group;
    }

    private Order order(int number) {
        return new Order(
                number,
                tenant(),
                lane(),
                100 * (random.nextInt(3) - 1),
                1 + random.nextInt(4),
                random.nextInt(4) == 0,
                random.nextInt(3) > 0,
                random.nextInt(5) == 0,
                random.nextInt(6) == 0,
                random.nextInt(2) == 0 ? KEYS.get(random.nextInt(KEYS.size())) : null,
                random.nextInt(4) == 0 ? "other" : "same");
    }

    private Command loss() {
        int place = worker();
        if (!model.jobs(life -> life.status == JobStatus.PROCESSING).isEmpty() && random.nextBoolean()) {
            return random.nextBoolean() ? new Command.LoseLease(place) : new Command.Leave(place);
        }
        return new Command.Rejoin(place);
    }

    private List<Integer> page() {
        // Tickets as they should be, then doubles and tickets of jobs that are anywhere.
        List<Integer> page = new ArrayList<>(some(Life::onTheRoad));
        for (int i = random.nextInt(3); i > 0; i--) {
            page.add(any());
        }
        return page;
    }

    private List<Said> verdicts() {
        List<Said> verdicts = new ArrayList<>();
        for (int job : some(life -> life.status == JobStatus.PROCESSING)) {
            verdicts.add(new Said(job, epoch(job), ending()));
        }
        if (random.nextInt(3) == 0) {
            int job = any();
            verdicts.add(new Said(job, epoch(job), ending()));
        }
        if (!verdicts.isEmpty() && random.nextInt(6) == 0) {
            verdicts.add(verdicts.get(random.nextInt(verdicts.size())));
        }
        return single(verdicts);
    }

    /// Two different verdicts on one claim in one group are not foreseen; the same one twice is.
    private static List<Said> single(List<Said> verdicts) {
        List<Said> single = new ArrayList<>();
        for (Said said : verdicts) {
            if (single.stream()
                    .noneMatch(other -> other.job() == said.job()
                            && other.epoch() == said.epoch()
                            && other.ending() != said.ending())) {
                single.add(said);
            }
        }
        return single;
    }

    /// Mostly the one that counts, else an old one or one that never was.
    private int epoch(int job) {
        Life life = model.life(job);
        int epoch = life == null ? 1 : life.epoch;
        return switch (random.nextInt(8)) {
            case 0 -> Math.max(1, epoch - 1);
            case 1 -> epoch + 1;
            default -> Math.max(1, epoch);
        };
    }

    private Ending ending() {
        return Ending.values()[random.nextInt(Ending.values().length)];
    }

    private Command cancel() {
        int job = job(Life::open);
        Life life = model.life(job);
        boolean stranger = random.nextInt(8) == 0;
        return new Command.Cancel(life == null || stranger ? tenant() : life.order.tenant(), job);
    }

    /// One that is so, or now and then just any.
    private int job(Predicate<Life> so) {
        List<Integer> candidates = List.copyOf(new java.util.TreeSet<>(model.jobs(so)));
        return candidates.isEmpty() || random.nextInt(8) == 0
                ? any()
                : candidates.get(random.nextInt(candidates.size()));
    }

    private List<Integer> some(Predicate<Life> so) {
        List<Integer> chosen = new ArrayList<>();
        for (Map.Entry<Integer, Life> entry : model.lives().entrySet()) {
            if (so.test(entry.getValue()) && random.nextInt(5) < 2) {
                chosen.add(entry.getKey());
            }
        }
        return chosen;
    }

    private int any() {
        return random.nextInt(orders.size() + 1);
    }

    private int tenant() {
        return 1 + random.nextInt(TENANTS);
    }

    private int worker() {
        return random.nextInt(SideBySide.WORKERS);
    }

    private Lane lane() {
        // Mostly one, so that its backlog is worth taking turns for.
        return random.nextInt(3) > 0 ? Lane.STANDARD : Lane.values()[random.nextInt(Lane.values().length)];
    }
}
