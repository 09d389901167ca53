package dev.longshore.tokens;

import com.knuddels.jtokkit.api.EncodingType;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A way of cutting text into tokens that its maker has published.
enum Tokenizer {
    O200K_BASE(EncodingType.O200K_BASE, "gpt-4o", "chatgpt-4o", "gpt-4.1", "gpt-4.5", "gpt-5", "o1", "o3", "o4-mini"),
    CL100K_BASE(
            EncodingType.CL100K_BASE,
            "gpt-4",
            "gpt-3.5-turbo",
            // Azure's spelling.
            "gpt-35-turbo",
            "text-embedding-3-small",
            "text-embedding-3-large",
            "text-embedding-ada-002");

    private static final String FINE_TUNED = "ft:";

    private final EncodingType encoding;
    private final List<String> families;

    Tokenizer(EncodingType encoding, String... families) {
        this.encoding = encoding;
        this.families = List.of(families);
    }

    EncodingType encoding() {
        return encoding;
    }

    /// The name that its maker gave it.
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The one that a model is known to use; empty for the models of makers who have published none.
    ///
    /// @param model the provider's own name, with or without a maker (`openai/gpt-4o`) and a version
    static Optional<Tokenizer> of(String model) {
        String name = model.substring(model.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        if (name.startsWith(FINE_TUNED)) {
            int end = name.indexOf(':', FINE_TUNED.length());
            name = name.substring(FINE_TUNED.length(), end < 0 ? name.length() : end);
        }
        for (Tokenizer tokenizer : values()) {
            for (String family : tokenizer.families) {
                if (name.equals(family) || name.startsWith(family + "-")) {
                    return Optional.of(tokenizer);
                }
            }
        }
        return Optional.empty();
    }
}
