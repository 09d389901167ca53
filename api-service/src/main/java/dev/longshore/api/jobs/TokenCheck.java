package dev.longshore.api.jobs;

import dev.longshore.api.request.Faults;
import dev.longshore.attempt.Usage;
import dev.longshore.money.Usd;
import dev.longshore.problem.Problem;
import dev.longshore.problem.ProblemCode;
import dev.longshore.problem.Refusal;
import dev.longshore.tokens.TokenCounter;
import java.util.Map;
import java.util.concurrent.Semaphore;

/// Counts the tokens of a request, and refuses what the model could not take or what would cost more
/// than the caller allows before any answer. Counting a large input takes seconds of processor time, so
/// only a few are counted at once.
final class TokenCheck {
    private static final int AT_ONCE = 2;

    private final TokenCounter counter;
    private final Semaphore places = new Semaphore(AT_ONCE);

    TokenCheck(TokenCounter counter) {
        this.counter = counter;
    }

    /// Blocks while it counts.
    ///
    /// @return the tokens of the whole input
    /// @throws Refusal when the input does not fit the model or the caller's bound
    int count(CheckedJob checked) {
        places.acquireUninterruptibly();
        try {
            TokenCounter own = counter.of(checked.model().version());
            int tokens = checked.embed() ? own.embeddings(checked.input()) : own.chat(checked.input());
            int longest = checked.embed() ? own.longestEmbedding(checked.input()) : tokens;
            checked.model().contextTokens().ifPresent(most -> {
                if (longest > most) {
                    throw tooLong(checked, longest, most);
                }
            });
            Usd maxCost = checked.maxCost();
            Usd inputCost = checked.model().price().of(new Usage(tokens, 0, 0));
            if (maxCost != null && inputCost.compareTo(maxCost) > 0) {
                throw Faults.of(
                        "/max_cost_usd",
                        "the input alone costs " + inputCost.dollars().toPlainString() + " US dollars");
            }
            return tokens;
        } finally {
            places.release();
        }
    }

    private static Refusal tooLong(CheckedJob checked, int tokens, int most) {
        return new Refusal(new Problem(
                ProblemCode.CONTEXT_LENGTH_EXCEEDED,
                "The input has " + tokens + " tokens; the model takes " + most + ".",
                checked.embed() ? "input.input" : "input.messages",
                Map.of("input_tokens", tokens, "max_tokens", most, "suggestion", "Shorten the input or split it."),
                null));
    }
}
