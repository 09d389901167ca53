package dev.longshore.simulator;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// The ways in which a call can go wrong. In JSON and in prompts a kind is its name in lower case.
public enum FaultKind {
    /// An HTTP status with an error body, `429` if no other is named.
    STATUS(true),
    /// A `429` that says when to come back in `retry-after-ms` only.
    RETRY_AFTER_MS(true),
    /// All that was paid for is used up: for OpenAI a `429` of the sort that no waiting mends.
    QUOTA(true),
    /// The prompt is longer than the context: for OpenAI a `400` with `context_length_exceeded`.
    CONTEXT_LENGTH(true),
    /// No answer at all; ends when the client leaves.
    HANG(true),
    /// No answer until {@link Simulator#release()}, then the ordinary one.
    HOLD(true),
    /// A prediction that stays `processing` until {@link Simulator#release()}; elsewhere the same as a hold.
    ENDLESS(true),
    /// The work was begun and fails: a prediction or a response whose status is `failed`; elsewhere status 500.
    FAILED(false),
    /// Status 200 and its headers, then silence.
    HANG_AFTER_HEADERS(false),
    /// The connection is reset (TCP RST) in place of an answer.
    RESET(true),
    /// The connection is closed in an orderly way in place of an answer.
    CLOSE(true),
    /// Half an answer, then the connection closes.
    BROKEN_STREAM(false),
    /// Status 200 with a body that is no JSON.
    MALFORMED(false),
    /// Status 200 with a body that is cut off, and a content length that agrees with the cut.
    TRUNCATED_JSON(false),
    /// A content length larger than what is sent before the connection closes.
    WRONG_CONTENT_LENGTH(false),
    /// Status 200 with an error object as its body.
    ERROR_IN_200(false),
    /// An answer with nothing in it: for OpenAI without a choice.
    EMPTY_CHOICES(false),
    /// The model declines: for OpenAI with a `refusal` in place of `content`.
    REFUSAL(false),
    /// A filter keeps the answer back, which for OpenAI is the `finish_reason` `content_filter`; with a status of its
    /// own, an error that says so.
    CONTENT_FILTER(false),
    /// An ordinary answer whose text is as long as `bytes` says.
    HUGE(false),
    /// An ordinary answer after `latency_ms`.
    SLOW(false);

    private final boolean atOnce;

    FaultKind(boolean atOnce) {
        this.atOnce = atOnce;
    }

    /// Whether the fault strikes on arrival, instead of after the latency of the model that it spoils.
    boolean atOnce() {
        return atOnce;
    }

    /// The name as scripts, prompts and the call log write it.
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The kind of that name; an unknown name is an [IllegalArgumentException].
    @JsonCreator
    public static FaultKind of(String word) {
        for (FaultKind kind : values()) {
            if (kind.word().equals(word)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("there is no fault called " + word);
    }
}
