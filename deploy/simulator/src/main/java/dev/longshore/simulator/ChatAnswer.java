package dev.longshore.simulator;

import org.jspecify.annotations.Nullable;

/// What a chat completion answers, before it is written as JSON or as events.
///
/// @param text null where the model declined
/// @param refusal the words of declining, null in most answers
/// @param withChoice whether there is a choice at all
record ChatAnswer(
        String model,
        @Nullable String text,
        @Nullable String refusal,
        String finishReason,
        boolean withChoice,
        int promptTokens,
        int cachedTokens,
        int completionTokens) {

    static ChatAnswer to(Ask.Chat ask, Part part) {
        Behaviour behaviour = part.behaviour();
        String text = text(ask, behaviour);
        int tokens = behaviour.outputTokens() == null ? AnswerText.tokens(text.length()) : behaviour.outputTokens();
        String finish = "stop";
        if (tokens > ask.maxOutputTokens()) {
            tokens = ask.maxOutputTokens();
            text = AnswerText.cut(text, tokens * AnswerText.CHARACTERS_PER_TOKEN);
            finish = "length";
        }
        String model = behaviour.version() == null ? ask.model() : behaviour.version();
        int input = inputTokens(ask, behaviour);
        int cached = behaviour.cachedTokens() == null ? 0 : Math.min(input, behaviour.cachedTokens());
        return new ChatAnswer(model, text, null, finish, true, input, cached, tokens).struckBy(part.fault());
    }

    static int inputTokens(Ask ask, Behaviour behaviour) {
        return behaviour.inputTokens() == null
                ? Math.max(1, AnswerText.tokens(ask.characters()))
                : behaviour.inputTokens();
    }

    private ChatAnswer struckBy(@Nullable Fault fault) {
        FaultKind kind = fault == null ? null : fault.kind();
        if (kind == FaultKind.EMPTY_CHOICES) {
            return new ChatAnswer(model, text, null, finishReason, false, promptTokens, cachedTokens, 0);
        }
        if (kind == FaultKind.REFUSAL) {
            String words = "I'm sorry, but I can't help with that.";
            return new ChatAnswer(model, null, words, "stop", true, promptTokens, cachedTokens, 10);
        }
        if (kind == FaultKind.CONTENT_FILTER) {
            return new ChatAnswer(model, "", null, "content_filter", true, promptTokens, cachedTokens, 0);
        }
        return this;
    }

    private static String text(Ask.Chat ask, Behaviour behaviour) {
        if (behaviour.answer() != null) {
            return behaviour.answer();
        }
        if (ask.json()) {
            StringBuilder json = new StringBuilder("{\"answer\":");
            return Json.quote(json, AnswerText.echo(ask.text(), ask.promptHash()))
                    .append('}')
                    .toString();
        }
        return behaviour.outputTokens() == null
                ? AnswerText.echo(ask.text(), ask.promptHash())
                : AnswerText.ofTokens(behaviour.outputTokens(), ask.text(), ask.promptHash());
    }
}
