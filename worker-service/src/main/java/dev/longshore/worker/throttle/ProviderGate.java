package dev.longshore.worker.throttle;

import dev.longshore.job.WaitReason;
import dev.longshore.lane.Lane;
import dev.longshore.provider.PermitShares.Claim;
import dev.longshore.provider.PermitShares.Grant;
import dev.longshore.worker.throttle.Admission.HeldBack;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Hands out this worker's permits for one provider. A call takes its part of every limit that it falls under, or of
/// none. Who comes when nothing is free stands in line for a moment, so that no permit lies idle between two calls:
/// the most urgent lane first, but for what is kept for the others.
///
/// Safe for use by many threads.
final class ProviderGate {
    /// Standing in line costs a slot, so that it must be worth it.
    static final Duration PATIENCE = Duration.ofSeconds(2);

    /// How many may stand in line for a model, whatever its limits.
    private static final int SHORTEST_LINE = 8;

    /// No job is sent away for longer without being looked at again.
    private static final Duration LONGEST_HOLD = Duration.ofMinutes(10);

    /// From one job that comes back to a model that is not called to the next. Each costs a claim and a settlement.
    private static final Duration TRIAL_PAUSE = Duration.ofMillis(100);

    private static final Duration SHORTEST_HOLD = Duration.ofMillis(250);

    private final int keys;
    private final Map<Lane, Double> floors;
    private final List<Allowance> all = new ArrayList<>();
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final DoubleSupplier chance;
    private final Map<String, Line> lines = new HashMap<>();
    private final List<Line> turns;
    private final Map<Lane, Integer> open = new EnumMap<>(Lane.class);
    private int openInAll;
    private int inLine;
    private int nextKey;
    private int sharers = 1;

    /// @param keys how many API keys the provider has, at least 1
    /// @param floors what part of the calls is kept for each lane
    /// @param ofKeys limits of each key
    /// @param ofModels all models, by the name that callers use, with their limits
    ProviderGate(
            int keys,
            Map<Lane, Double> floors,
            List<Allowance> ofProvider,
            List<List<Allowance>> ofKeys,
            Map<String, List<Allowance>> ofModels,
            InstantSource clock,
            LongSupplier nanos,
            DoubleSupplier chance) {
        this.keys = keys;
        this.floors = floors;
        all.addAll(ofProvider);
        ofKeys.forEach(all::addAll);
        ofModels.values().forEach(all::addAll);
        ofModels.forEach((name, ofModel) -> lines.put(name, new Line(ofProvider, ofKeys, ofModel)));
        turns = new ArrayList<>(lines.values());
        this.clock = clock;
        this.nanos = nanos;
        this.chance = chance;
    }

    /// Those who want to call one model, and what is known of it.
    private static final class Line {
        /// What a call falls under, by the key that it uses.
        final List<List<Allowance>> limits;
        final List<Rest> rests;
        final boolean limited;
        final boolean countsTokens;
        final Map<Lane, Deque<Waiter>> waiters = new EnumMap<>(Lane.class);
        long meanCallNanos = Duration.ofSeconds(1).toNanos();
        final Map<Lane, Long> heldUntilNanos = new EnumMap<>(Lane.class);
        Load usualLoad = new Load(1, 1);
        int length;

        Line(List<Allowance> ofProvider, List<List<Allowance>> ofKeys, List<Allowance> ofModel) {
            limits = ofKeys.stream()
                    .map(ofKey -> Stream.of(ofProvider, ofKey, ofModel)
                            .flatMap(List::stream)
                            .toList())
                    .toList();
            rests = ofKeys.stream().map(_ -> new Rest()).toList();
            limited = isUnder(_ -> true);
            countsTokens = isUnder(Unit::isOfTokens);
        }

        private boolean isUnder(Predicate<Unit> unit) {
            return limits.stream()
                    .flatMap(List::stream)
                    .anyMatch(allowance -> unit.test(allowance.limit().unit()));
        }

        Deque<Waiter> waiters(Lane lane) {
            return waiters.computeIfAbsent(lane, _ -> new ArrayDeque<>());
        }

        Rest rest(int key) {
            return rests.get(key);
        }
    }

    /// One in line.
    private record Waiter(Order order, CompletableFuture<Optional<Permit>> turn) {}

    /// Asks for a permit.
    ///
    /// @return a permit, or that there is none
    sealed interface Answer {
        record Now(Permit permit) implements Answer {}

        record Later(HeldBack why) implements Answer {}

        /// Stand in line; leave it with [#leave].
        record InLine(CompletableFuture<Optional<Permit>> turn) implements Answer {}
    }

    synchronized Answer ask(Order order) {
        Line line = line(order.name());
        long now = nanos.getAsLong();
        HeldBack unwanted = unwanted(order, line, now);
        if (unwanted != null) {
            return new Answer.Later(unwanted);
        }
        if (line.length == 0) {
            Permit permit = tryTake(order, line, now);
            if (permit != null) {
                line.heldUntilNanos.put(order.lane(), now);
                return new Answer.Now(permit);
            }
        }
        Blocked blocked = blocked(order, line, now);
        long wait = blocked.nanos();
        int room = (int) Math.max(SHORTEST_LINE, Math.min(Integer.MAX_VALUE, blocked.room()));
        if (!blocked.resting() && wait <= PATIENCE.toNanos() && line.length < room) {
            Waiter waiter = new Waiter(order, new CompletableFuture<>());
            line.waiters(order.lane()).add(waiter);
            line.length++;
            inLine++;
            return new Answer.InLine(waiter.turn());
        }
        return new Answer.Later(sendAway(order, line, blocked, now));
    }

    /// Some calls are not even tried while the provider refuses too many; by the key that it likes best of those
    /// that it accepts.
    private @Nullable HeldBack unwanted(Order order, Line line, long now) {
        double share = Double.MAX_VALUE;
        for (int key = 0; key < keys; key++) {
            Rest rest = line.rest(key);
            if (rest.refused() == null) {
                share = Math.min(share, rest.acceptance().holdBack(now));
            }
        }
        if (share == 0 || share > 1 || chance.getAsDouble() >= share) {
            return null;
        }
        return sendAway(
                order,
                line,
                new Blocked(
                        WaitReason.RATE_LIMITED,
                        order.provider() + " refuses many calls",
                        0,
                        line.meanCallNanos / SHORTEST_LINE,
                        0,
                        true),
                now);
    }

    /// Leaves the line without a permit.
    ///
    /// @return a permit all the same, where the turn came at this moment
    synchronized Answer leave(Order order, CompletableFuture<Optional<Permit>> turn) {
        Line line = line(order.name());
        Deque<Waiter> waiters = line.waiters(order.lane());
        if (waiters.removeIf(waiter -> waiter.turn() == turn)) {
            line.length--;
            inLine--;
        }
        Optional<Permit> mine = turn.getNow(Optional.empty());
        if (mine.isPresent()) {
            return new Answer.Now(mine.get());
        }
        long now = nanos.getAsLong();
        return new Answer.Later(sendAway(order, line, blocked(order, line, now), now));
    }

    /// A call is over.
    ///
    /// @param told what it weighed by the provider's own account
    /// @param took null when it says nothing about how long calls take
    synchronized void giveBack(Permit permit, Load told, @Nullable Duration took) {
        takeBack(permit, told, nanos.getAsLong());
        if (took != null) {
            Line line = line(permit.order().name());
            line.meanCallNanos += (took.toNanos() - line.meanCallNanos) / 8;
        }
        serve();
    }

    private void takeBack(Permit permit, Load told, long now) {
        Order order = permit.order();
        permit.taken().forEach(allowance -> allowance.giveBack(order.load(), told, now));
        openInAll--;
        open.merge(order.lane(), -1, Integer::sum);
    }

    /// Something has changed for the better: whoever can have a permit now gets it.
    synchronized void serve() {
        boolean served = inLine > 0;
        while (served) {
            served = false;
            for (Lane lane : inOrder()) {
                if (serveOne(lane)) {
                    served = true;
                    break;
                }
            }
        }
    }

    private boolean serveOne(Lane lane) {
        long now = nanos.getAsLong();
        for (Line line : turns) {
            Deque<Waiter> waiters = line.waiters(lane);
            Waiter first = waiters.peek();
            Permit permit = first == null ? null : tryTake(first.order(), line, now);
            if (first != null && permit != null) {
                waiters.remove();
                line.length--;
                inLine--;
                // To the end, so that the models take turns.
                turns.remove(line);
                turns.add(line);
                if (!first.turn().complete(Optional.of(permit))) {
                    // It was stopped while it waited.
                    takeBack(permit, permit.order().load(), now);
                }
                return true;
            }
        }
        return false;
    }

    /// Lanes that have less than what is kept for them first, then by urgency.
    private List<Lane> inOrder() {
        List<Lane> order = new ArrayList<>(Lane.values().length);
        for (Lane lane : Lane.values()) {
            if (open.getOrDefault(lane, 0) < floors.getOrDefault(lane, 0.0) * openInAll) {
                order.add(lane);
            }
        }
        for (Lane lane : Lane.values()) {
            if (!order.contains(lane)) {
                order.add(lane);
            }
        }
        return order;
    }

    private @Nullable Permit tryTake(Order order, Line line, long now) {
        int best = -1;
        double freest = -1;
        for (int i = 0; i < keys; i++) {
            int key = (nextKey + i) % keys;
            Rest rest = line.rest(key);
            double free =
                    rest.held(clock.instant(), sharers) == null ? free(line.limits.get(key), order.load(), now) : -1;
            SharedBreaker refused = rest.refused();
            if (refused != null) {
                if (free >= 0 && refused.circuit().way(clock.instant()) == Circuit.Way.TRIAL) {
                    // Before any good one, or the key would never come back.
                    best = key;
                    break;
                }
            } else if (free > freest) {
                best = key;
                freest = free;
            }
        }
        if (best < 0) {
            return null;
        }
        nextKey = (best + 1) % keys;
        List<Allowance> limits = line.limits.get(best);
        limits.forEach(limit -> limit.take(order.load(), now));
        openInAll++;
        open.merge(order.lane(), 1, Integer::sum);
        Rest rest = line.rest(best);
        return new Permit(order, best, rest.start(), false, rest.refused(), limits);
    }

    /// How much the scarcest of some limits has left, from 0 to 1.
    ///
    /// @return negative when one of them does not allow the call
    private static double free(List<Allowance> limits, Load load, long now) {
        double least = 1;
        for (Allowance limit : limits) {
            if (!limit.allows(load, now)) {
                return -1;
            }
            least = Math.min(least, limit.free(now));
        }
        return least;
    }

    /// What keeps a call from being made.
    ///
    /// @param nanos until it could be made, as far as that can be told
    /// @param betweenNanos from one call of this model to the next while it is in the way
    /// @param room how many may stand in line for it
    private record Blocked(
            WaitReason reason, String detail, long nanos, long betweenNanos, long room, boolean resting) {}

    /// By the key that is free soonest.
    private Blocked blocked(Order order, Line line, long now) {
        Blocked soonest = null;
        for (int key = 0; key < keys; key++) {
            Blocked blocked = blocked(order, line, key, now);
            if (soonest == null || blocked.nanos() < soonest.nanos()) {
                soonest = blocked;
            }
        }
        if (soonest == null) {
            throw new IllegalStateException("a provider has at least one key, if only none");
        }
        return soonest;
    }

    private Blocked blocked(Order order, Line line, int key, long now) {
        Rest.Held rest = line.rest(key).held(clock.instant(), sharers);
        if (rest != null) {
            long left = Duration.between(clock.instant(), rest.until()).toNanos();
            long between = line.meanCallNanos / SHORTEST_LINE;
            if (rest.reason() == WaitReason.CIRCUIT_OPEN) {
                between = Math.max(TRIAL_PAUSE.toNanos(), between);
            }
            return new Blocked(rest.reason(), rest.detail(), left, between, 0, true);
        }
        Blocked worst = new Blocked(WaitReason.CONCURRENCY, "others are in line", 0, 0, Long.MAX_VALUE, false);
        for (Allowance allowance : line.limits.get(key)) {
            if (!allowance.allows(order.load(), now)) {
                allowance.missed(order.load());
            }
            long wait = allowance.nanosUntilAllowed(order.load(), line.meanCallNanos, now);
            long between = allowance.nanosBetweenCalls(order.load(), line.meanCallNanos);
            if (wait >= worst.nanos()) {
                Limit limit = allowance.limit();
                worst = new Blocked(
                        limit.unit().isRate() ? WaitReason.RATE_LIMITED : WaitReason.CONCURRENCY,
                        limit.owner() + " allows " + limit.most() + " "
                                + limit.unit().word(),
                        wait,
                        between,
                        PATIENCE.toNanos() / Math.max(1, between),
                        false);
            }
        }
        return worst;
    }

    /// Each is sent away for a little longer than the one before, so that they come back one after the other.
    private HeldBack sendAway(Order order, Line line, Blocked blocked, long now) {
        long first = now + Math.max(SHORTEST_HOLD.toNanos(), blocked.nanos());
        // Each lane by itself: who is urgent does not go behind all who are not.
        long last = line.heldUntilNanos.getOrDefault(order.lane(), now);
        long after = last + Math.max(1, blocked.betweenNanos());
        long until = Math.min(after - first > 0 ? after : first, now + LONGEST_HOLD.toNanos());
        line.heldUntilNanos.put(order.lane(), until);
        line.usualLoad = order.load();
        return new HeldBack(blocked.reason(), clock.instant().plusNanos(until - now), blocked.detail());
    }

    /// The same for calls that something other than a limit is in the way of.
    synchronized HeldBack spread(Order order, HeldBack held) {
        Line line = line(order.name());
        long left = Math.max(0, Duration.between(clock.instant(), held.until()).toNanos());
        // A few are wanted for a trial call; all others are fetched when it has gone well.
        long between = Math.max(TRIAL_PAUSE.toNanos(), line.meanCallNanos / SHORTEST_LINE);
        return sendAway(
                order, line, new Blocked(held.reason(), held.detail(), left, between, 0, true), nanos.getAsLong());
    }

    /// Another worker was told to leave a key alone for a model.
    synchronized void rest(String name, int key, Instant until, String why) {
        if (key < keys) {
            line(name).rest(key).stayAway(until, WaitReason.RATE_LIMITED, why);
        }
    }

    /// So many workers share what the provider says it takes.
    synchronized void sharedBy(int workers) {
        sharers = Math.max(1, workers);
    }

    /// Whether keys may be used goes by their breakers: this one has changed, or may have.
    ///
    /// @param names the models that it is about, by the names that callers use
    synchronized void goBy(SharedBreaker breaker, Collection<String> names) {
        names.forEach(name -> line(name).rest(breaker.name().key()).goBy(breaker));
    }

    /// Whether some key of the provider is good for a model, as far as is known.
    synchronized boolean hasKey(String name) {
        return line(name).rests.stream().anyMatch(rest -> rest.refused() == null);
    }

    int keys() {
        return keys;
    }

    /// How many more calls of a model could be made now, with nobody in line for it.
    synchronized long idle(String name) {
        Line line = line(name);
        long now = nanos.getAsLong();
        long most = 0;
        for (int key = 0; key < keys && line.length == 0; key++) {
            Rest rest = line.rest(key);
            if (rest.refused() == null && rest.held(clock.instant(), sharers) == null) {
                most = Math.max(
                        most,
                        line.limits.get(key).stream()
                                .mapToLong(limit -> limit.room(line.usualLoad, now))
                                .min()
                                .orElse(Long.MAX_VALUE));
            }
        }
        return most;
    }

    /// Whether a model falls under any limit of ours.
    boolean isLimited(String name) {
        return line(name).limited;
    }

    /// Whether some limit of a model counts tokens.
    boolean countsTokens(String name) {
        return line(name).countsTokens;
    }

    /// Gives the rest of a key and model to be read or changed.
    synchronized <R> R onRest(String name, int key, Function<Rest, R> change) {
        return change.apply(line(name).rest(key));
    }

    synchronized List<Claim> claims() {
        long now = nanos.getAsLong();
        return all.stream().map(allowance -> allowance.claim(now)).toList();
    }

    synchronized void grant(Map<String, Grant> grants, long askedNanos) {
        long now = nanos.getAsLong();
        for (Allowance allowance : all) {
            Grant grant = grants.get(allowance.limit().allowance());
            if (grant != null) {
                allowance.grant(grant, askedNanos, now);
            }
        }
        serve();
    }

    /// The last claims: what is in use, and nothing to be given.
    synchronized List<Claim> lastClaims() {
        long now = nanos.getAsLong();
        return all.stream().map(allowance -> allowance.lastClaim(now)).toList();
    }

    synchronized void loseAll() {
        all.forEach(Allowance::loseAll);
    }

    private Line line(String name) {
        return Objects.requireNonNull(lines.get(name), "a line for every model");
    }
}
