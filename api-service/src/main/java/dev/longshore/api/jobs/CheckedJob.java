package dev.longshore.api.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.longshore.api.catalogue.Choice;
import dev.longshore.api.catalogue.Model;
import dev.longshore.job.NewJob;
import dev.longshore.money.Usd;
import org.jspecify.annotations.Nullable;

/// A request that is in order, but for what can only be known once its tokens are counted.
///
/// @param job what will be accepted
/// @param scheduled whether it is to start later
/// @param embed whether it is for the operation `embed`; otherwise it is for `chat`
/// @param choice the model for it, with what is to be said of the one that was named
/// @param input the parsed input of `job`
/// @param bytes the size of the whole request in UTF-8
/// @param maxCost what the caller would pay at most; null when it did not say
record CheckedJob(
        NewJob job,
        boolean scheduled,
        boolean embed,
        Choice.Open choice,
        JsonNode input,
        int bytes,
        @Nullable Usd maxCost)
        implements ReadJob {

    Model model() {
        return choice.model();
    }

    /// Whether the size alone proves that the input fits: a token has at least one byte.
    boolean fitsForSure() {
        return maxCost == null
                && (model().contextTokens().isEmpty()
                        || bytes <= model().contextTokens().getAsInt());
    }
}
