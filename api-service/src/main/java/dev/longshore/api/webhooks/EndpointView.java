package dev.longshore.api.webhooks;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.longshore.api.request.PublicId;
import dev.longshore.webhook.SigningSecret;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// An endpoint as its owner sees it.
///
/// @param labelsFilter JSON, passed through as the database has it
/// @param secret in its written form; null but when it has just been made, as is the public key
@Schema(name = "WebhookEndpoint")
public record EndpointView(
        String id,
        String url,
        List<String> events,
        @Nullable String description,

        @JsonProperty("labels_filter") @JsonRawValue @Schema(type = SchemaType.OBJECT)
        String labelsFilter,

        @Schema(enumeration = {"enabled", "disabled"}) String status,

        @JsonProperty("disabled_reason") @Nullable String disabledReason,
        @JsonProperty("disabled_at") @Nullable Instant disabledAt,
        @JsonProperty("created_at") Instant createdAt,

        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Schema(description = "`whsec_` and base64; shown when it is made, and never again")
        @Nullable
        String secret,

        @JsonProperty("public_key")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Schema(description = "`whpk_` and base64: what `v1a` signatures are verified with; shown with the secret")
        @Nullable
        String publicKey) {

    static EndpointView of(WebhookEndpoint endpoint) {
        return of(endpoint, null, null);
    }

    /// With the secret that has just been made for it.
    static EndpointView of(WebhookEndpoint endpoint, SigningSecret secret) {
        return of(endpoint, secret.shared().reveal(), secret.pair().publicKey().toString());
    }

    private static EndpointView of(WebhookEndpoint endpoint, @Nullable String secret, @Nullable String publicKey) {
        return new EndpointView(
                PublicId.of(PublicId.ENDPOINT, endpoint.id),
                endpoint.url,
                List.of(endpoint.events),
                endpoint.description,
                endpoint.labelsFilter == null ? "{}" : endpoint.labelsFilter,
                endpoint.status,
                endpoint.disabledReason,
                endpoint.disabledAt,
                endpoint.createdAt,
                secret,
                publicKey);
    }
}
