package dev.longshore.simulator.tongue.openai;

import dev.longshore.simulator.tongue.Ask;
import dev.longshore.simulator.tongue.BadAsk;
import dev.longshore.simulator.tongue.ChatAnswer;
import dev.longshore.simulator.tongue.Finish;
import dev.longshore.simulator.tongue.Flow;
import dev.longshore.simulator.tongue.House;
import dev.longshore.simulator.tongue.Stamp;
import dev.longshore.simulator.tongue.Tongue;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Set;

/// Chat Completions.
record OpenAiChat(House house) implements Tongue<ChatAnswer> {

    @Override
    public String route() {
        return "chat";
    }

    @Override
    public Ask<ChatAnswer> read(HttpServerRequest request, byte[] body) throws BadAsk {
        return ChatReader.read(body);
    }

    @Override
    public Buffer whole(ChatAnswer answer, Stamp stamp) {
        return ChatJson.whole(answer, stamp);
    }

    @Override
    public Flow flow(ChatAnswer answer, Stamp stamp) {
        return ChatJson.flow(answer, stamp);
    }

    @Override
    public Set<Finish> tells() {
        return Set.of(Finish.WITHHELD);
    }
}
