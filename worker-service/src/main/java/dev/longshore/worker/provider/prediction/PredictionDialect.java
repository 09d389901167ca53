package dev.longshore.worker.provider.prediction;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.attempt.AttemptOutcome.Broken;
import dev.longshore.attempt.AttemptOutcome.Interrupted;
import dev.longshore.attempt.AttemptOutcome.Interruption;
import dev.longshore.attempt.AttemptOutcome.Refused;
import dev.longshore.attempt.AttemptOutcome.Unknown;
import dev.longshore.attempt.ErrorCode;
import dev.longshore.attempt.Reply;
import dev.longshore.prediction.Prediction;
import dev.longshore.settings.PredictionSettings;
import dev.longshore.tokens.TokenCounter;
import dev.longshore.worker.provider.Ask;
import dev.longshore.worker.provider.Ask.Operation;
import dev.longshore.worker.provider.CleanText;
import dev.longshore.worker.provider.DescribedApi;
import dev.longshore.worker.provider.Dialect;
import dev.longshore.worker.provider.HttpCaller;
import dev.longshore.worker.provider.HttpExchange;
import dev.longshore.worker.provider.InOnePiece;
import dev.longshore.worker.provider.Inexpressible;
import dev.longshore.worker.provider.Received;
import dev.longshore.worker.provider.RequestTemplate;
import dev.longshore.worker.provider.Timeouts;
import dev.longshore.worker.provider.TokenSink;
import dev.longshore.worker.slots.StopSign;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Buys a prediction, or finds the one that was bought before, and waits for it. See the sign of this room for what
/// may be lost on the way.
public final class PredictionDialect implements Dialect {
    private static final Logger LOG = Logger.getLogger(PredictionDialect.class);

    /// A submission under way when we are told to stop: its answer holds the id of what is paid for, and comes at once.
    private static final Duration GRACE = Duration.ofSeconds(3);

    private static final Executor AFTER_GRACE =
            CompletableFuture.delayedExecutor(GRACE.toMillis(), TimeUnit.MILLISECONDS);

    private final String provider;
    private final ObjectMapper json;
    private final InstantSource clock;
    private final Purchases purchases;
    private final RequestTemplate template;
    private final PredictionApi api;
    private final PredictionAnswers answers;
    private final @Nullable Callbacks callbacks;
    private final Following following;

    /// What tokens are made from where there is no key: a purchase that another process tries again is not called back.
    private final String ownSecret = UUID.randomUUID().toString();

    /// @param provider its name in the operator's file
    /// @param clock as close to the database's as is known
    /// @param chance uniform in [0, 1), for jitter
    public PredictionDialect(
            String provider,
            HttpCaller http,
            ObjectMapper json,
            InstantSource clock,
            TokenCounter tokens,
            Purchases purchases,
            DoubleSupplier chance,
            PredictionSettings described,
            URI baseUrl,
            List<String> keys,
            Map<String, String> headers) {
        this(provider, http, json, clock, tokens, purchases, () -> new Pace(chance), described, baseUrl, keys, headers);
    }

    /// @param paces how soon each prediction is looked at
    PredictionDialect(
            String provider,
            HttpCaller http,
            ObjectMapper json,
            InstantSource clock,
            TokenCounter tokens,
            Purchases purchases,
            Supplier<Pace> paces,
            PredictionSettings described,
            URI baseUrl,
            List<String> keys,
            Map<String, String> headers) {
        this.provider = provider;
        this.json = json;
        this.clock = clock;
        this.purchases = purchases;
        DescribedApi api = new DescribedApi(described.error(), described.keyHeader());
        template = new RequestTemplate(
                described.request(), Set.copyOf(described.leaveOut().orElse(List.of())));
        this.api = new PredictionApi(http, described, api, baseUrl, keys, headers);
        answers = new PredictionAnswers(described, api, json, tokens, clock);
        callbacks = described
                .callbackUrl()
                .map(url -> new Callbacks(url, purchases))
                .orElse(null);
        following = new Following(this.api, answers, purchases, callbacks, paces);
    }

    @Override
    public AttemptOutcome call(Ask ask, Timeouts timeouts, StopSign stop, TokenSink sink) {
        AttemptOutcome outcome = outcome(ask, timeouts, stop, sink);
        InOnePiece.say(outcome, ask, json, sink);
        return outcome;
    }

    private AttemptOutcome outcome(Ask ask, Timeouts timeouts, StopSign stop, TokenSink sink) {
        if (ask.operation() != Operation.CHAT) {
            return new Refused(
                    ErrorCode.INVALID_REQUEST, "A provider of dialect 'prediction' answers chats only.", Reply.NONE);
        }
        Errand errand = Errand.of(ask, timeouts, stop, sink);
        Prediction known = purchases
                .of(errand.job())
                .filter(prediction -> prediction.isOf(provider, ask.model()))
                .orElse(null);
        if (known != null && known.providerId() != null) {
            LOG.debugf("waiting for what was bought before; job=%s prediction=%s", ask.jobId(), known.providerId());
            return following.follow(errand, known, null);
        }
        return buy(errand, known);
    }

    @Override
    public void giveUp(Prediction prediction) {
        if (prediction.providerId() != null) {
            api.cancel(prediction, prediction.epoch());
        }
    }

    /// @param begun a purchase of which it is not known whether it was made: it is made again under the same name
    private AttemptOutcome buy(Errand errand, @Nullable Prediction begun) {
        Prediction intent = begun == null ? intent(errand) : begun;
        byte[] request;
        try {
            request = request(errand.ask(), intent);
        } catch (Inexpressible e) {
            return e.refused();
        }
        Interruption early = errand.stop().reason();
        if (early != null) {
            return new Interrupted(early, false);
        }
        if (begun == null && !purchases.begin(intent)) {
            return new Interrupted(Interruption.LEASE_LOST, false);
        }
        return submitted(
                errand, intent, api.submit(errand.ask(), intent, request, errand.timeouts(), withGrace(errand.stop())));
    }

    private Prediction intent(Errand errand) {
        Prediction plain = new Prediction(
                errand.job(),
                errand.claim(),
                provider,
                errand.ask().model(),
                errand.ask().key(),
                clock.instant(),
                null,
                null);
        return callbacks == null ? plain : plain.calledBackBy(Callbacks.hash(token(plain)));
    }

    private String token(Prediction intent) {
        return Callbacks.token(Objects.requireNonNullElse(api.key(intent), ownSecret), intent.name());
    }

    private byte[] request(Ask ask, Prediction intent) throws Inexpressible {
        JsonNode request = template.fill(ask, ask.object(json));
        if (callbacks != null && intent.callbackHash() != null) {
            callbacks.askFor(request, token(intent));
        }
        return request.toString().getBytes(StandardCharsets.UTF_8);
    }

    /// A purchase is tried again with the key that it was begun with; the key of this claim is not to blame for that
    /// one.
    private static AttemptOutcome blamedOnItsKey(Prediction intent, AttemptOutcome failure) {
        return failure instanceof Refused(var code, var _, var reply) && code == ErrorCode.PROVIDER_AUTH_FAILED
                ? new Broken(
                        ErrorCode.PROVIDER_UNAVAILABLE,
                        "The key that the prediction was begun with, number " + intent.keyNumber()
                                + ", is not accepted any more.",
                        reply)
                : failure;
    }

    private static StopSign withGrace(StopSign stop) {
        StopSign later = new StopSign();
        stop.whenRaised().thenAccept(why -> AFTER_GRACE.execute(() -> later.raise(why)));
        return later;
    }

    private AttemptOutcome submitted(Errand errand, Prediction intent, HttpExchange exchange) {
        return switch (exchange) {
            case HttpExchange.Answered answered ->
                answered(errand, intent, answers.received(answered, api.isOfThisKey(errand.ask(), intent)));
            case HttpExchange.NeverSent(var cause) ->
                following.over(
                        errand,
                        new Broken(
                                ErrorCode.NETWORK_ERROR,
                                "The provider could not be reached: " + CleanText.of(cause),
                                Reply.NONE));
            case HttpExchange.Stopped(var why, var sent) ->
                sent ? new Interrupted(why, true) : following.over(errand, new Interrupted(why, false));
            case HttpExchange.Lost(var cause, var timedOut) ->
                new Unknown(
                        timedOut ? ErrorCode.MODEL_TIMEOUT : ErrorCode.NETWORK_ERROR,
                        "It is not known whether the provider has taken the prediction: " + CleanText.of(cause),
                        Reply.NONE);
            case HttpExchange.Streamed streamed ->
                new Unknown(
                        ErrorCode.MALFORMED_RESPONSE,
                        "The provider answered with a stream that nobody asked for.",
                        new Reply(streamed.status(), null, null, null));
            case HttpExchange.TooLong(var status, var limit) ->
                new Unknown(
                        ErrorCode.MALFORMED_RESPONSE,
                        "The provider's answer is longer than " + limit + " bytes.",
                        new Reply(status, null, null, null));
        };
    }

    private AttemptOutcome answered(Errand errand, Prediction intent, Received received) {
        if (!answers.isGood(received)) {
            AttemptOutcome failure = answers.failure(received);
            boolean ofOurKey = api.isOfThisKey(errand.ask(), intent);
            return following.over(errand, ofOurKey ? failure : blamedOnItsKey(intent, failure));
        }
        String id = answers.id(received).orElse(null);
        if (id == null) {
            return following.over(errand, received.malformed("The provider's answer has no id of a prediction."));
        }
        if (!purchases.bought(errand.job(), errand.claim(), id)) {
            LOG.warnf("bought too late, the job is another's by now; job=%s prediction=%s", errand.job(), id);
            return new Interrupted(Interruption.LEASE_LOST, true);
        }
        Prediction bought = intent.bought(id);
        return following.follow(errand, bought, answers.standing(errand.ask(), bought, received));
    }
}
