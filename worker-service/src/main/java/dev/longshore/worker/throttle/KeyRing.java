package dev.longshore.worker.throttle;

import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.attempt.AttemptOutcome.Answered;
import dev.longshore.attempt.AttemptOutcome.Broken;
import dev.longshore.attempt.AttemptOutcome.Interrupted;
import dev.longshore.attempt.AttemptOutcome.Refused;
import dev.longshore.attempt.AttemptOutcome.Throttled;
import dev.longshore.attempt.AttemptOutcome.Unknown;
import dev.longshore.attempt.ErrorClass;
import dev.longshore.provider.BreakerName;
import dev.longshore.provider.ProviderBoard.Breaker;
import dev.longshore.provider.ProviderBoard.State;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Knows which keys of a provider with several are accepted. One that is not has a breaker of its own: all workers
/// leave it alone and use the others, and now and then one call tells whether it is good again.
///
/// Safe for use by many threads.
final class KeyRing {
    private static final Logger LOG = Logger.getLogger(KeyRing.class);

    private static final int FORBIDDEN = 403;

    private final Map<String, ProviderGate> gates;
    private final List<Order> samples;
    private final Map<String, BreakerPolicy> policies = new HashMap<>();
    private final InstantSource clock;
    private final LongSupplier nanos;

    /// Of keys that were not accepted at some time since this worker began.
    private final Map<BreakerName, SharedBreaker> breakers = new ConcurrentHashMap<>();

    private volatile Runnable kick = () -> {};
    private volatile KeyAlarm alarm = (_, _) -> {};

    /// @param samples an order for each model
    KeyRing(
            List<Served> providers,
            Map<String, ProviderGate> gates,
            List<Order> samples,
            InstantSource clock,
            LongSupplier nanos) {
        providers.forEach(served -> policies.put(served.name(), served.breaker()));
        this.gates = gates;
        this.samples = samples;
        this.clock = clock;
        this.nanos = nanos;
    }

    /// Told when something is to be carried to the other workers at once.
    void onNews(Runnable told) {
        kick = told;
    }

    void onRefusedKey(KeyAlarm told) {
        alarm = told;
    }

    Collection<SharedBreaker> breakers() {
        return breakers.values();
    }

    /// A call is over.
    ///
    /// @return whether its key was not accepted and there is another to try
    boolean ended(Permit permit, AttemptOutcome outcome) {
        boolean refused = refusesTheKey(outcome);
        if (!refused && permit.keyTrial() == null) {
            return false;
        }
        Order order = permit.order();
        ProviderGate gate = gate(order.provider());
        if (refused) {
            alarm.ring(order.provider(), permit.key());
        }
        if (gate.keys() == 1) {
            return false;
        }
        SharedBreaker refusing = refused ? refusing(permit, outcome) : null;
        SharedBreaker tried = permit.keyTrial();
        if (tried != null && tried != refusing) {
            // Whoever is forbidden one thing is known nevertheless.
            boolean known = refused ? tried.name().isOfEveryModel() : isAccepted(outcome);
            if (known) {
                tell(tried, CallHealth.GOOD, true, "");
            } else {
                toldNothing(permit);
            }
        }
        if (refusing == null) {
            return false;
        }
        if (tell(refusing, CallHealth.FAILED, refusing == tried, message(outcome))) {
            LOG.errorf(
                    "a provider does not accept one of our keys, which is left alone until it does;"
                            + " provider=%s key=%d model=%s",
                    order.provider(), permit.key(), order.name());
        }
        return gate.hasKey(order.name());
    }

    /// Whether the provider does not accept the key of the permit.
    static boolean refusesTheKey(AttemptOutcome outcome) {
        return outcome instanceof Refused(var code, var _, var reply)
                && code.errorClass() == ErrorClass.AUTHENTICATION
                && !reply.ofAnotherKey();
    }

    private static String message(AttemptOutcome outcome) {
        return outcome instanceof Refused(var _, var message, var _) ? message : "";
    }

    /// Whether the provider has looked at more than the key.
    private static boolean isAccepted(AttemptOutcome outcome) {
        return switch (outcome) {
            case Answered(var answer) -> !answer.reply().ofAnotherKey();
            case Refused(var _, var _, var reply) -> reply.status() != 0 && !reply.ofAnotherKey();
            case Throttled _, Broken _, Unknown _, Interrupted _ -> false;
        };
    }

    /// Who does not know a key knows it for no model; who forbids something may forbid it for this model alone.
    private SharedBreaker refusing(Permit permit, AttemptOutcome outcome) {
        Order order = permit.order();
        return breaker(
                outcome.reply().status() == FORBIDDEN
                        ? BreakerName.ofKeyAndModel(order.provider(), permit.key(), order.model())
                        : BreakerName.ofKey(order.provider(), permit.key()));
    }

    private SharedBreaker breaker(BreakerName name) {
        BreakerPolicy policy = Objects.requireNonNull(policies.get(name.provider()), "a policy for every provider");
        return breakers.computeIfAbsent(name, _ -> new SharedBreaker(name, policy));
    }

    /// @return whether that is news
    private boolean tell(SharedBreaker breaker, CallHealth health, boolean trial, String why) {
        boolean failed = health == CallHealth.FAILED;
        boolean news =
                breaker.circuit().ended(health, Duration.ZERO, trial, why, failed, clock.instant(), nanos.getAsLong());
        if (news) {
            goBy(breaker);
            kick.run();
        }
        return news;
    }

    /// The permit was not used, or its call told nothing of its key.
    void toldNothing(Permit permit) {
        SharedBreaker tried = permit.keyTrial();
        if (tried != null) {
            tried.circuit().trialToldNothing();
            kick.run();
        }
    }

    /// Takes in what the board says.
    void learn(Map<BreakerName, Breaker> onBoard) {
        onBoard.values().stream().filter(this::isOfOurs).forEach(breaker -> breaker(breaker.name()));
        for (SharedBreaker breaker : breakers.values()) {
            breaker.circuit().learn(onBoard.get(breaker.name()));
            goBy(breaker);
        }
    }

    /// Rows of keys and providers that are no longer in the operator's file stay behind.
    private boolean isOfOurs(Breaker breaker) {
        BreakerName name = breaker.name();
        @Nullable ProviderGate gate = gates.get(name.provider());
        return name.isOfAKey()
                && breaker.state() != State.CLOSED
                && gate != null
                && gate.keys() > 1
                && name.key() < gate.keys();
    }

    private void goBy(SharedBreaker breaker) {
        BreakerName name = breaker.name();
        List<String> models = samples.stream()
                .filter(sample -> sample.provider().equals(name.provider()))
                .filter(sample -> name.isOfEveryModel() || sample.model().equals(name.model()))
                .map(Order::name)
                .toList();
        gate(name.provider()).goBy(breaker, models);
    }

    private ProviderGate gate(String provider) {
        return Objects.requireNonNull(gates.get(provider), "a gate for every provider");
    }
}
