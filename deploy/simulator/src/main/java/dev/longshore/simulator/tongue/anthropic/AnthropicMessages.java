package dev.longshore.simulator.tongue.anthropic;

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

/// Messages.
record AnthropicMessages(House house) implements Tongue<ChatAnswer> {

    @Override
    public String route() {
        return "messages";
    }

    @Override
    public Ask<ChatAnswer> read(HttpServerRequest request, byte[] body) throws BadAsk {
        if (request.getHeader("anthropic-version") == null) {
            throw new BadAsk("anthropic-version: header is required");
        }
        return MessageReader.read(body);
    }

    @Override
    public Buffer whole(ChatAnswer answer, Stamp stamp) {
        return Json.write(new MessageJson(answer, stamp).whole());
    }

    @Override
    public Flow flow(ChatAnswer answer, Stamp stamp) {
        return new MessageEvents(answer, stamp).flow();
    }

    @Override
    public Set<Finish> tells() {
        return Set.of(Finish.WITHHELD);
    }

    @Override
    public Buffer interruption(Trouble trouble, Complaint complaint, Stamp stamp) {
        return Sse.named("error", house.write(trouble, complaint, stamp));
    }
}
