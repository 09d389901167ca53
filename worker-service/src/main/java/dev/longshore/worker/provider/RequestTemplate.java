package dev.longshore.worker.provider;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.settings.Template;
import dev.longshore.settings.Template.Node;
import dev.longshore.settings.Template.Piece;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;

/// Fills the operator's template of a request with what a job says. What the template has no place for is refused by
/// name, unless the operator wants it left out.
public final class RequestTemplate {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private static final List<String> STREAM = List.of("stream", "stream_options");

    private final Template template;
    private final Coverage coverage;

    /// @param leftOut fields of the input that may be dropped
    public RequestTemplate(Template template, Set<String> leftOut) {
        this.template = template;
        coverage = Coverage.of(template, leftOut);
    }

    /// @throws Inexpressible when the template has no place for a part of the input, or asks for one that is not there
    public JsonNode fill(Ask ask, ObjectNode input) throws Inexpressible {
        // Such an API answers at once; whoever asked for a stream gets it in one piece.
        input.remove(STREAM);
        coverage.check(input);
        return node(template.root(), ask, input);
    }

    /// @return a missing node for what is to be left out
    private static JsonNode node(Node node, Ask ask, ObjectNode input) throws Inexpressible {
        return switch (node) {
            case Node.Fixed(var literal) -> literal(literal);
            case Node.Text(var pieces) -> text(pieces, ask, input);
            case Node.Keys(var values) -> {
                ObjectNode object = NODES.objectNode();
                for (var entry : values.entrySet()) {
                    JsonNode value = node(entry.getValue(), ask, input);
                    if (!value.isMissingNode()) {
                        object.set(entry.getKey(), value);
                    }
                }
                yield object;
            }
            case Node.Items(var values) -> {
                ArrayNode array = NODES.arrayNode();
                for (Node under : values) {
                    JsonNode value = node(under, ask, input);
                    if (!value.isMissingNode()) {
                        array.add(value);
                    }
                }
                yield array;
            }
        };
    }

    private static JsonNode literal(String json) {
        return switch (json) {
            case "true" -> NODES.booleanNode(true);
            case "false" -> NODES.booleanNode(false);
            case "null" -> NODES.nullNode();
            default -> {
                BigDecimal number = new BigDecimal(json);
                // As it was written: 1 is no 1.0 to every API.
                yield json.chars().allMatch(letter -> letter == '-' || Character.isDigit(letter))
                        ? NODES.numberNode(number.toBigIntegerExact())
                        : NODES.numberNode(number);
            }
        };
    }

    private static JsonNode text(List<Piece> pieces, Ask ask, ObjectNode input) throws Inexpressible {
        if (pieces.size() == 1) {
            return piece(pieces.getFirst(), ask, input);
        }
        StringBuilder text = new StringBuilder();
        for (Piece piece : pieces) {
            JsonNode value = piece(piece, ask, input);
            text.append(value.isTextual() ? value.textValue() : value.isMissingNode() ? "" : value.toString());
        }
        return NODES.textNode(text.toString());
    }

    private static JsonNode piece(Piece piece, Ask ask, ObjectNode input) throws Inexpressible {
        return switch (piece) {
            case Piece.Words(var words) -> NODES.textNode(words);
            case Piece.Input(var pointer, var required) -> {
                JsonNode found = found(pointer.text(), input);
                if (required && (found.isMissingNode() || found.isNull())) {
                    throw new Inexpressible(
                            pointer.text(), "the provider's request is made of it, and it is not there.");
                }
                yield found.isNull() ? NODES.missingNode() : found;
            }
            case Piece.Prompt() -> NODES.textNode(ChatWords.prompt(input));
            case Piece.System() -> {
                String said = ChatWords.system(input);
                yield said.isEmpty() ? NODES.missingNode() : NODES.textNode(said);
            }
            case Piece.Model() -> NODES.textNode(ask.model());
            case Piece.MaxOutputTokens() -> maxOutputTokens(ask, input);
            case Piece.JobId() -> NODES.textNode(ask.jobId());
        };
    }

    private static JsonNode found(String pointer, ObjectNode input) {
        // Two names of one thing: whoever wrote the template need not know which one a caller uses.
        return Coverage.MOST_TOKENS.stream().map(name -> "/" + name).anyMatch(pointer::equals)
                ? askedTokens(input)
                : input.at(JsonPointer.compile(pointer));
    }

    private static JsonNode askedTokens(ObjectNode input) {
        for (String field : Coverage.MOST_TOKENS) {
            if (input.path(field).isIntegralNumber()) {
                return input.path(field);
            }
        }
        return NODES.missingNode();
    }

    private static JsonNode maxOutputTokens(Ask ask, ObjectNode input) {
        JsonNode asked = askedTokens(input);
        return asked.isMissingNode() ? NODES.numberNode(ask.maxOutputTokens()) : asked;
    }
}
