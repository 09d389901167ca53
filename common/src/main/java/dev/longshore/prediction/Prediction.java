package dev.longshore.prediction;

import dev.longshore.job.JobId;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One purchase of work that a provider gives later.
///
/// @param epoch the claim that buys it; later claims of the job wait for the same one
/// @param provider the provider's name in the operator's file
/// @param model the provider's own name of the model
/// @param keyNumber which of the provider's keys buys it, from 0 in the order of the operator's file
/// @param submittedAt when the provider was asked, on the database's clock
/// @param providerId the provider's id; null while it is not known whether the provider has taken it
/// @param callbackHash SHA-256 of the token by which the provider calls back; null when it does not
public record Prediction(
        JobId job,
        int epoch,
        String provider,
        String model,
        int keyNumber,
        Instant submittedAt,
        @Nullable String providerId,
        byte @Nullable [] callbackHash) {

    /// Whether it is asked of this model of this provider.
    public boolean isOf(String provider, String model) {
        return this.provider.equals(provider) && this.model.equals(model);
    }

    /// The same, taken by the provider.
    public Prediction bought(String id) {
        return new Prediction(job, epoch, provider, model, keyNumber, submittedAt, id, callbackHash);
    }

    /// The same, with a provider that calls back.
    public Prediction calledBackBy(byte[] tokenHash) {
        return new Prediction(job, epoch, provider, model, keyNumber, submittedAt, providerId, tokenHash);
    }

    /// The name of the purchase: the same however often it is tried, another for the next one.
    public String name() {
        return job + "-" + epoch;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Prediction that
                && name().equals(that.name())
                && isOf(that.provider, that.model)
                && keyNumber == that.keyNumber
                && submittedAt.equals(that.submittedAt)
                && Objects.equals(providerId, that.providerId)
                && Arrays.equals(callbackHash, that.callbackHash);
    }

    @Override
    public int hashCode() {
        return name().hashCode();
    }
}
