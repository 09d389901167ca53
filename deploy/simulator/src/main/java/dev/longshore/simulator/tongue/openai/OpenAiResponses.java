package dev.longshore.simulator.tongue.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.simulator.tongue.Ask;
import dev.longshore.simulator.tongue.BadAsk;
import dev.longshore.simulator.tongue.ChatAnswer;
import dev.longshore.simulator.tongue.Complaint;
import dev.longshore.simulator.tongue.Finish;
import dev.longshore.simulator.tongue.Flow;
import dev.longshore.simulator.tongue.House;
import dev.longshore.simulator.tongue.Json;
import dev.longshore.simulator.tongue.Sse;
import dev.longshore.simulator.tongue.Stamp;
import dev.longshore.simulator.tongue.Tongue;
import dev.longshore.simulator.tongue.Trouble;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Set;

/// Responses, answered at once: neither stored nor made in the background.
record OpenAiResponses(House house) implements Tongue<ChatAnswer> {

    @Override
    public String route() {
        return "responses";
    }

    @Override
    public Ask<ChatAnswer> read(HttpServerRequest request, byte[] body) throws BadAsk {
        return ResponseReader.read(body);
    }

    @Override
    public Buffer whole(ChatAnswer answer, Stamp stamp) {
        return Json.write(new ResponseJson(answer, stamp).whole());
    }

    @Override
    public Flow flow(ChatAnswer answer, Stamp stamp) {
        return new ResponseEvents(answer, stamp).flow();
    }

    @Override
    public Set<Finish> tells() {
        return Set.of(Finish.WITHHELD, Finish.FAILED);
    }

    @Override
    public Buffer interruption(Trouble trouble, Complaint complaint, Stamp stamp) {
        ObjectNode error = Json.object().put("type", "error");
        error.put("code", complaint.code()).put("message", complaint.message());
        error.put("param", OpenAiErrors.param(trouble)).put("sequence_number", 0);
        return Sse.named("error", Json.write(error));
    }
}
