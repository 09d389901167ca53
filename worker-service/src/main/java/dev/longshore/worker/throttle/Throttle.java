package dev.longshore.worker.throttle;

import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.attempt.AttemptOutcome.Answered;
import dev.longshore.attempt.AttemptOutcome.Broken;
import dev.longshore.attempt.AttemptOutcome.Interrupted;
import dev.longshore.attempt.AttemptOutcome.Refused;
import dev.longshore.attempt.AttemptOutcome.Throttled;
import dev.longshore.attempt.AttemptOutcome.Unknown;
import dev.longshore.attempt.ErrorClass;
import dev.longshore.attempt.ErrorCode;
import dev.longshore.attempt.Headroom;
import dev.longshore.attempt.Usage;
import dev.longshore.job.WaitReason;
import dev.longshore.lane.Lane;
import dev.longshore.provider.BreakerName;
import dev.longshore.provider.PermitShares.Claim;
import dev.longshore.provider.PermitShares.Grant;
import dev.longshore.provider.ProviderBoard;
import dev.longshore.provider.ProviderBoard.Reading;
import dev.longshore.worker.slots.StopSign;
import dev.longshore.worker.throttle.Admission.Admitted;
import dev.longshore.worker.throttle.Admission.HeldBack;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.DoubleSupplier;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Says whether a call may be made now, and learns from how calls end. It knows the limits and breakers of all
/// providers as far as this worker is concerned; what it must share with the other workers is carried by
/// [ThrottleExchange].
///
/// Safe for use by many threads.
public final class Throttle {
    private static final Logger LOG = Logger.getLogger(Throttle.class);

    /// While an operator has stopped a provider, its jobs are looked at again this often; they are fetched when it is
    /// resumed.
    private static final Duration PAUSED_FOR = Duration.ofMinutes(1);

    private final Map<String, ProviderGate> gates = new HashMap<>();
    private final Map<String, ModelWatch> watches = new HashMap<>();
    private final List<Order> samples = new ArrayList<>();
    private final KeyRing keys;
    private final ProviderBoard board;
    private final IntSupplier workerId;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final Queue<ProviderBoard.Rest> newRests = new ConcurrentLinkedQueue<>();
    private volatile Set<String> paused = Set.of();
    private volatile Runnable kick = () -> {};

    /// @param floors what part of a provider's calls is kept for each lane
    /// @param lease how long a worker that is gone is believed to be alive
    /// @param clock as close to the database's as is known
    /// @param nanos the monotonic clock
    /// @param chance uniform in [0, 1)
    public Throttle(
            List<Served> providers,
            Map<Lane, Double> floors,
            Duration lease,
            ProviderBoard board,
            IntSupplier workerId,
            InstantSource clock,
            LongSupplier nanos,
            DoubleSupplier chance) {
        this.board = board;
        this.workerId = workerId;
        this.clock = clock;
        this.nanos = nanos;
        for (Served served : providers) {
            String name = served.name();
            Map<String, List<Allowance>> ofModels = new HashMap<>();
            for (Served.ServedModel model : served.models()) {
                ofModels.put(model.name(), served.allowances(Served.ownerOfModel(name, model.name()), lease));
                watches.put(key(name, model.model()), new ModelWatch(name, model.model(), served.breaker()));
                samples.add(new Order(name, model.model(), model.name(), Lane.INTERACTIVE, new Load(1, 1)));
            }
            gates.put(
                    name,
                    new ProviderGate(
                            served.keys(),
                            floors,
                            served.allowances(Served.owner(name), lease),
                            IntStream.range(0, served.keys())
                                    .mapToObj(key -> served.allowances(Served.ownerOfKey(name, key), lease))
                                    .toList(),
                            ofModels,
                            clock,
                            nanos,
                            chance));
        }
        keys = new KeyRing(providers, gates, samples, clock, nanos);
    }

    /// Told when something is to be carried to the other workers at once.
    void onNews(Runnable told) {
        kick = told;
        keys.onNews(told);
    }

    /// Told whenever a provider does not accept a key.
    public void onRefusedKey(KeyAlarm told) {
        keys.onRefusedKey(told);
    }

    /// Asks for a permit, and waits a moment for one where that is enough.
    ///
    /// @param stop ends the waiting
    public Admission ask(Order order, StopSign stop) {
        Instant now = clock.instant();
        if (paused.contains(order.provider())) {
            return gate(order)
                    .spread(
                            order,
                            new HeldBack(
                                    WaitReason.CIRCUIT_OPEN,
                                    now.plus(PAUSED_FOR),
                                    "an operator has paused " + order.provider()));
        }
        ModelWatch watch = watch(order);
        Circuit.Way way = watch.circuit().way(now);
        if (way == Circuit.Way.BARRED) {
            return barred(order, watch, now);
        }
        Admission admission = permit(order, stop);
        if (!(admission instanceof Admitted(var permit))) {
            kick.run();
            return admission;
        }
        if (way == Circuit.Way.FREE && watch.circuit().isClosed()) {
            watch.began();
            return admission;
        }
        if (way == Circuit.Way.TRIAL && takeTrial(watch.breaker())) {
            watch.began();
            return new Admitted(permit.asTrial());
        }
        keys.toldNothing(permit);
        gate(order).giveBack(permit, order.load(), null);
        return barred(order, watch, clock.instant());
    }

    private HeldBack barred(Order order, ModelWatch watch, Instant now) {
        return gate(order)
                .spread(
                        order,
                        new HeldBack(
                                WaitReason.CIRCUIT_OPEN,
                                watch.circuit().barredUntil(now),
                                order.provider() + " is left alone for a while: "
                                        + watch.circuit().reason()));
    }

    private boolean takeTrial(SharedBreaker breaker) {
        try {
            return board.takeTrial(breaker.name(), workerId.getAsInt());
        } catch (SQLException e) {
            LOG.debugf("a trial call could not be asked for; breaker=%s cause=%s", breaker.name(), e.getMessage());
            return false;
        }
    }

    private Admission permit(Order order, StopSign stop) {
        Admission admission = once(order, stop);
        // Somebody else tries the key; it is not offered again for a while.
        while (admission instanceof Admitted(var permit)
                && permit.keyTrial() != null
                && !takeTrial(permit.keyTrial())) {
            gate(order).giveBack(permit, order.load(), null);
            admission = once(order, stop);
        }
        return admission;
    }

    private Admission once(Order order, StopSign stop) {
        ProviderGate gate = gate(order);
        return switch (gate.ask(order)) {
            case ProviderGate.Answer.Now(var permit) -> new Admitted(permit);
            case ProviderGate.Answer.Later(var why) -> why;
            case ProviderGate.Answer.InLine(var turn) -> {
                kick.run();
                stop.whenRaised().thenAccept(_ -> turn.complete(Optional.empty()));
                yield await(gate, order, turn);
            }
        };
    }

    private static Admission await(ProviderGate gate, Order order, CompletableFuture<Optional<Permit>> turn) {
        try {
            Optional<Permit> permit = turn.get(ProviderGate.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (permit.isPresent()) {
                return new Admitted(permit.get());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException _) {
            // Too long for a slot.
        }
        return switch (gate.leave(order, turn)) {
            case ProviderGate.Answer.Now(var permit) -> new Admitted(permit);
            case ProviderGate.Answer.Later(var why) -> why;
            case ProviderGate.Answer.InLine _ -> throw new IllegalStateException("who leaves a line is not in it");
        };
    }

    /// How long to wait for a call; see [CallTimes#patience].
    public Duration patience(Order order, int timeouts, Duration least, Duration most) {
        return watch(order).times().patience(order.load(), timeouts, least, most);
    }

    /// How many tokens an answer of a model has as a rule, with room for it to be longer.
    public int usualOutput(String provider, String model) {
        return watch(key(provider, model)).usualOutput();
    }

    /// Whether a model's limits count tokens, so that it is worth counting them before the call.
    public boolean countsTokens(String provider, String name) {
        return gate(provider).countsTokens(name);
    }

    /// A permit was not used after all.
    public void unused(Permit permit) {
        ModelWatch watch = watch(permit.order());
        watch.ended();
        toldNothing(permit, watch);
        keys.toldNothing(permit);
        gate(permit.order()).giveBack(permit, permit.order().load(), null);
    }

    /// A call is over.
    ///
    /// @param took from the permit to the end
    /// @return whether its key was not accepted and there is another to try
    public boolean ended(Permit permit, AttemptOutcome outcome, Duration took) {
        Order order = permit.order();
        ModelWatch watch = watch(order);
        watch.ended();
        learnRest(permit, outcome);
        boolean otherKeys = keys.ended(permit, outcome);
        CallHealth health = health(outcome, watch.circuit(), took);
        if (health != null) {
            watch.count(health, took, nanos.getAsLong());
        }
        if (health == null || otherKeys) {
            toldNothing(permit, watch);
        } else {
            boolean atOnce = KeyRing.refusesTheKey(outcome);
            boolean news = watch.circuit()
                    .ended(health, took, permit.trial(), words(outcome), atOnce, clock.instant(), nanos.getAsLong());
            if (news) {
                kick.run();
            }
            if (news && atOnce) {
                LOG.errorf(
                        "a provider accepts no key of ours; its jobs fail or wait until one is mended;"
                                + " provider=%s key=%d model=%s",
                        order.provider(), permit.key(), order.name());
            }
        }
        boolean answered = outcome instanceof Answered;
        if (answered || timedOut(outcome)) {
            watch.times().took(order.load(), took);
        }
        if (outcome instanceof Answered(var answer)) {
            watch.answeredWith(answer.usage().outputTokens());
        }
        gate(order).giveBack(permit, weighed(order, outcome), answered ? took : null);
        return otherKeys;
    }

    private void toldNothing(Permit permit, ModelWatch watch) {
        if (permit.trial()) {
            watch.circuit().trialToldNothing();
            kick.run();
        }
    }

    private static boolean timedOut(AttemptOutcome outcome) {
        return outcome instanceof Unknown(var code, var _, var _) && code == ErrorCode.MODEL_TIMEOUT;
    }

    /// @return null when it says nothing about the provider
    private static @Nullable CallHealth health(AttemptOutcome outcome, Circuit circuit, Duration took) {
        return switch (outcome) {
            case Answered _ -> circuit.isSlow(took) ? CallHealth.SLOW : CallHealth.GOOD;
            case Refused(var code, var _, var reply) ->
                // What we refuse ourselves the provider has never seen.
                reply.status() == 0
                        ? null
                        : code.errorClass() == ErrorClass.AUTHENTICATION ? CallHealth.FAILED : CallHealth.GOOD;
            case Throttled _ -> CallHealth.THROTTLED;
            case Broken _ -> CallHealth.FAILED;
            case Unknown(var code, var _, var _) -> code == ErrorCode.INTERNAL ? null : CallHealth.FAILED;
            case Interrupted _ -> null;
        };
    }

    private static String words(AttemptOutcome outcome) {
        return switch (outcome) {
            case Answered _ -> "slow";
            case Refused(var _, var message, var _) -> message;
            case Throttled(var _, var message, var _) -> message;
            case Broken(var _, var message, var _) -> message;
            case Unknown(var _, var message, var _) -> message;
            case Interrupted(var why, var _) -> why.name();
        };
    }

    private static Load weighed(Order order, AttemptOutcome outcome) {
        if (outcome instanceof Answered(var answer)) {
            Usage usage = answer.usage();
            return new Load(usage.inputTokens(), usage.outputTokens());
        }
        return order.load();
    }

    /// What the provider says about itself lowers what we take of it at once; it heals by its own clock.
    private void learnRest(Permit permit, AttemptOutcome outcome) {
        Order order = permit.order();
        if (outcome.reply().ofAnotherKey()) {
            return;
        }
        Headroom headroom = outcome.reply().headroom();
        Instant now = clock.instant();
        Headroom.Left left = headroom == null
                ? null
                : headroom.calls(
                        (long) order.load().inputTokens() + order.load().outputTokens());
        WaitReason reason =
                outcome instanceof Throttled(var code, var _, var _) && code == ErrorCode.PROVIDER_QUOTA_EXHAUSTED
                        ? WaitReason.PROVIDER_QUOTA
                        : WaitReason.RATE_LIMITED;
        boolean throttled = outcome instanceof Throttled;
        Duration asked = throttled ? outcome.reply().retryAfter() : null;
        Instant until = asked == null ? null : now.plus(asked);
        boolean news = gate(order).onRest(order.name(), permit.key(), rest -> {
            if (left != null) {
                rest.told(
                        left,
                        now,
                        permit.sequence(),
                        order.provider() + " says that it takes no more calls for the moment");
            }
            if (throttled || outcome instanceof Answered) {
                rest.acceptance().ended(!throttled, nanos.getAsLong());
            }
            return until != null && rest.stayAway(until, reason, words(outcome));
        });
        if (news && until != null) {
            newRests.add(new ProviderBoard.Rest(order.provider(), permit.key(), order.model(), until, words(outcome)));
            kick.run();
        }
    }

    /// Tells of each model whether it may be called at all.
    ///
    /// @param gauge takes the provider, the provider's own name of the model, and how to ask
    public void meter(Gauge gauge) {
        watches.values()
                .forEach(watch -> gauge.register(
                        watch.provider(), watch.model(), () -> watch.circuit().isClosed() ? 0 : 1));
    }

    /// Where a figure is registered.
    @FunctionalInterface
    public interface Gauge {
        void register(String provider, String model, DoubleSupplier value);
    }

    // What the exchange carries.

    /// Rests that the other workers do not know of yet.
    Queue<ProviderBoard.Rest> newRests() {
        return newRests;
    }

    Collection<ModelWatch> watches() {
        return watches.values();
    }

    /// Of models, and of keys that were not accepted.
    List<SharedBreaker> breakers() {
        return Stream.concat(watches.values().stream().map(ModelWatch::breaker), keys.breakers().stream())
                .toList();
    }

    List<Claim> claims() {
        return gates.values().stream().flatMap(gate -> gate.claims().stream()).toList();
    }

    List<Claim> lastClaims() {
        return gates.values().stream()
                .flatMap(gate -> gate.lastClaims().stream())
                .toList();
    }

    void grant(Map<String, Grant> grants, long askedNanos) {
        gates.values().forEach(gate -> gate.grant(grants, askedNanos));
    }

    void loseAll() {
        gates.values().forEach(ProviderGate::loseAll);
    }

    /// Takes in what the board says.
    ///
    /// @return the models, by the names that callers use, that may be called again and could not be before
    Set<String> learn(Reading reading) {
        Set<String> before = closedModels();
        paused = reading.paused();
        gates.values().forEach(gate -> gate.sharedBy(reading.workers()));
        Map<BreakerName, ProviderBoard.Breaker> onBoard = new HashMap<>();
        reading.breakers().forEach(breaker -> onBoard.put(breaker.name(), breaker));
        watches.values()
                .forEach(watch ->
                        watch.circuit().learn(onBoard.get(watch.breaker().name())));
        keys.learn(onBoard);
        for (ProviderBoard.Rest rest : reading.rests()) {
            for (Order sample : samples) {
                if (sample.provider().equals(rest.provider()) && sample.model().equals(rest.model())) {
                    gate(sample).rest(sample.name(), rest.key(), rest.until(), rest.reason());
                }
            }
        }
        Set<String> opened = new HashSet<>(before);
        opened.removeAll(closedModels());
        return opened;
    }

    private Set<String> closedModels() {
        Set<String> closed = new HashSet<>();
        for (Order sample : samples) {
            if (!mayBeCalled(sample)) {
                closed.add(sample.name());
            }
        }
        return closed;
    }

    private boolean mayBeCalled(Order sample) {
        return !paused.contains(sample.provider())
                && watch(sample).circuit().isClosed()
                && gate(sample).hasKey(sample.name());
    }

    /// How many more calls each limited model could have now.
    Map<String, Long> idle() {
        Map<String, Long> idle = new HashMap<>();
        for (Order sample : samples) {
            if (gate(sample).isLimited(sample.name()) && mayBeCalled(sample)) {
                idle.put(sample.name(), gate(sample).idle(sample.name()));
            }
        }
        return idle;
    }

    private ModelWatch watch(Order order) {
        return watch(key(order.provider(), order.model()));
    }

    private ModelWatch watch(String key) {
        return Objects.requireNonNull(watches.get(key), "a watch for every model");
    }

    private ProviderGate gate(Order order) {
        return gate(order.provider());
    }

    private ProviderGate gate(String provider) {
        return Objects.requireNonNull(gates.get(provider), "a gate for every provider");
    }

    private static String key(String provider, String model) {
        return provider + "/" + model;
    }
}
