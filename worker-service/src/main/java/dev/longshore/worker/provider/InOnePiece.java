package dev.longshore.worker.provider;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.attempt.AttemptOutcome.Answered;
import dev.longshore.worker.provider.Ask.Operation;

/// What becomes of a chat that asks for a stream where the API has none: whoever listens hears all of the text at
/// once, when it is there.
public final class InOnePiece {
    private InOnePiece() {}

    public static void say(AttemptOutcome outcome, Ask ask, ObjectMapper json, TokenSink tokens) {
        if (tokens == TokenSink.NONE
                || ask.operation() != Operation.CHAT
                || !(outcome instanceof Answered(var answer))) {
            return;
        }
        try {
            String text = json.readTree(answer.result())
                    .at("/choices/0/message/content")
                    .asText("");
            if (!text.isEmpty() && Translation.asksForStream(json.readTree(ask.input()))) {
                tokens.token(text);
            }
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("both were read or written before", e);
        }
    }
}
