package dev.longshore.simulator.tongue.replicate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.simulator.tongue.ChatAnswer;
import dev.longshore.simulator.tongue.Finish;
import dev.longshore.simulator.tongue.Json;
import dev.longshore.simulator.tongue.Promise;
import dev.longshore.simulator.tongue.Stamp;
import dev.longshore.simulator.tongue.replicate.Progress.State;
import java.time.Instant;

/// Writes a prediction down, at whatever point of its life.
public final class PredictionJson {

    private static final double MILLIS = 1_000;
    private static final int STEPS = 10;
    private static final String FLAGGED =
            "The output was flagged as sensitive. Please try again with different inputs. (E005)";

    private PredictionJson() {}

    /// The prediction as it is now.
    ///
    /// @param nowMs milliseconds since 1970
    public static ObjectNode of(Promise promise, Stamp stamp, Progress progress, long nowMs) {
        ChatAnswer answer = promise.answer();
        ObjectNode json =
                Json.object().put("id", stamp.id()).put("model", answer.ask().model());
        json.put("version", promise.ask().version()).set("input", promise.ask().input());
        double share = progress.share(nowMs);
        json.put("logs", progress.startedMs() == null ? "" : "step " + (int) (share * STEPS) + " of " + STEPS);
        boolean speaks = progress.state() == State.SUCCEEDED && answer.finish() != Finish.NOTHING;
        json.put("output", speaks ? answer.text() : null);
        json.put("error", progress.state() == State.FAILED ? error(answer) : null);
        json.put("status", progress.state().word());
        json.put("created_at", time(stamp.atMs())).put("data_removed", false);
        Long started = progress.startedMs();
        Long completed = progress.completedMs();
        json.put("started_at", started == null ? null : time(started));
        json.put("completed_at", completed == null ? null : time(completed));
        // Replicate has no such field for all models; each tells in its logs.
        ObjectNode metrics = json.putObject("metrics").put("progress", share);
        if (completed != null) {
            long from = started == null ? completed : started;
            metrics.put("predict_time", (completed - from) / MILLIS);
            metrics.put("total_time", (completed - stamp.atMs()) / MILLIS);
        }
        if (progress.state() == State.SUCCEEDED) {
            metrics.put("input_token_count", answer.inputTokens()).put("output_token_count", answer.outputTokens());
        }
        String address = promise.ask().address() + "/" + stamp.id();
        json.putObject("urls").put("get", address).put("cancel", address + "/cancel");
        return json;
    }

    private static String error(ChatAnswer answer) {
        return answer.finish() == Finish.WITHHELD ? FLAGGED : answer.text();
    }

    private static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }
}
