package dev.longshore.worker.provider.http;

import static dev.longshore.worker.provider.DescribedApi.at;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.attempt.AttemptOutcome.Refused;
import dev.longshore.attempt.ErrorCode;
import dev.longshore.attempt.Usage;
import dev.longshore.settings.HttpSettings;
import dev.longshore.settings.Pointer;
import dev.longshore.tokens.TokenCounter;
import dev.longshore.worker.provider.Ask;
import dev.longshore.worker.provider.PlainAnswer;
import dev.longshore.worker.provider.Received;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Reads a good answer where the operator's pointers say that it lies. One that points to nothing makes the answer
/// malformed where it is what was asked for; what only accompanies it is made up for, since the answer is paid for.
record HttpAnswers(
        HttpSettings.Chat.Response chat, HttpSettings.Embed.Response embed, TokenCounter tokens, InstantSource clock) {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private static final String FILTERED = "content_filter";

    private static final Set<String> FINISHES = Set.of("stop", "length", FILTERED);

    AttemptOutcome chat(Ask ask, JsonNode input, Received received) {
        JsonNode body = received.body();
        Optional<String> text = PlainAnswer.text(at(body, chat.text()));
        String finish = finish(at(body, chat.finishReason()));
        if (finish.equals(FILTERED) && text.orElse("").isEmpty()) {
            return new Refused(
                    ErrorCode.CONTENT_FILTER_TRIGGERED,
                    "The provider's content filter withheld the answer.",
                    received.reply());
        }
        if (text.isEmpty()) {
            return nothingAt(chat.text(), received);
        }
        PlainAnswer answer = new PlainAnswer(text.get(), finish, model(body, chat.model(), ask));
        Usage usage = answer.usage(
                tokens,
                input,
                PlainAnswer.tokens(at(body, chat.inputTokens())),
                PlainAnswer.tokens(at(body, chat.cachedInputTokens())),
                PlainAnswer.tokens(at(body, chat.outputTokens())));
        return received.answered(
                answer.completion(ask, clock.instant(), usage).toString(), usage, NODES.textNode(answer.model()));
    }

    private String finish(JsonNode said) {
        String word = said.asText();
        var meaning = chat.finishReasons().get(word);
        if (meaning != null) {
            return meaning.name().toLowerCase(Locale.ROOT);
        }
        return FINISHES.contains(word) ? word : "stop";
    }

    AttemptOutcome embeddings(Ask ask, JsonNode input, Received received) {
        JsonNode body = received.body();
        JsonNode found = at(body, embed.embeddings());
        if (found.isMissingNode()) {
            return nothingAt(embed.embeddings(), received);
        }
        List<JsonNode> vectors = vectors(found);
        int wanted = wanted(input.path("input"));
        if (vectors.size() != wanted) {
            return received.malformed("The provider's answer has no " + wanted + " vectors of numbers at "
                    + embed.embeddings().map(Pointer::toString).orElse("") + ".");
        }
        int told = PlainAnswer.tokens(at(body, embed.inputTokens()));
        int used = told >= 0 ? told : tokens.embeddings(input);
        ObjectNode list = NODES.objectNode().put("object", "list");
        ArrayNode data = list.putArray("data");
        for (int i = 0; i < vectors.size(); i++) {
            data.addObject().put("object", "embedding").put("index", i).set("embedding", vectors.get(i));
        }
        String model = model(body, embed.model(), ask);
        list.put("model", model);
        list.putObject("usage").put("prompt_tokens", used).put("total_tokens", used);
        return received.answered(list.toString(), new Usage(used, 0, 0), NODES.textNode(model));
    }

    /// How many texts there are to be turned into vectors: one may also be written as a list of tokens.
    private static int wanted(JsonNode input) {
        return input.isArray() && !input.path(0).isNumber() ? input.size() : 1;
    }

    /// @return empty when it is no list of numbers, and no list of such lists
    private static List<JsonNode> vectors(JsonNode found) {
        if (isVector(found)) {
            return List.of(found);
        }
        List<JsonNode> vectors = new ArrayList<>();
        for (JsonNode one : found) {
            if (!isVector(one)) {
                return List.of();
            }
            vectors.add(one);
        }
        return vectors;
    }

    private static boolean isVector(JsonNode list) {
        if (!list.isArray() || list.isEmpty()) {
            return false;
        }
        for (JsonNode number : list) {
            if (!number.isNumber()) {
                return false;
            }
        }
        return true;
    }

    private static String model(JsonNode body, Optional<Pointer> pointer, Ask ask) {
        JsonNode told = at(body, pointer);
        return told.isTextual() ? told.textValue() : ask.model();
    }

    private static AttemptOutcome nothingAt(Optional<Pointer> pointer, Received received) {
        return received.malformed("The provider's answer has nothing at "
                + pointer.map(Pointer::toString).orElse("its place") + ".");
    }
}
