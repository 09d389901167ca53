package dev.longshore.api.jobs;

import dev.longshore.api.catalogue.Catalogue;
import dev.longshore.api.catalogue.Choice;
import dev.longshore.api.catalogue.Model;
import dev.longshore.api.request.Faults;
import dev.longshore.problem.Problem;
import dev.longshore.problem.ProblemCode;
import dev.longshore.problem.Refusal;
import dev.longshore.settings.Capability;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Finds the model for a job, or says why there is none and which there are.
final class ModelCheck {
    /// Enough to go on with; the whole list is at `/v1/models`.
    private static final int MOST_NAMED = 20;

    private final Catalogue catalogue;

    ModelCheck(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    /// @param word what the caller calls the model
    /// @param needed what the operation asks of it
    /// @param replaceable whether the caller takes another one where this one is shut down
    /// @throws Refusal when no model can take the job
    Choice.Open open(String word, Capability needed, boolean replaceable, Instant now) {
        Choice.Open choice = switch (catalogue.choose(word, now)) {
            case Choice.Open open -> open;
            case Choice.Gone(var named) ->
                throw refusal(gone(named) + " and nothing has come after it.", Map.of(), needed, now);
            case Choice.Unknown() ->
                throw refusal("There is no model '" + Faults.shown(word) + "'.", Map.of(), needed, now);
        };
        if (choice.replaced() && !replaceable) {
            String successor = choice.model().name();
            throw refusal(
                    gone(choice.named()) + "; its successor is '" + successor
                            + "', which \"fallback\": false keeps out.",
                    Map.of("successor", successor),
                    needed,
                    now);
        }
        if (!choice.model().capabilities().contains(needed)) {
            throw Faults.of(
                    "/input/model",
                    "the model '" + choice.model().name() + "' cannot " + needed.word()
                            + "; name one that can, or use another operation");
        }
        return choice;
    }

    private static String gone(Model model) {
        return "The model '" + model.name() + "' was shut down on "
                + model.lifetime().shutdownAt();
    }

    private Refusal refusal(String why, Map<String, Object> more, Capability needed, Instant now) {
        List<String> able =
                catalogue.able(needed, now).stream().limit(MOST_NAMED).toList();
        Map<String, Object> details = new HashMap<>(more);
        details.put("models", able);
        String wayOut =
                able.isEmpty() ? "" : " Models that can " + needed.word() + ": " + String.join(", ", able) + ".";
        return new Refusal(new Problem(ProblemCode.UNKNOWN_MODEL, why + wayOut, "input.model", details, null));
    }
}
