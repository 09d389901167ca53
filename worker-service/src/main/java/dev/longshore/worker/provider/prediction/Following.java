package dev.longshore.worker.provider.prediction;

import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.attempt.AttemptOutcome.Answered;
import dev.longshore.attempt.AttemptOutcome.Broken;
import dev.longshore.attempt.AttemptOutcome.Interrupted;
import dev.longshore.attempt.AttemptOutcome.Interruption;
import dev.longshore.attempt.AttemptOutcome.Unknown;
import dev.longshore.attempt.ErrorCode;
import dev.longshore.attempt.Reply;
import dev.longshore.prediction.Prediction;
import dev.longshore.worker.provider.HttpExchange;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Waits for predictions that the provider has taken.
///
/// @param callbacks null where the provider does not call back
/// @param paces a new one for each prediction
record Following(
        PredictionApi api,
        PredictionAnswers answers,
        Purchases purchases,
        @Nullable Callbacks callbacks,
        Supplier<Pace> paces) {

    /// Waits until it is over, or nobody wants to wait any more.
    ///
    /// @param seen how it stood a moment ago; null when nobody has looked yet
    AttemptOutcome follow(Errand errand, Prediction bought, @Nullable Standing seen) {
        Bell bell = new Bell();
        errand.stop().whenRaised().thenRun(bell::ring);
        if (callbacks != null) {
            callbacks.waiting(errand.job(), bell);
        }
        try {
            return untilOver(errand, bought, seen == null ? look(errand, bought) : seen, bell);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new Interrupted(Interruption.DRAIN, false);
        } finally {
            if (callbacks != null) {
                callbacks.noLongerWaiting(errand.job(), bell);
            }
        }
    }

    private AttemptOutcome untilOver(Errand errand, Prediction bought, Standing first, Bell bell)
            throws InterruptedException {
        Pace pace = paces.get();
        Standing standing = first;
        while (true) {
            switch (standing) {
                case Standing.Over(var outcome) -> {
                    // An answer is kept until it is recorded; nothing else is of use to the next attempt.
                    return outcome instanceof Answered ? outcome : over(errand, outcome);
                }
                case Standing.ShutOut(var outcome) -> {
                    // The key of this claim is not to blame for another's.
                    return api.isOfThisKey(errand.ask(), bought) ? outcome : over(errand, outOfReach(bought, outcome));
                }
                case Standing.Going(var asked, var share, var message) -> {
                    if (share != null || message != null) {
                        errand.listener().progress(share, message);
                    }
                    Duration wait = pace.next(asked);
                    Duration left = errand.left();
                    bell.await(wait.compareTo(left) < 0 ? wait : left);
                }
            }
            Interruption why = errand.stop().reason();
            if (why != null) {
                return stopped(errand, bought, why);
            }
            if (errand.left().isZero()) {
                return tookTooLong(errand, bought);
            }
            standing = look(errand, bought);
        }
    }

    private Standing look(Errand errand, Prediction bought) {
        return switch (api.look(errand.ask(), bought, errand.timeouts(), errand.left(), errand.stop())) {
            case HttpExchange.Answered answered ->
                answers.standing(
                        errand.ask(), bought, answers.received(answered, api.isOfThisKey(errand.ask(), bought)));
            case HttpExchange.NeverSent _, HttpExchange.Lost _, HttpExchange.Streamed _, HttpExchange.Stopped _ ->
                Standing.Going.UNSEEN;
            case HttpExchange.TooLong(var status, var limit) ->
                new Standing.Over(new Broken(
                        ErrorCode.MALFORMED_RESPONSE,
                        "The prediction is longer than " + limit + " bytes.",
                        new Reply(status, bought.providerId(), null, null)));
        };
    }

    /// No other key sees it, so that the next attempt must buy another.
    private static Unknown outOfReach(Prediction bought, AttemptOutcome refusal) {
        return new Unknown(
                ErrorCode.PROVIDER_UNAVAILABLE,
                "The key that bought the prediction, number " + bought.keyNumber() + ", is not accepted any more.",
                refusal.reply());
    }

    private AttemptOutcome tookTooLong(Errand errand, Prediction bought) {
        api.cancel(bought, errand.claim());
        return over(
                errand,
                new Unknown(
                        ErrorCode.MODEL_TIMEOUT,
                        "The prediction was not over within "
                                + errand.timeouts().attempt().toMillis() + " ms and was cancelled.",
                        new Reply(0, bought.providerId(), null, null)));
    }

    /// Whoever drains or has lost the lease leaves the prediction to the next claim, so that nothing of it is unknown.
    private AttemptOutcome stopped(Errand errand, Prediction bought, Interruption why) {
        return switch (why) {
            case CANCEL, DEADLINE -> {
                api.cancel(bought, errand.claim());
                yield over(errand, new Interrupted(why, true));
            }
            case DRAIN, LEASE_LOST -> new Interrupted(why, false);
        };
    }

    /// The next attempt buys another.
    AttemptOutcome over(Errand errand, AttemptOutcome outcome) {
        purchases.over(errand.job(), errand.claim());
        return outcome;
    }
}
