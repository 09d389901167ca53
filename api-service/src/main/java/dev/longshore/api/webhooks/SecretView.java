package dev.longshore.api.webhooks;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.longshore.api.webhooks.Secrets.Kept;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// The tenant's own secret.
@Schema(name = "WebhookSecret")
record SecretView(
        @Schema(description = "`whsec_` and base64: what `v1` signatures are made with")
        String secret,

        @JsonProperty("public_key") @Schema(description = "`whpk_` and base64: what `v1a` signatures are verified with")
        String publicKey,

        @JsonProperty("created_at") Instant createdAt) {

    static SecretView of(Kept kept) {
        return new SecretView(
                kept.secret().shared().reveal(),
                kept.secret().pair().publicKey().toString(),
                kept.createdAt());
    }
}
