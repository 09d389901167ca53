package dev.longshore.simulator;

import dev.longshore.simulator.tongue.Answer;
import dev.longshore.simulator.tongue.Ask;
import dev.longshore.simulator.tongue.Author;
import dev.longshore.simulator.tongue.ChatAnswer;
import dev.longshore.simulator.tongue.Finish;
import dev.longshore.simulator.tongue.Json;
import dev.longshore.simulator.tongue.Vectors;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes up the answer of one call, as far as its fault leaves one.
record Composer(Behaviour behaviour, @Nullable Fault fault) implements Author {

    /// The length of a vector for which neither caller nor script asks for another.
    private static final int USUAL_DIMENSIONS = 256;

    private static final String DECLINED = "I'm sorry, but I can't help with that.";
    private static final int DECLINED_TOKENS = 10;
    private static final String FAILED = "The model failed while it was working on this.";

    static int inputTokens(Ask<?> ask, Behaviour behaviour) {
        return behaviour.inputTokens() == null
                ? Math.max(1, AnswerText.tokens(ask.characters()))
                : behaviour.inputTokens();
    }

    static <R extends Answer> R answer(Ask<R> ask, Part part) {
        return ask.answer(new Composer(part.behaviour(), part.fault()));
    }

    @Override
    public ChatAnswer chat(Ask.Chat ask) {
        return struck(ordinary(ask));
    }

    private ChatAnswer ordinary(Ask.Chat ask) {
        String tool = behaviour.tool() != null && ask.tools().contains(behaviour.tool()) ? behaviour.tool() : null;
        String text = tool == null ? text(ask) : arguments(ask);
        int tokens = behaviour.outputTokens() == null || tool != null
                ? AnswerText.tokens(text.length())
                : behaviour.outputTokens();
        int thoughtTokens = behaviour.thinkingTokens() == null ? 0 : behaviour.thinkingTokens();
        Finish finish = tool == null ? Finish.DONE : Finish.TOOL;
        if (tokens > ask.maxOutputTokens()) {
            tokens = ask.maxOutputTokens();
            text = AnswerText.cut(text, tokens * AnswerText.CHARACTERS_PER_TOKEN);
            finish = Finish.LENGTH;
        }
        int input = inputTokens(ask, behaviour);
        return new ChatAnswer(
                ask,
                name(ask),
                finish,
                text,
                finish == Finish.TOOL ? tool : null,
                thoughtTokens == 0 ? "" : AnswerText.ofTokens(thoughtTokens, ask.text(), ask.promptHash()),
                input,
                behaviour.cachedTokens() == null ? 0 : Math.min(input, behaviour.cachedTokens()),
                tokens + thoughtTokens,
                thoughtTokens);
    }

    private ChatAnswer struck(ChatAnswer answer) {
        if (fault == null) {
            return answer;
        }
        return switch (fault.kind()) {
            case EMPTY_CHOICES -> answer.finished(Finish.NOTHING, "", 0);
            case REFUSAL -> answer.finished(Finish.DECLINED, DECLINED, DECLINED_TOKENS);
            case CONTENT_FILTER -> answer.finished(Finish.WITHHELD, "", 0);
            case FAILED -> answer.finished(Finish.FAILED, fault.message() == null ? FAILED : fault.message(), 0);
            case HUGE -> {
                int tokens = (int) (fault.hugeBytes() / AnswerText.CHARACTERS_PER_TOKEN);
                yield answer.finished(Finish.DONE, HugeBody.MARK, tokens);
            }
            case STATUS,
                    RETRY_AFTER_MS,
                    QUOTA,
                    CONTEXT_LENGTH,
                    HANG,
                    HOLD,
                    ENDLESS,
                    HANG_AFTER_HEADERS,
                    RESET,
                    CLOSE,
                    BROKEN_STREAM,
                    MALFORMED,
                    TRUNCATED_JSON,
                    WRONG_CONTENT_LENGTH,
                    ERROR_IN_200,
                    SLOW -> answer;
        };
    }

    @Override
    public Vectors embed(Ask.Embedding ask) {
        int dimensions = ask.dimensions() > 0
                ? ask.dimensions()
                : behaviour.dimensions() == null ? USUAL_DIMENSIONS : behaviour.dimensions();
        FaultKind kind = fault == null ? null : fault.kind();
        List<float[]> vectors = kind == FaultKind.EMPTY_CHOICES
                ? List.of()
                : ask.inputs().stream()
                        .map(input -> Meaning.vector(Directives.strip(input), dimensions))
                        .toList();
        String model = kind == FaultKind.HUGE ? HugeBody.MARK : name(ask);
        return new Vectors(ask, model, vectors, inputTokens(ask, behaviour));
    }

    private String name(Ask<?> ask) {
        return behaviour.version() == null ? ask.model() : behaviour.version();
    }

    private String text(Ask.Chat ask) {
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

    /// What a tool is called with: the scripted answer, or the prompt.
    private String arguments(Ask.Chat ask) {
        return Json.asObject(behaviour.answer() == null ? Directives.strip(ask.text()) : behaviour.answer())
                .toString();
    }
}
