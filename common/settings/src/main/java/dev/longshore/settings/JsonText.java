package dev.longshore.settings;

import java.util.Map;
import java.util.stream.Collectors;

/// Writes a part of a YAML file as JSON, so that it is one value for the framework's configuration.
final class JsonText {

    private static final int FIRST_PRINTABLE = 0x20;

    private JsonText() {}

    static String of(OperatorFile.Value value) {
        return switch (value) {
            case OperatorFile.Value.Keys(Map<String, OperatorFile.Value> values) ->
                values.entrySet().stream()
                        .map(entry -> quoted(entry.getKey()) + ":" + of(entry.getValue()))
                        .collect(Collectors.joining(",", "{", "}"));
            case OperatorFile.Value.Items(var values) ->
                values.stream().map(JsonText::of).collect(Collectors.joining(",", "[", "]"));
            case OperatorFile.Value.Nothing() -> "null";
            case OperatorFile.Value.Text(var text, var plain) ->
                plain && TemplateReading.isLiteral(text) ? text : quoted(text);
        };
    }

    private static String quoted(String text) {
        var quoted = new StringBuilder("\"");
        text.chars().forEach(unit -> {
            if (unit == '"' || unit == '\\') {
                quoted.append('\\').append((char) unit);
            } else if (unit < FIRST_PRINTABLE) {
                quoted.append("\\u%04x".formatted(unit));
            } else {
                quoted.append((char) unit);
            }
        });
        return quoted.append('"').toString();
    }
}
