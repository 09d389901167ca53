package dev.longshore.tokens;

import com.fasterxml.jackson.databind.JsonNode;
import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Counts the tokens of an input: text as the model itself does where its tokenizer is published, and otherwise as
/// OpenAI's newer models do, which is an estimate. Images and tools are estimated for every model. Counting reads
/// everything, so it is done off the event loop, and only where the size in bytes leaves a doubt.
public final class TokenCounter {
    /// The [#method] of models whose tokenizer is not known.
    public static final String ESTIMATE = "estimate";

    /// What a chat message costs beside its text, and what the start of the answer costs.
    private static final int PER_MESSAGE = 4;

    private static final int PER_CHAT = 3;

    /// What an image costs at the least; the exact number depends on its size, which only the provider knows.
    private static final int PER_IMAGE = 85;

    /// Text is counted in pieces of this length, since the encoder's time and memory grow faster than a
    /// single piece. A cut adds one token at the most.
    private static final int PIECE = 32 * 1024;

    /// What a message's name costs beside its text.
    private static final int PER_NAME = 1;

    private final Map<Tokenizer, Supplier<Encoding>> encodings;
    private final Tokenizer tokenizer;
    private final String method;

    /// A counter for models of which nothing is known.
    public TokenCounter() {
        this(loadedWhenNeeded(), Tokenizer.O200K_BASE, ESTIMATE);
    }

    private TokenCounter(Map<Tokenizer, Supplier<Encoding>> encodings, Tokenizer tokenizer, String method) {
        this.encodings = encodings;
        this.tokenizer = tokenizer;
        this.method = method;
    }

    private static Map<Tokenizer, Supplier<Encoding>> loadedWhenNeeded() {
        Map<Tokenizer, Supplier<Encoding>> encodings = new EnumMap<>(Tokenizer.class);
        for (Tokenizer tokenizer : Tokenizer.values()) {
            // Loading one takes a second and tens of megabytes, and many installations never need it.
            encodings.put(
                    tokenizer,
                    new Once(() -> Encodings.newLazyEncodingRegistry().getEncoding(tokenizer.encoding())));
        }
        return encodings;
    }

    /// The counter for a model. It shares what this one has loaded.
    ///
    /// @param model the provider's own name for it
    public TokenCounter of(String model) {
        return Tokenizer.of(model)
                .map(known -> new TokenCounter(encodings, known, known.word()))
                .orElseGet(() -> new TokenCounter(encodings, Tokenizer.O200K_BASE, ESTIMATE));
    }

    /// How text is counted: the name of the model's own tokenizer, or [#ESTIMATE].
    public String method() {
        return method;
    }

    /// The tokens of the input of a chat: its messages and tools.
    public int chat(JsonNode input) {
        long tokens = PER_CHAT;
        for (JsonNode message : input.path("messages")) {
            tokens += PER_MESSAGE + texts(message);
        }
        if (input.has("tools")) {
            tokens += text(input.path("tools").toString());
        }
        return capped(tokens);
    }

    /// The tokens of what a model said in a chat: the text and tool calls of each choice.
    public int answer(JsonNode completion) {
        long tokens = 0;
        for (JsonNode choice : completion.path("choices")) {
            tokens += texts(choice.path("message"));
        }
        return capped(tokens);
    }

    /// The tokens of a text.
    public int plain(String text) {
        return capped(text(text));
    }

    /// The tokens of each text of an embeddings input, added up.
    public int embeddings(JsonNode input) {
        return capped(embedding(input.path("input"), false));
    }

    /// The tokens of the longest text of an embeddings input: each must fit by itself.
    public int longestEmbedding(JsonNode input) {
        return capped(embedding(input.path("input"), true));
    }

    private long embedding(JsonNode value, boolean longest) {
        if (!value.isArray()) {
            return text(value.asText());
        }
        if (value.path(0).isNumber()) {
            return value.size();
        }
        long result = 0;
        for (JsonNode item : value) {
            long tokens = item.isArray() ? item.size() : text(item.asText());
            result = longest ? Math.max(result, tokens) : result + tokens;
        }
        return result;
    }

    private long texts(JsonNode message) {
        long tokens = 0;
        JsonNode content = message.path("content");
        if (content.isTextual()) {
            tokens += text(content.asText());
        }
        for (JsonNode part : content) {
            tokens += part.path("type").asText().startsWith("image")
                    ? PER_IMAGE
                    : text(part.path("text").asText());
        }
        if (message.path("name").isTextual()) {
            tokens += PER_NAME + text(message.path("name").asText());
        }
        if (message.has("tool_calls")) {
            tokens += text(message.path("tool_calls").toString());
        }
        return tokens;
    }

    private long text(String text) {
        long tokens = 0;
        Supplier<Encoding> encoding = Objects.requireNonNull(encodings.get(tokenizer));
        for (int from = 0; from < text.length(); from += PIECE) {
            tokens += encoding.get().countTokensOrdinary(text.substring(from, Math.min(text.length(), from + PIECE)));
        }
        return tokens;
    }

    private static int capped(long tokens) {
        return (int) Math.min(tokens, Integer.MAX_VALUE);
    }

    private static final class Once implements Supplier<Encoding> {
        private final Supplier<Encoding> load;
        private volatile @Nullable Encoding loaded;

        Once(Supplier<Encoding> load) {
            this.load = load;
        }

        @Override
        public Encoding get() {
            Encoding there = loaded;
            if (there == null) {
                synchronized (this) {
                    there = loaded;
                    if (there == null) {
                        there = load.get();
                        loaded = there;
                    }
                }
            }
            return there;
        }
    }
}
