package dev.longshore.simulator.tongue.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.simulator.tongue.ChatAnswer;
import dev.longshore.simulator.tongue.Finish;
import dev.longshore.simulator.tongue.Json;
import dev.longshore.simulator.tongue.Stamp;

/// Writes an answer down as the object of the Responses API.
final class ResponseJson {

    private final ChatAnswer answer;
    private final Stamp stamp;

    ResponseJson(ChatAnswer answer, Stamp stamp) {
        this.answer = answer;
        this.stamp = stamp;
    }

    /// The object when all is done.
    ObjectNode whole() {
        ObjectNode response = open(status());
        response.put("completed_at", stamp.seconds());
        if (answer.finish() == Finish.FAILED) {
            response.putObject("error").put("code", "server_error").put("message", answer.text());
        }
        String reason = answer.finish() == Finish.LENGTH ? "max_output_tokens" : "content_filter";
        if (status().equals("incomplete")) {
            response.putObject("incomplete_details").put("reason", reason);
        }
        ArrayNode output = response.putArray("output");
        if (answer.thoughtTokens() > 0) {
            output.add(reasoning());
        }
        if (says()) {
            output.add(item("completed", true));
        }
        response.set("usage", usage());
        return response;
    }

    /// The object while there is nothing in it yet.
    ObjectNode open(String status) {
        ObjectNode response = Json.object().put("id", "resp_" + stamp.id()).put("object", "response");
        response.put("created_at", stamp.seconds()).put("status", status).put("background", false);
        response.putNull("error").putNull("incomplete_details").putNull("instructions");
        int most = answer.ask().maxOutputTokens();
        response.put("max_output_tokens", most == Integer.MAX_VALUE ? null : most);
        response.put("model", answer.model());
        response.putArray("output");
        response.put("parallel_tool_calls", true).putNull("previous_response_id");
        response.putObject("reasoning").putNull("effort").putNull("summary");
        response.put("service_tier", "default").put("store", false).put("temperature", 1.0);
        response.putObject("text").putObject("format").put("type", answer.ask().json() ? "json_object" : "text");
        response.put("tool_choice", "auto").putArray("tools");
        response.put("top_p", 1.0)
                .put("truncation", "disabled")
                .putNull("usage")
                .putNull("user");
        response.putObject("metadata");
        return response;
    }

    /// How it ends: `completed`, `incomplete` or `failed`.
    String status() {
        return switch (answer.finish()) {
            case DONE, TOOL, DECLINED, NOTHING -> "completed";
            case LENGTH, WITHHELD -> "incomplete";
            case FAILED -> "failed";
        };
    }

    /// Whether there is an item besides the thoughts.
    boolean says() {
        return switch (answer.finish()) {
            case DONE, TOOL, DECLINED, LENGTH -> true;
            case NOTHING, WITHHELD, FAILED -> false;
        };
    }

    ObjectNode reasoning() {
        ObjectNode item = Json.object().put("id", "rs_" + stamp.id()).put("type", "reasoning");
        item.putArray("summary");
        return item;
    }

    /// The message or the call of a tool.
    ObjectNode item(String status, boolean filled) {
        ObjectNode item = Json.object().put("id", itemId());
        if (answer.finish() == Finish.TOOL) {
            item.put("type", "function_call").put("status", status).put("call_id", "call_" + stamp.id());
            return item.put("name", answer.tool()).put("arguments", filled ? answer.text() : "");
        }
        item.put("type", "message").put("status", status).put("role", "assistant");
        ArrayNode content = item.putArray("content");
        if (filled) {
            content.add(part(true));
        }
        return item;
    }

    String itemId() {
        return (answer.finish() == Finish.TOOL ? "fc_" : "msg_") + stamp.id();
    }

    /// What a message consists of.
    ObjectNode part(boolean filled) {
        String text = filled ? answer.text() : "";
        if (answer.finish() == Finish.DECLINED) {
            return Json.object().put("type", "refusal").put("refusal", text);
        }
        ObjectNode part = Json.object().put("type", "output_text").put("text", text);
        part.putArray("annotations");
        part.putArray("logprobs");
        return part;
    }

    private ObjectNode usage() {
        ObjectNode usage = Json.object().put("input_tokens", answer.inputTokens());
        usage.putObject("input_tokens_details").put("cached_tokens", answer.cachedTokens());
        usage.put("output_tokens", answer.outputTokens());
        usage.putObject("output_tokens_details").put("reasoning_tokens", answer.thoughtTokens());
        return usage.put("total_tokens", answer.totalTokens());
    }
}
