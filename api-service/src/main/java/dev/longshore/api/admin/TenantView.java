package dev.longshore.api.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// A tenant as operators see it.
@Schema(name = "Tenant")
public record TenantView(
        @Schema(examples = "tenant_1") String id,
        String name,
        @JsonProperty("created_at") Instant createdAt) {
    static final String PREFIX = "tenant_";

    static TenantView of(Tenant tenant) {
        return new TenantView(PREFIX + tenant.id, tenant.name, tenant.createdAt);
    }
}
