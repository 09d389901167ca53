package dev.longshore.api.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// A key as operators see it.
@Schema(name = "ApiKey")
public record ApiKeyView(
        @Schema(examples = "key_019a9f3e5c7b7d01a2b3c4d5e6f70819")
        String id,

        @JsonProperty("tenant_id") String tenantId,
        String name,

        @Schema(description = "the key itself, only in the answer that made it") @Nullable
        String key,

        @Schema(description = "the key's last four characters")
        String hint,

        @Schema(description = "`jobs`, `admin`") List<String> scopes,
        @JsonProperty("created_at") Instant createdAt,
        @JsonProperty("expires_at") @Nullable Instant expiresAt,
        @JsonProperty("revoked_at") @Nullable Instant revokedAt) {
    static final String PREFIX = "key_";

    static ApiKeyView of(ApiKey key, @Nullable String secret) {
        return new ApiKeyView(
                PREFIX + key.id.toString().replace("-", ""),
                TenantView.PREFIX + key.tenantId,
                key.name,
                secret,
                key.hint,
                List.of(key.scopes),
                key.createdAt,
                key.expiresAt,
                key.revokedAt);
    }
}
