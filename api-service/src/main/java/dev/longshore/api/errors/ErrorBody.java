package dev.longshore.api.errors;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.longshore.problem.Problem;
import java.util.Locale;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// The one error shape, a superset of OpenAI's.
@Schema(name = "Error")
public record ErrorBody(Fault error) {

    /// @param small whether the code is in small letters, as OpenAI's clients know it
    static ErrorBody of(Problem problem, String traceId, boolean small) {
        String code = problem.code().name();
        return new ErrorBody(new Fault(
                small ? code.toLowerCase(Locale.ROOT) : code,
                problem.code().type(),
                problem.message(),
                problem.param(),
                problem.details(),
                problem.code().retryable(),
                traceId));
    }

    /// What went wrong.
    @Schema(name = "ErrorDetail")
    public record Fault(
            @Schema(description = "stable; branch on this") String code,

            @Schema(description = "the coarse kind, in OpenAI's words")
            String type,

            @Schema(description = "for people") String message,

            @Schema(description = "the field it is about, as a dotted path") @Nullable
            String param,

            @Schema(description = "for programs; what stands here depends on the code")
            Map<String, Object> details,

            @Schema(description = "whether the same request may succeed later")
            boolean retryable,

            @Schema(description = "tell it to the operator") @JsonProperty("trace_id")
            String traceId) {}
}
