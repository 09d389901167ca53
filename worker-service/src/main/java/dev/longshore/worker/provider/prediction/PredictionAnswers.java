package dev.longshore.worker.provider.prediction;

import static dev.longshore.worker.provider.DescribedApi.at;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.longshore.attempt.Answer;
import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.attempt.AttemptOutcome.Answered;
import dev.longshore.attempt.AttemptOutcome.Broken;
import dev.longshore.attempt.AttemptOutcome.Refused;
import dev.longshore.attempt.AttemptOutcome.Unknown;
import dev.longshore.attempt.ErrorCode;
import dev.longshore.attempt.Reply;
import dev.longshore.attempt.Usage;
import dev.longshore.prediction.Prediction;
import dev.longshore.settings.Failure;
import dev.longshore.settings.PredictionSettings;
import dev.longshore.tokens.TokenCounter;
import dev.longshore.worker.provider.Ask;
import dev.longshore.worker.provider.CleanText;
import dev.longshore.worker.provider.DescribedApi;
import dev.longshore.worker.provider.HttpExchange;
import dev.longshore.worker.provider.PlainAnswer;
import dev.longshore.worker.provider.Received;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads what a provider says of a prediction.
final class PredictionAnswers {
    /// An id goes into addresses and into the database.
    private static final Pattern ID = Pattern.compile("[\\x21-\\x7E]{1,200}");

    private static final String NO_HEADER = "x-request-id";

    /// Of how far it is.
    private static final int PLACES = 4;

    /// One line of a terminal or a page; whoever keeps what was told keeps no longer ones.
    private static final int LONGEST_MESSAGE = 200;

    private final PredictionSettings described;
    private final DescribedApi api;
    private final ObjectMapper json;
    private final TokenCounter tokens;
    private final InstantSource clock;

    PredictionAnswers(
            PredictionSettings described,
            DescribedApi api,
            ObjectMapper json,
            TokenCounter tokens,
            InstantSource clock) {
        this.described = described;
        this.api = api;
        this.json = json;
        this.tokens = tokens;
        this.clock = clock;
    }

    /// @param ofThisKey whether the key was the one that the claim was given
    Received received(HttpExchange.Answered exchange, boolean ofThisKey) {
        Received received = Received.of(exchange, NO_HEADER, json, clock.instant());
        return ofThisKey ? received : received.with(received.reply().toAnotherKey());
    }

    /// Whether the provider says that it did what it was asked.
    boolean isGood(Received received) {
        return api.isGood(received);
    }

    AttemptOutcome failure(Received received) {
        return api.failure(received);
    }

    /// The id of the prediction that was submitted; empty when there is none that can be used.
    Optional<String> id(Received received) {
        JsonNode id = at(received.body(), described.id());
        return Optional.of(id.isValueNode() ? id.asText() : "")
                .filter(text -> ID.matcher(text).matches());
    }

    /// How it stands, by the answer to a submission or to a look.
    Standing standing(Ask ask, Prediction prediction, Received received) {
        Received named = named(prediction, received);
        String word = at(named.body(), described.status()).asText();
        boolean readable = named.status() / 100 == 2 && !word.isEmpty();
        if (readable && described.succeeded().contains(word)) {
            return new Standing.Over(done(ask, prediction, named));
        }
        if (readable && described.failed().contains(word)) {
            return new Standing.Over(failed("The prediction failed", named));
        }
        if (readable && described.cancelled().contains(word)) {
            return new Standing.Over(failed("The prediction was cancelled at the provider", named));
        }
        return switch (named.status()) {
            case 401, 403 ->
                new Standing.ShutOut(new Refused(ErrorCode.PROVIDER_AUTH_FAILED, words(named), named.reply()));
            case 404, 410 ->
                new Standing.Over(new Unknown(
                        ErrorCode.PROVIDER_UNAVAILABLE,
                        "The provider knows nothing of the prediction any more.",
                        named.reply()));
            default ->
                new Standing.Going(
                        named.reply().retryAfter(), readable ? share(named) : null, readable ? doing(named) : null);
        };
    }

    /// How far it is, cut off behind four places: that is as much as a person sees, and what is read back is what was
    /// told.
    private @Nullable Double share(Received received) {
        JsonNode told = at(received.body(), described.progress());
        double number = told.isNumber() ? told.doubleValue() : Double.NaN;
        if (!(number >= 0 && number <= described.progressScale())) {
            return null;
        }
        return BigDecimal.valueOf(number)
                .divide(BigDecimal.valueOf(described.progressScale()), PLACES, RoundingMode.DOWN)
                .doubleValue();
    }

    private @Nullable String doing(Received received) {
        JsonNode told = at(received.body(), described.progressMessage());
        String words = told.isTextual() ? CleanText.of(told.textValue()) : "";
        if (words.isEmpty()) {
            return null;
        }
        int end = Math.min(words.length(), LONGEST_MESSAGE);
        boolean splits = end < words.length() && Character.isHighSurrogate(words.charAt(end - 1));
        return words.substring(0, splits ? end - 1 : end);
    }

    /// The prediction's id is what the provider's support desk asks for.
    private static Received named(Prediction prediction, Received received) {
        Reply reply = received.reply();
        return received.with(new Reply(
                reply.status(),
                prediction.providerId(),
                reply.retryAfter(),
                null,
                reply.headroom(),
                null,
                reply.ofAnotherKey()));
    }

    private AttemptOutcome done(Ask ask, Prediction prediction, Received received) {
        JsonNode body = received.body();
        Optional<String> text = PlainAnswer.text(at(body, described.output()));
        if (text.isEmpty()) {
            return received.malformed("The prediction has nothing at " + described.output() + ".");
        }
        JsonNode model = at(body, described.model());
        PlainAnswer answer = new PlainAnswer(text.get(), "stop", model.isTextual() ? model.textValue() : ask.model());
        Usage usage = answer.usage(
                tokens,
                input(ask),
                PlainAnswer.tokens(at(body, described.inputTokens())),
                0,
                PlainAnswer.tokens(at(body, described.outputTokens())));
        Duration took = Duration.between(prediction.submittedAt(), clock.instant());
        return new Answered(new Answer(
                answer.completion(ask, clock.instant(), usage).toString(),
                usage,
                CleanText.of(answer.model()),
                took.isNegative() ? Duration.ZERO : took,
                received.reply()));
    }

    private JsonNode input(Ask ask) {
        try {
            return json.readTree(ask.input());
        } catch (IOException e) {
            throw new IllegalStateException("the input was read before the call was made", e);
        }
    }

    private AttemptOutcome failed(String what, Received received) {
        String said = CleanText.of(api.said(received.body()));
        String words = said.isEmpty() ? what + "." : what + ": " + said;
        @Nullable Failure meaning = api.meaning(received.body());
        return meaning == null
                ? new Broken(ErrorCode.PROVIDER_UNAVAILABLE, words, received.reply())
                : DescribedApi.outcome(meaning, words, received.reply());
    }

    private String words(Received received) {
        return received.words(api.said(received.body()));
    }
}
