package dev.longshore.simulator;

import java.util.List;

/// What a caller asks for, as far as an answer depends on it.
sealed interface Ask {

    String model();

    /// The text that faults match and directives are read from: the last user message, or the inputs to embed.
    String text();

    long promptHash();

    /// All characters of the prompt, from which its tokens are estimated.
    int characters();

    /// A chat completion.
    ///
    /// @param maxOutputTokens how much the caller will take
    /// @param json whether the caller wants JSON
    record Chat(
            String model,
            String text,
            long promptHash,
            int characters,
            boolean stream,
            boolean includeUsage,
            int maxOutputTokens,
            boolean json)
            implements Ask {}

    /// Embeddings of some texts.
    ///
    /// @param dimensions how many numbers each is to have, 0 if the caller does not say
    record Embedding(
            String model,
            String text,
            long promptHash,
            int characters,
            List<String> inputs,
            boolean base64,
            int dimensions)
            implements Ask {}
}
