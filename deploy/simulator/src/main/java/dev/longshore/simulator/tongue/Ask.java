package dev.longshore.simulator.tongue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a caller asks for, as far as an answer depends on it.
///
/// @param <R> what it is answered with
public sealed interface Ask<R extends Answer> {

    /// The model asked.
    String model();

    /// The text that faults match and directives are read from: the last user message, or the inputs to embed.
    String text();

    /// Equal for equal prompts.
    long promptHash();

    /// All characters of the prompt, from which its tokens are estimated.
    int characters();

    /// Whether the answer is to come as a stream.
    default boolean stream() {
        return false;
    }

    /// Has it answered.
    R answer(Author author);

    /// A chat.
    ///
    /// @param includeUsage whether a stream is to tell its tokens, where the caller has a choice
    /// @param maxOutputTokens how much the caller will take
    /// @param json whether the caller wants JSON
    /// @param tools the tools that may be called now
    record Chat(
            String model,
            String text,
            long promptHash,
            int characters,
            boolean stream,
            boolean includeUsage,
            int maxOutputTokens,
            boolean json,
            Set<String> tools)
            implements Ask<ChatAnswer> {

        @Override
        public ChatAnswer answer(Author author) {
            return author.chat(this);
        }
    }

    /// Embeddings of some texts.
    ///
    /// @param base64 whether the numbers are wanted as Base64
    /// @param dimensions how many numbers each is to have, 0 if the caller does not say
    record Embedding(
            String model,
            String text,
            long promptHash,
            int characters,
            List<String> inputs,
            boolean base64,
            int dimensions)
            implements Ask<Vectors> {

        @Override
        public Vectors answer(Author author) {
            return author.embed(this);
        }
    }

    /// A chat whose answer is fetched later.
    ///
    /// @param address where predictions are asked for; they are fetched below it
    /// @param version as the caller named it, null if a model was named
    /// @param input as the caller sent it
    /// @param webhook whom to tell
    /// @param events of what to tell
    record Prediction(
            Chat chat,
            String address,
            @Nullable String version,
            JsonNode input,
            @Nullable String webhook,
            Set<String> events)
            implements Ask<Promise> {

        @Override
        public String model() {
            return chat.model();
        }

        @Override
        public String text() {
            return chat.text();
        }

        @Override
        public long promptHash() {
            return chat.promptHash();
        }

        @Override
        public int characters() {
            return chat.characters();
        }

        @Override
        public Promise answer(Author author) {
            return new Promise(this, author.chat(chat));
        }
    }
}
