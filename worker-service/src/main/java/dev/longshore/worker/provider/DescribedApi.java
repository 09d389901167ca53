package dev.longshore.worker.provider;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.attempt.AttemptOutcome.Broken;
import dev.longshore.attempt.AttemptOutcome.Refused;
import dev.longshore.attempt.AttemptOutcome.Throttled;
import dev.longshore.attempt.ErrorCode;
import dev.longshore.attempt.Reply;
import dev.longshore.settings.Failure;
import dev.longshore.settings.FailureSettings;
import dev.longshore.settings.Pointer;
import dev.longshore.settings.UrlPath;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What an API is like that only its operator knows: how it takes its key, how its errors are read, and where in its
/// answers to look.
public final class DescribedApi {
    /// Where most APIs say what went wrong, the likeliest first.
    private static final List<JsonPointer> WORDS = List.of(
            JsonPointer.compile("/error/message"),
            JsonPointer.compile("/error"),
            JsonPointer.compile("/detail"),
            JsonPointer.compile("/message"),
            JsonPointer.compile("/title"));

    private static final int SUCCESSES = 2;
    private static final int HUNDRED = 100;
    private static final int FIRST_ERROR = 300;

    private final FailureSettings errors;
    private final @Nullable String keyHeader;

    public DescribedApi(FailureSettings errors, Optional<String> keyHeader) {
        this.errors = errors;
        this.keyHeader = keyHeader.orElse(null);
    }

    /// What a pointer finds; a missing node where there is nothing, or null, or no pointer.
    public static JsonNode at(JsonNode body, Optional<Pointer> pointer) {
        return pointer.map(place -> at(body, place)).orElseGet(MissingNode::getInstance);
    }

    /// What a pointer finds; a missing node where there is nothing, or null.
    public static JsonNode at(JsonNode body, Pointer pointer) {
        JsonNode found = body.at(JsonPointer.compile(pointer.text()));
        return found.isNull() ? MissingNode.getInstance() : found;
    }

    /// A path of the API behind its address.
    ///
    /// @param model the provider's own name of the model; slashes in it are part of the path
    /// @param id the provider's id of a prediction; empty where the path has none
    public static String path(UrlPath path, String model, String id) {
        return path.text()
                .replace(UrlPath.MODEL, encoded(model).replace("%2F", "/"))
                .replace(UrlPath.ID, encoded(id));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /// The headers that carry the API key.
    public Map<String, String> headers(@Nullable String key) {
        if (key == null) {
            return Map.of();
        }
        return keyHeader == null ? Map.of("authorization", "Bearer " + key) : Map.of(keyHeader, key);
    }

    /// Whether the API says that it did what it was asked: by its status, and by saying nothing of an error.
    public boolean isGood(Received received) {
        return received.status() / HUNDRED == SUCCESSES && !isSaid(at(received.body(), errors.when()));
    }

    private static boolean isSaid(JsonNode error) {
        boolean nothing = error.isMissingNode()
                || error.isBoolean() && !error.booleanValue()
                || error.isTextual() && error.textValue().isEmpty();
        return !nothing;
    }

    /// What an answer that is not good means: by the API's own code where the operator has said what it means, else
    /// by the status.
    public AttemptOutcome failure(Received received) {
        String words = received.words(said(received.body()));
        Failure meaning = meaning(received.body());
        if (meaning != null) {
            return outcome(meaning, words, received.reply());
        }
        return received.status() < FIRST_ERROR
                ? new Broken(ErrorCode.MALFORMED_RESPONSE, words, received.reply())
                : StatusMeaning.of(received.status(), words, received.reply());
    }

    /// What the code inside a body means; null when the operator has not said.
    public @Nullable Failure meaning(JsonNode body) {
        return errors.meanings().get(at(body, errors.code()).asText());
    }

    /// What a body says about what went wrong; empty when it says nothing.
    public String said(JsonNode body) {
        if (errors.message().isPresent()) {
            return text(at(body, errors.message()));
        }
        return WORDS.stream()
                .map(body::at)
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue)
                .findFirst()
                .orElse("");
    }

    private static String text(JsonNode said) {
        return said.isTextual() ? said.textValue() : said.isMissingNode() ? "" : said.toString();
    }

    /// A failure in the words of attempts.
    public static AttemptOutcome outcome(Failure failure, String words, Reply reply) {
        return switch (failure) {
            case INVALID_REQUEST -> new Refused(ErrorCode.INVALID_REQUEST, words, reply);
            case CONTEXT_LENGTH_EXCEEDED -> new Refused(ErrorCode.CONTEXT_LENGTH_EXCEEDED, words, reply);
            case UNSUPPORTED_INPUT -> new Refused(ErrorCode.UNSUPPORTED_INPUT, words, reply);
            case UNKNOWN_MODEL -> new Refused(ErrorCode.UNKNOWN_MODEL, words, reply);
            case AUTHENTICATION -> new Refused(ErrorCode.PROVIDER_AUTH_FAILED, words, reply);
            case CONTENT_POLICY -> new Refused(ErrorCode.CONTENT_FILTER_TRIGGERED, words, reply);
            case RATE_LIMITED -> new Throttled(ErrorCode.PROVIDER_RATE_LIMITED, words, reply);
            case QUOTA_EXHAUSTED -> new Throttled(ErrorCode.PROVIDER_QUOTA_EXHAUSTED, words, reply);
            case TRANSIENT -> new Broken(ErrorCode.PROVIDER_UNAVAILABLE, words, reply);
            case TIMEOUT -> new Broken(ErrorCode.MODEL_TIMEOUT, words, reply);
            case MALFORMED_RESPONSE -> new Broken(ErrorCode.MALFORMED_RESPONSE, words, reply);
        };
    }
}
