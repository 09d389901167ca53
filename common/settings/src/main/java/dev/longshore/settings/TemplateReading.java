package dev.longshore.settings;

import dev.longshore.settings.Template.Node;
import dev.longshore.settings.Template.Piece;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.regex.Pattern;

/// One reading of a template, which finds everything that is wrong with it.
final class TemplateReading {

    private static final String OPEN = "{{";
    private static final String CLOSE = "}}";
    private static final String INPUT = "input";
    private static final String OPTIONAL = "optional";

    private static final List<String> PLACEHOLDERS =
            List.of("prompt", "system", INPUT, OPTIONAL, "model", "max-output-tokens", "job-id");

    /// A number as JSON writes it.
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9]\\d{0,99})(\\.\\d{1,99})?([eE][+-]?\\d{1,3})?");

    private final List<WrongWithin.Fault> faults = new ArrayList<>();

    private TemplateReading() {}

    static Template read(String text) {
        var reading = new TemplateReading();
        var stripped = text.strip();
        Node root;
        if (stripped.startsWith(OPEN)) {
            root = reading.whole(stripped);
        } else {
            var parsed = OperatorFile.parse("request", stripped);
            parsed.complaints().forEach(complaint -> reading.wrong("", Template.EXPECTED, complaint.found()));
            root = reading.root(parsed.root());
        }
        if (!reading.faults.isEmpty()) {
            throw new WrongWithin(reading.faults);
        }
        return new Template(root);
    }

    /// Whether a value without quotation marks is no text in JSON.
    static boolean isLiteral(String text) {
        return text.equals("true") || text.equals("false") || text.equals("null") || isNumber(text);
    }

    private static boolean isNumber(String text) {
        return NUMBER.matcher(text).matches();
    }

    private Node whole(String text) {
        var pieces = pieces("", text);
        if (faults.isEmpty() && pieces.size() != 1) {
            wrong("", Template.EXPECTED, "a text");
        }
        return new Node.Text(pieces);
    }

    private Node root(OperatorFile.Value value) {
        if (faults.isEmpty()
                && !(value instanceof OperatorFile.Value.Keys || value instanceof OperatorFile.Value.Items)) {
            wrong("", Template.EXPECTED, "a single value");
        }
        return node("", value);
    }

    private Node node(String below, OperatorFile.Value value) {
        return switch (value) {
            case OperatorFile.Value.Keys(var values) -> {
                var nodes = new LinkedHashMap<String, Node>();
                values.forEach((key, under) -> nodes.put(key, node(below + "." + OperatorFile.child("", key), under)));
                yield new Node.Keys(nodes);
            }
            case OperatorFile.Value.Items(var values) -> {
                var nodes = new ArrayList<Node>();
                values.forEach(under -> nodes.add(node(below + "[" + nodes.size() + "]", under)));
                yield new Node.Items(nodes);
            }
            case OperatorFile.Value.Nothing() -> new Node.Fixed("null");
            case OperatorFile.Value.Text(var text, var plain) when plain && isLiteral(text) -> new Node.Fixed(text);
            case OperatorFile.Value.Text(var text, var _) -> new Node.Text(pieces(below, text));
        };
    }

    private List<Piece> pieces(String below, String text) {
        var pieces = new ArrayList<Piece>();
        var from = 0;
        for (var open = text.indexOf(OPEN); open >= 0; open = text.indexOf(OPEN, from)) {
            if (open > from) {
                pieces.add(new Piece.Words(text.substring(from, open)));
            }
            var close = text.indexOf(CLOSE, open);
            if (close < 0) {
                wrong(below, "}} behind each {{", text.substring(open));
                return pieces;
            }
            pieces.add(gap(below, text.substring(open + OPEN.length(), close).strip()));
            from = close + CLOSE.length();
        }
        if (from < text.length() || pieces.isEmpty()) {
            pieces.add(new Piece.Words(text.substring(from)));
        }
        return pieces;
    }

    private Piece gap(String below, String placeholder) {
        var colon = placeholder.indexOf(':');
        var name = colon < 0 ? placeholder : placeholder.substring(0, colon).strip();
        var pointer = colon < 0 ? null : placeholder.substring(colon + 1).strip();
        if (pointer != null && (name.equals(INPUT) || name.equals(OPTIONAL))) {
            try {
                return new Piece.Input(Pointer.of(pointer), name.equals(INPUT));
            } catch (IllegalArgumentException _) {
                wrong(below, Pointer.EXPECTED + ", in {{" + name + ":...}}", "{{" + placeholder + CLOSE);
            }
            return new Piece.Words("");
        }
        return switch (placeholder) {
            case INPUT -> new Piece.Input(new Pointer(""), true);
            case "prompt" -> new Piece.Prompt();
            case "system" -> new Piece.System();
            case "model" -> new Piece.Model();
            case "max-output-tokens" -> new Piece.MaxOutputTokens();
            case "job-id" -> new Piece.JobId();
            default -> {
                var near = Spelling.nearest(name, PLACEHOLDERS);
                wrong(
                        below,
                        "one of {{prompt}}, {{system}}, {{input}}, {{input:/pointer}}, {{optional:/pointer}}, {{model}},"
                                + " {{max-output-tokens}}, {{job-id}}",
                        "{{" + placeholder + CLOSE + (near == null ? "" : "; did you mean " + near + "?"));
                yield new Piece.Words("");
            }
        };
    }

    private void wrong(String below, String expected, String found) {
        faults.add(new WrongWithin.Fault(below, expected, found));
    }
}
