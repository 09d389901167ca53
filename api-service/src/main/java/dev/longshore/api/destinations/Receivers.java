package dev.longshore.api.destinations;

import dev.longshore.webhook.WebhookUrl;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/// Who is called together: an endpoint is a receiver of its own and lends it its id; URLs of single jobs share one for
/// each tenant, scheme, host and port, so that a server that is down is found to be so once.
public final class Receivers {
    private Receivers() {}

    /// The receiver behind a URL that came with a job. The same URL always has the same (RFC 9562, version 3).
    public static UUID of(int tenantId, WebhookUrl url) {
        return UUID.nameUUIDFromBytes((tenantId + ":" + url.origin()).getBytes(StandardCharsets.UTF_8));
    }
}
