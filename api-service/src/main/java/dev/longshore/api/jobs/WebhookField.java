package dev.longshore.api.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.longshore.api.destinations.Destinations;
import dev.longshore.api.destinations.EventNames;
import dev.longshore.api.destinations.KnownEndpoints;
import dev.longshore.api.destinations.Receivers;
import dev.longshore.api.request.Faults;
import dev.longshore.api.request.Fields;
import dev.longshore.api.request.PublicId;
import dev.longshore.job.NewJob;
import dev.longshore.job.NewJob.Webhook;
import dev.longshore.problem.Refusal;
import dev.longshore.webhook.Clearance.Cleared;
import dev.longshore.webhook.Clearance.Refused;
import dev.longshore.webhook.Clearance.Unresolved;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// The field `webhook` of a request for a job: whom to tell of this job alone. It is read with the other fields, on
/// the event loop; whether the endpoint is there and the name leads to a good place is looked up afterwards.
final class WebhookField {
    private static final String POINTER = "/webhook";
    private static final String NO_ENDPOINT = "there is no such webhook endpoint";
    private static final Set<String> FIELDS = Set.of("url", "events", "endpoint_id");

    private final Destinations destinations;
    private final KnownEndpoints endpoints;

    WebhookField(Destinations destinations, KnownEndpoints endpoints) {
        this.destinations = destinations;
        this.endpoints = endpoints;
    }

    /// Reads the field, noting in `faults` what is wrong. Waits for nothing.
    ///
    /// @return null when there is none, or something is wrong
    @Nullable
    Webhook read(Fields fields, int tenantId, Faults faults) {
        JsonNode webhook = fields.object("webhook");
        if (webhook == null) {
            return null;
        }
        Fields inner = new Fields(webhook, POINTER, faults);
        inner.only(FIELDS);
        List<String> named = EventNames.read(inner, EventNames.OF_A_JOB);
        List<String> events = named == null ? EventNames.USUAL : named;
        String url = inner.text("url");
        String endpoint = inner.text("endpoint_id");
        if ((inner.get("url") == null) == (inner.get("endpoint_id") == null)) {
            faults.add(POINTER, "must name either a url or an endpoint_id");
            return null;
        }
        if (url != null) {
            return toUrl(inner, tenantId, url, events);
        }
        return endpoint == null ? null : toEndpoint(inner, endpoint, events);
    }

    private @Nullable Webhook toUrl(Fields inner, int tenantId, String url, List<String> events) {
        return switch (destinations.form(url)) {
            case Cleared(var read, var _) -> new Webhook(Receivers.of(tenantId, read), null, url, events);
            case Refused(var why) -> wrong(inner, "url", why);
            case Unresolved(var why) -> wrong(inner, "url", why);
        };
    }

    private static @Nullable Webhook toEndpoint(Fields inner, String id, List<String> events) {
        Optional<UUID> endpoint = PublicId.parse(PublicId.ENDPOINT, id);
        return endpoint.isPresent()
                ? new Webhook(endpoint.get(), endpoint.get(), null, events)
                : wrong(inner, "endpoint_id", NO_ENDPOINT);
    }

    private static @Nullable Webhook wrong(Fields fields, String name, String why) {
        fields.wrong(name, why);
        return null;
    }

    /// Looks up what [#read] could not know. Blocks.
    ///
    /// @throws Refusal when the endpoint is not the tenant's, or the URL leads where it must not
    void check(NewJob job) {
        Webhook webhook = job.webhook();
        if (webhook == null) {
            return;
        }
        try {
            if (webhook.endpointId() != null && !endpoints.has(job.tenantId(), webhook.endpointId())) {
                throw Faults.of(POINTER + "/endpoint_id", NO_ENDPOINT);
            }
            if (webhook.url() != null && destinations.addresses(webhook.url()) instanceof Refused(var why)) {
                throw Faults.of(POINTER + "/url", why);
            }
        } catch (SQLException e) {
            throw new CompletionException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CompletionException(e);
        }
    }
}
