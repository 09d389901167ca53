package dev.longshore.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The tongues in which a chat can be had, each with the request that asks for one and the places of its answer.
enum Tongues {
    CHAT("/v1/chat/completions", "/choices/0/message/content", "/usage/prompt_tokens", "/error/message"),
    RESPONSES("/v1/responses", "/output/0/content/0/text", "/usage/input_tokens", "/error/message"),
    MESSAGES("/v1/messages", "/content/0/text", "/usage/input_tokens", "/error/message"),
    CONTENTS(
            "/v1beta/models/%s:generateContent",
            "/candidates/0/content/parts/0/text", "/usageMetadata/promptTokenCount", "/error/message"),
    PLAIN("/plain/complete", "/output/text", "/output/tokens/in", "/fault/text");

    static final String MODEL = "sim-small";
    static final String KEY = "sk-paper-abcd";

    final String text;
    final String inputTokens;
    final String errorMessage;
    private final String path;

    Tongues(String path, String text, String inputTokens, String errorMessage) {
        this.path = path;
        this.text = text;
        this.inputTokens = inputTokens;
        this.errorMessage = errorMessage;
    }

    private String path(boolean stream) {
        String usual = path.formatted(MODEL);
        return this == CONTENTS && stream ? usual.replace(":generate", ":streamGenerate") + "?alt=sse" : usual;
    }

    private String body(String prompt, String more) {
        String text = Caller.quoted(prompt);
        String model = "\"model\":\"" + MODEL + "\",";
        return switch (this) {
            case CHAT -> "{" + model + "\"messages\":[{\"role\":\"user\",\"content\":" + text + "}]" + more + "}";
            case RESPONSES -> "{" + model + "\"input\":" + text + more + "}";
            case MESSAGES ->
                "{" + model + "\"max_tokens\":4096,\"messages\":[{\"role\":\"user\",\"content\":" + text + "}]" + more
                        + "}";
            case CONTENTS -> "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":" + text + "}]}]" + more + "}";
            case PLAIN -> "{" + model + "\"prompt\":" + text + more + "}";
        };
    }

    private Map<String, String> headers(String key) {
        return switch (this) {
            case CHAT, RESPONSES, PLAIN -> Map.of("authorization", "Bearer " + key);
            case MESSAGES -> Map.of("x-api-key", key, "anthropic-version", "2023-06-01");
            case CONTENTS -> Map.of("x-goog-api-key", key);
        };
    }

    HttpResponse<String> ask(Caller caller, String prompt) throws IOException, InterruptedException {
        return ask(caller, prompt, "");
    }

    /// @param more further members of the body, with a comma in front
    HttpResponse<String> ask(Caller caller, String prompt, String more) throws IOException, InterruptedException {
        return caller.send(request(caller, KEY, prompt, more, false));
    }

    HttpResponse<String> askWithKey(Caller caller, String key) throws IOException, InterruptedException {
        return caller.send(request(caller, key, "hello", "", false));
    }

    HttpRequest streamRequest(Caller caller, String prompt, String more) {
        return request(caller, KEY, prompt, (this == CONTENTS ? "" : ",\"stream\":true") + more, true);
    }

    /// The data of each event of a stream.
    List<JsonNode> stream(Caller caller, String prompt, String more) throws IOException, InterruptedException {
        return events(caller.send(streamRequest(caller, prompt, more)).body());
    }

    static List<JsonNode> events(String body) {
        List<JsonNode> events = new ArrayList<>();
        body.lines()
                .filter(line -> line.startsWith("data: ") && !line.equals("data: [DONE]"))
                .forEach(line -> events.add(Caller.json(line.substring("data: ".length()))));
        return events;
    }

    private HttpRequest request(Caller caller, String key, String prompt, String more, boolean stream) {
        HttpRequest.Builder request = caller.bare(path(stream));
        headers(key).forEach(request::header);
        return request.POST(HttpRequest.BodyPublishers.ofString(body(prompt, more)))
                .build();
    }

    /// What a whole stream ends with, and a broken one must not.
    String end() {
        return switch (this) {
            case CHAT -> "data: [DONE]";
            case RESPONSES -> "\"type\":\"response.completed\"";
            case MESSAGES -> "\"type\":\"message_stop\"";
            case CONTENTS -> "\"finishReason\":\"STOP\"";
            case PLAIN -> throw new IllegalStateException("it has no streams");
        };
    }

    /// The text that the events of a stream make.
    String joined(List<JsonNode> events) {
        StringBuilder text = new StringBuilder();
        for (JsonNode event : events) {
            text.append(
                    switch (this) {
                        case CHAT -> event.at("/choices/0/delta/content").asText("");
                        case RESPONSES ->
                            event.path("type").asText().equals("response.output_text.delta")
                                    ? event.path("delta").asText()
                                    : "";
                        case MESSAGES -> event.at("/delta/text").asText("");
                        case CONTENTS -> event.at(this.text).asText("");
                        case PLAIN -> "";
                    });
        }
        return text.toString();
    }
}
