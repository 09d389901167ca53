package dev.longshore.cli.job;

import com.fasterxml.jackson.databind.JsonNode;

/// What a result says, for people: the text of a chat where there is one.
public final class ResultText {
    private ResultText() {}

    /// The text of a chat, the size of embeddings, or else the whole result; empty when there is none.
    public static String of(Job job) {
        JsonNode result = job.json().path("result");
        if (result.isMissingNode() || result.isNull()) {
            return "";
        }
        JsonNode message = result.at("/choices/0/message");
        if (message.isObject()) {
            return said(message);
        }
        if (result.at("/data/0/embedding").isContainerNode()) {
            return "%d vectors of %d numbers; --json has them"
                    .formatted(
                            result.path("data").size(),
                            result.at("/data/0/embedding").size());
        }
        return result.isTextual() ? result.textValue() : Json.indented(result);
    }

    private static String said(JsonNode message) {
        JsonNode content = message.path("content");
        StringBuilder text = new StringBuilder(content.isTextual() ? content.textValue() : "");
        for (JsonNode part : content) {
            text.append(part.path("text").asText(""));
        }
        if (text.isEmpty()) {
            text.append(message.path("refusal").asText(""));
        }
        for (JsonNode call : message.path("tool_calls")) {
            text.append(text.isEmpty() ? "" : "\n")
                    .append(call.at("/function/name").asText(""))
                    .append('(')
                    .append(call.at("/function/arguments").asText(""))
                    .append(')');
        }
        return text.toString();
    }
}
