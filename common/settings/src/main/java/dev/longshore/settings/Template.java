package dev.longshore.settings;

import java.util.List;
import java.util.Map;

/// A request as some API wants it, with gaps for what a job says: `{prompt: "{{prompt}}", options: {max: 100}}`.
///
/// @param root the request
public record Template(Node root) {

    static final String EXPECTED = "the request as keys, a list or JSON, with placeholders such as {{prompt}}";

    /// A part of a request.
    public sealed interface Node {
        /// An object.
        record Keys(Map<String, Node> values) implements Node {}

        /// A list.
        record Items(List<Node> values) implements Node {}

        /// A number, `true`, `false` or `null`.
        record Fixed(String json) implements Node {}

        /// A text. One that is nothing but a gap becomes what fills the gap, be it text, number, list or object.
        record Text(List<Piece> pieces) implements Node {}
    }

    /// A part of a text.
    public sealed interface Piece {
        /// Plain words.
        record Words(String text) implements Piece {}

        /// A place of the job's input, and the whole of it where the pointer is `#`.
        ///
        /// @param required whether the job is refused when there is nothing; otherwise the key is left out
        record Input(Pointer pointer, boolean required) implements Piece {}

        /// The text of the user's last message.
        record Prompt() implements Piece {}

        /// The texts of the system messages; where there are none, the key is left out.
        record System() implements Piece {}

        /// The provider's own name of the model.
        record Model() implements Piece {}

        /// How many tokens the answer may have: as the job asks, else the model's `max-output-tokens`.
        record MaxOutputTokens() implements Piece {}

        /// The id of the job.
        record JobId() implements Piece {}
    }

    /// Reads a template: JSON, or one placeholder that stands for all of it.
    ///
    /// @throws WrongWithin if the text is none
    public static Template of(String text) {
        return TemplateReading.read(text);
    }
}
