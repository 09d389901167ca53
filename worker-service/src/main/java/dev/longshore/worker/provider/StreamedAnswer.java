package dev.longshore.worker.provider;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import org.jspecify.annotations.Nullable;

/// A streamed answer on its way: hands on what is said and keeps what makes up the whole.
final class StreamedAnswer implements HttpCaller.Pieces {
    private final SseParser parser = new SseParser();
    private final StreamReader reader;
    private final TokenSink tokens;

    /// Half a character that still waits for its other half.
    private String half = "";

    private boolean begun;
    private boolean said;
    private boolean makesSense = true;

    StreamedAnswer(StreamReader reader, TokenSink tokens) {
        this.reader = reader;
        this.tokens = tokens;
    }

    @Override
    public boolean take(byte[] piece) {
        try {
            for (SseEvent event : parser.feed(piece)) {
                handOn(reader.read(event));
                if (reader.isOver()) {
                    return false;
                }
                begun = true;
            }
            makesSense = parser.isValid();
        } catch (JsonProcessingException _) {
            makesSense = false;
        }
        return makesSense;
    }

    private void handOn(String text) {
        String all = half + text;
        boolean cut = !all.isEmpty() && Character.isHighSurrogate(all.charAt(all.length() - 1));
        String whole = cut ? all.substring(0, all.length() - 1) : all;
        half = cut ? all.substring(all.length() - 1) : "";
        if (!whole.isEmpty()) {
            said = true;
            tokens.token(whole);
        }
    }

    boolean makesSense() {
        return makesSense;
    }

    /// See [StreamReader#isOver].
    boolean isOver() {
        return reader.isOver();
    }

    /// See [StreamReader#whole].
    JsonNode whole() {
        return makesSense ? reader.whole() : MissingNode.getInstance();
    }

    /// See [StreamReader#heard]; null when the provider had not begun to answer.
    @Nullable
    Heard heard() {
        return begun ? reader.heard() : null;
    }

    void withdraw() {
        if (said) {
            tokens.withdrawn();
        }
    }
}
