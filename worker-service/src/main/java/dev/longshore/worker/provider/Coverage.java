package dev.longshore.worker.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.settings.Template;
import dev.longshore.settings.Template.Node;
import dev.longshore.settings.Template.Piece;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Which fields of a job's input a template has a place for.
///
/// @param everything whether the whole input is sent
/// @param fields those at the top of the input
/// @param prompt whether the user's last message is sent
/// @param system whether the system messages are sent
record Coverage(boolean everything, Set<String> fields, boolean prompt, boolean system) {
    /// Where a caller says how long the answer may be: by today's name, then by yesterday's.
    static final List<String> MOST_TOKENS = List.of("max_completion_tokens", "max_tokens");

    private static final String MESSAGES = "messages";

    /// What a caller may say and what an API does anyhow that is not told otherwise.
    private static final Map<String, String> NOTHING_SAID = Map.of("n", "1", "encoding_format", "\"float\"");

    static Coverage of(Template template, Set<String> leftOut) {
        Set<Piece> pieces = new HashSet<>();
        collect(template.root(), pieces);
        Set<String> fields = new HashSet<>(leftOut);
        // The route has decided on it.
        fields.add("model");
        boolean everything = false;
        for (Piece piece : pieces) {
            if (piece instanceof Piece.MaxOutputTokens) {
                fields.addAll(MOST_TOKENS);
            } else if (piece instanceof Piece.Input(var pointer, var _)) {
                everything |= pointer.text().isEmpty();
                fields.add(top(pointer.text()));
            }
        }
        if (MOST_TOKENS.stream().anyMatch(fields::contains)) {
            fields.addAll(MOST_TOKENS);
        }
        return new Coverage(
                everything, fields, pieces.contains(new Piece.Prompt()), pieces.contains(new Piece.System()));
    }

    /// The first step of a pointer.
    private static String top(String pointer) {
        int end = pointer.indexOf('/', 1);
        String step = pointer.isEmpty() ? "" : pointer.substring(1, end < 0 ? pointer.length() : end);
        return step.replace("~1", "/").replace("~0", "~");
    }

    private static void collect(Node node, Set<Piece> pieces) {
        switch (node) {
            case Node.Keys(var values) -> values.values().forEach(value -> collect(value, pieces));
            case Node.Items(var values) -> values.forEach(value -> collect(value, pieces));
            case Node.Text(var more) -> pieces.addAll(more);
            case Node.Fixed _ -> {
                // No gap in it.
            }
        }
    }

    /// @throws Inexpressible when something is said that the template has no place for
    void check(ObjectNode input) throws Inexpressible {
        if (everything) {
            return;
        }
        for (Map.Entry<String, JsonNode> field : input.properties()) {
            String name = field.getKey();
            JsonNode value = field.getValue();
            if (fields.contains(name) || value.isNull() || value.toString().equals(NOTHING_SAID.get(name))) {
                continue;
            }
            if (!name.equals(MESSAGES) || !prompt && !system) {
                throw new Inexpressible(
                        "/" + name.replace("~", "~0").replace("/", "~1"),
                        "the provider's request, as the operator describes it, has no place for it.");
            }
            checkMessages(value);
        }
    }

    private void checkMessages(JsonNode messages) throws Inexpressible {
        int last = ChatWords.last(messages);
        for (int i = 0; i < messages.size(); i++) {
            boolean sent = ChatWords.isSystem(messages.get(i)) ? system : prompt && i == last;
            if (!sent) {
                throw new Inexpressible(
                        "/messages/" + i,
                        "the provider's request, as the operator describes it, has no place for this message.");
            }
        }
    }
}
