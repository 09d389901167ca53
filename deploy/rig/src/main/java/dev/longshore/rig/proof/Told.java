package dev.longshore.rig.proof;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/// One question of the client and what it was told.
///
/// @param asked milliseconds since 1970, before the first byte was sent
/// @param answered milliseconds since 1970, after the last byte of the answer, or when it was given up
/// @param order the number of the order that it is about; -1 for none
/// @param tenant the number of the tenant
/// @param key the idempotency key
/// @param job the id that it was about, or that it was told
/// @param http the status of the answer; 0 when none came
/// @param status the job's status as it was told
/// @param code the code of an error
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Told(
        long asked,
        long answered,
        Deed deed,
        int order,
        int tenant,
        @Nullable String key,
        @Nullable String job,
        int http,
        @Nullable String status,
        @Nullable String code) {
    /// Whether the client knows nothing of what came of it.
    public boolean isUnanswered() {
        return http == 0 || http >= 500;
    }

    /// Whether a job was promised, or shown that had been promised.
    public boolean isPromise() {
        return deed == Deed.SUBMIT && (http == 202 || http == 200);
    }
}
